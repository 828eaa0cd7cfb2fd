#include "node/protocol/endpoints/grpc_address.hpp"

#include "node/protocol/endpoints/url.hpp"

namespace buri::protocol::endpoints {
namespace {

constexpr std::string_view kUnix = "unix://";

}  // namespace

std::string_view describe(GrpcAddressError error) {
  switch (error) {
    case GrpcAddressError::kMalformed:
      return "neither host:port nor http://host:port, https://host:port or unix:///path";
    case GrpcAddressError::kPlainNotLoopback:
      return "another machine needs https:// (or http://, if plain text is meant)";
    case GrpcAddressError::kTokenInPlain:
      return "a token would be sent to another machine in plain text; use https://";
  }
  return "unknown";
}

Result<GrpcAddress, GrpcAddressError> parse_grpc_address(std::string_view text, bool has_token) {
  if (text.starts_with(kUnix)) {
    const std::string_view path = text.substr(kUnix.size());
    if (!path.starts_with('/') || path.find('\0') != std::string_view::npos) {
      return Failure{GrpcAddressError::kMalformed};
    }
    return GrpcAddress{"unix:" + std::string(path), false};
  }
  const bool has_scheme = text.find("://") != std::string_view::npos;
  const auto url = parse_url(has_scheme ? std::string(text) : "http://" + std::string(text));
  if (!url.ok() || url->target != "/" || !url->authorization.empty()) {
    return Failure{GrpcAddressError::kMalformed};
  }
  if (!url->is_tls() && !url->is_loopback()) {
    if (!has_scheme) return Failure{GrpcAddressError::kPlainNotLoopback};
    if (has_token) return Failure{GrpcAddressError::kTokenInPlain};
  }
  return GrpcAddress{url->authority(), url->is_tls()};
}

}  // namespace buri::protocol::endpoints
