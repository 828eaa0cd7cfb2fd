#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/protocol/endpoints/caller.hpp"
#include "node/protocol/endpoints/grpc_address.hpp"
#include "node/protocol/endpoints/url.hpp"

/// Where the consensus layer gets outside facts from, as docs/consensus-endpoints.md describes it.
/// The keys of the table `custom` are those of heimdalld's app.toml, so that its file can be used
/// as it is; what only we know stands in the table `endpoints`.

namespace buri::protocol::endpoints {

/// Limits and trust of HTTPS and of gRPC with TLS.
struct Transport {
  std::uint64_t max_response_bytes = std::uint64_t{16} << 20;
  std::string tls_authority_file;  ///< PEM; empty: the system's authorities
  bool tls_verify = true;          ///< certificate and name of the server

  friend bool operator==(const Transport&, const Transport&) = default;
};

struct Settings {
  std::vector<Url> eth_rpc;  ///< in order of preference, at least one
  std::chrono::nanoseconds eth_rpc_timeout{std::chrono::seconds(5)};
  std::optional<std::uint64_t> eth_chain_id;

  std::vector<Url> bor_rpc;  ///< in order of preference, at least one
  std::chrono::nanoseconds bor_rpc_timeout{std::chrono::seconds(1)};
  bool bor_grpc_flag = false;
  std::vector<GrpcAddress> bor_grpc;  ///< empty unless bor_grpc_flag
  std::string bor_grpc_token;

  Transport transport;

  /// Whether Bor is asked at more than one place, which heimdalld refuses to a validator that
  /// produces blocks: its votes have to speak of its own Bor.
  [[nodiscard]] bool has_bor_failover() const {
    return bor_rpc.size() > 1 || (bor_grpc_flag && bor_grpc.size() > 1);
  }
};

/// The longest bor_rpc_timeout; longer ones are cut to it, as heimdalld does.
constexpr std::chrono::seconds kMaxBorRpcTimeout{3};

/// Reads the two tables of a TOML text in ASCII. The error names line and key, never a value. Keys
/// of `custom` that are not about endpoints are skipped, those of `endpoints` must be known.
Result<Settings, std::string> read_settings(std::string_view toml);

/// Reads a duration as Go prints it: "1s", "500ms", "1m30s", "1.5s"; units h, m, s, ms, us, ns.
/// Nothing on any other text, on a negative one and beyond about 290 years.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// What a call over `count` endpoints may take if each has `timeout`: three of them one after the
/// other.
CallTimes call_times(std::chrono::nanoseconds timeout, std::size_t count);

}  // namespace buri::protocol::endpoints
