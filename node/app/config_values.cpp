#include "node/app/config_values.hpp"

#include <algorithm>
#include <charconv>

#include "base/hex.hpp"
#include "base/host_name.hpp"
#include "node/protocol/endpoints/grpc_address.hpp"
#include "node/protocol/endpoints/url.hpp"

namespace buri::app {
namespace {

constexpr std::size_t kPublicKeyDigits = 130;

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// Host and port of "HOST:PORT"; an IPv6 host has brackets.
struct HostPort {
  std::string_view host;
  std::uint16_t port = 0;
};

std::optional<HostPort> split_host_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  HostPort parts{text.substr(0, colon)};
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), parts.port);
  if (error != std::errc{} || end != digits.end()) return std::nullopt;
  const bool has_brackets = parts.host.starts_with('[') && parts.host.ends_with(']');
  if (has_brackets) parts.host = parts.host.substr(1, parts.host.size() - 2);
  if (parts.host.empty() || has_brackets != (parts.host.find(':') != std::string_view::npos))
    return std::nullopt;
  return parts;
}

}  // namespace

std::string ListenAddress::to_text() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<ListenAddress> ListenAddress::from_text(std::string_view text) {
  constexpr std::string_view kScheme = "tcp://";
  if (text.starts_with(kScheme)) text.remove_prefix(kScheme.size());
  const auto parts = split_host_port(text);
  if (!parts || !consensus::p2p::IpAddress::from_text(parts->host)) return std::nullopt;
  return ListenAddress{std::string(parts->host), parts->port};
}

std::string home_path(const std::string& home, const std::string& path) {
  return path.starts_with('/') ? path : home + "/" + path;
}

ConfigTextRule any_text() { return {"a text of printable ASCII", is_printable}; }

ConfigTextRule path_text() {
  return {"a path", [](std::string_view text) { return !text.empty() && is_printable(text); }};
}

ConfigTextRule optional_path_text() { return {"a path, or nothing", is_printable}; }

ConfigTextRule listen_text() {
  return {"a numeric address with port such as \"127.0.0.1:26657\", or nothing",
          [](std::string_view text) {
            return text.empty() || ListenAddress::from_text(text).has_value();
          }};
}

ConfigTextRule external_address_text() {
  return {"host and port such as \"203.0.113.7:26656\", or nothing", [](std::string_view text) {
            if (text.empty()) return true;
            const auto parts = split_host_port(text);
            return parts && parts->port != 0 &&
                   (is_host_name(parts->host) ||
                    consensus::p2p::IpAddress::from_text(parts->host).has_value());
          }};
}

ConfigTextRule peer_text() {
  return {"a peer as ID@HOST:PORT, the id 40 lower-case hex digits",
          [](std::string_view text) { return consensus::p2p::parse_peer_address(text).ok(); }};
}

ConfigTextRule node_id_text() {
  return {"a node id, 40 lower-case hex digits",
          [](std::string_view text) { return consensus::p2p::parse_node_id(text).has_value(); }};
}

ConfigTextRule public_key_text() {
  return {"the validator's public key, 130 hex digits beginning with 04, or nothing",
          [](std::string_view text) {
            return text.empty() || (text.size() == kPublicKeyDigits && text.starts_with("04") &&
                                    from_hex(text).has_value());
          }};
}

ConfigTextRule url_text() {
  return {"an address beginning with http:// or https://",
          [](std::string_view text) { return protocol::endpoints::parse_url(text).ok(); }};
}

ConfigTextRule grpc_address_text() {
  return {"HOST:PORT of this machine, http://HOST:PORT, https://HOST:PORT or unix:///PATH",
          [](std::string_view text) {
            return protocol::endpoints::parse_grpc_address(text, false).ok();
          }};
}

ConfigTextRule log_level_text() {
  return {"debug, info, warning, error or off",
          [](std::string_view text) { return log_level_from_name(text).has_value(); }};
}

ConfigTextRule metrics_name_text() {
  return {"letters, digits and underscores, beginning with a letter", [](std::string_view text) {
            const auto is_letter = [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            };
            return !text.empty() && is_letter(text.front()) &&
                   std::ranges::all_of(text, [&](char c) {
                     return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
                   });
          }};
}

std::string_view log_level_name(LogLevel level) {
  for (const std::string_view name : {"debug", "info", "warning", "error"}) {
    if (log_level_from_name(name) == level) return name;
  }
  return "off";
}

}  // namespace buri::app
