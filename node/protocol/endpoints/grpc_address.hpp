#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// Addresses of Bor's gRPC servers, under the rules of heimdalld (x/bor/grpc/client.go): plain text
/// leaves this machine only if the operator writes http://, and a token never in plain text.

namespace buri::protocol::endpoints {

enum class GrpcAddressError : std::uint8_t {
  kMalformed,         ///< no host, no port, or a scheme other than http, https and unix
  kPlainNotLoopback,  ///< host:port without a scheme that is not this machine
  kTokenInPlain,      ///< a token would cross the network readable
};

/// What the error means, for people; never the address at fault.
std::string_view describe(GrpcAddressError error);

struct GrpcAddress {
  std::string target;  ///< as gRPC takes it: "host:port" or "unix:/path"
  bool is_tls = false;

  friend bool operator==(const GrpcAddress&, const GrpcAddress&) = default;
};

/// Reads "host:port", "http://host:port", "https://host:port" or "unix:///path"; `has_token` tells
/// whether calls will carry one. User names and paths behind the port are refused.
Result<GrpcAddress, GrpcAddressError> parse_grpc_address(std::string_view text, bool has_token);

}  // namespace buri::protocol::endpoints
