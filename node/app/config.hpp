#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "node/consensus/p2p/net_address.hpp"

/// How a node is set up: the file config/buri.toml of a home (config.toml is stock's), section by
/// section. What each setting means to an operator and its bounds stand in config_fields.cpp, the
/// one list from which the file is read, printed and explained (docs/configuration.md). Defaults
/// are those that Polygon ships for heimdalld, except where config_fields.cpp says why not.

namespace buri::app {

/// A socket of this machine, as operators write it: "127.0.0.1:26657", "[::1]:26657".
struct ListenAddress {
  std::string host;  ///< a numeric address, IPv6 without brackets
  std::uint16_t port = 0;

  /// As it is written.
  [[nodiscard]] std::string to_text() const;
  /// Reads HOST:PORT, with or without "tcp://" before it; nothing for anything else.
  static std::optional<ListenAddress> from_text(std::string_view text);

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// [chain]: which chain. Paths here and below are relative to the home unless they begin with '/'.
struct ChainConfig {
  std::string genesis_file = "config/genesis.json";
  /// Heights of rule changes of a private chain; empty: those of Polygon's chain of that name.
  std::string forks_file;

  friend bool operator==(const ChainConfig&, const ChainConfig&) = default;
};

/// [files]: where a node keeps what it holds.
struct FilesConfig {
  std::string data_directory = "data";  ///< databases and the log of consensus
  std::string node_key_file = "config/node_key.json";
  std::string address_book_file = "config/addrbook.json";

  friend bool operator==(const FilesConfig&, const FilesConfig&) = default;
};

/// [p2p]: peers and how much of this machine they may take.
struct P2pConfig {
  std::string moniker = "buri";
  std::optional<ListenAddress> listen = ListenAddress{"0.0.0.0", 26656};
  std::string external_address;  ///< HOST:PORT told to peers; empty: the one that is listened on
  std::vector<consensus::p2p::PeerAddress> seeds;
  std::vector<consensus::p2p::PeerAddress> persistent_peers;
  std::vector<consensus::p2p::NodeId> unconditional_peer_ids;
  std::vector<consensus::p2p::NodeId> private_peer_ids;
  std::int64_t max_inbound_peers = 100;
  std::int64_t max_outbound_peers = 100;
  bool peer_exchange = true;
  bool seed_mode = false;
  bool allow_duplicate_ip = false;
  bool strict_addresses = true;
  std::chrono::seconds persistent_max_dial_period{600};
  std::chrono::milliseconds dial_timeout{3'000};
  std::chrono::milliseconds handshake_timeout{20'000};
  std::chrono::milliseconds send_timeout{10'000};
  std::int64_t send_rate_bytes_per_s = 5'120'000;
  std::int64_t receive_rate_bytes_per_s = 5'120'000;
  std::int64_t max_handshakes = 128;
  std::int64_t max_handshakes_per_ip = 8;
  std::int64_t max_unprocessed_bytes_per_peer = std::int64_t{4} << 20;
  std::int64_t max_held_bytes = std::int64_t{1} << 30;

  friend bool operator==(const P2pConfig&, const P2pConfig&) = default;
};

/// [consensus]: how long a round waits, and its log. The delta is added once per round after the
/// first.
struct ConsensusConfig {
  std::chrono::milliseconds propose_timeout{1'000};
  std::chrono::milliseconds propose_timeout_delta{200};
  std::chrono::milliseconds prevote_timeout{1'000};
  std::chrono::milliseconds prevote_timeout_delta{200};
  std::chrono::milliseconds precommit_timeout{1'000};
  std::chrono::milliseconds precommit_timeout_delta{200};
  std::chrono::milliseconds commit_timeout{500};
  bool skip_commit_timeout = false;
  std::chrono::milliseconds gossip_interval{25};
  std::chrono::milliseconds majority_query_interval{200};
  std::int64_t double_sign_check_heights = 0;
  std::chrono::milliseconds block_time_tolerance{60'000};
  std::int64_t log_max_file_bytes = std::int64_t{10} << 20;
  std::int64_t log_max_total_bytes = std::int64_t{1} << 30;

  friend bool operator==(const ConsensusConfig&, const ConsensusConfig&) = default;
};

/// [mempool]: transactions that wait for a block.
struct MempoolConfig {
  std::int64_t max_transactions = 5'000;
  std::int64_t max_bytes = std::int64_t{1} << 30;
  std::int64_t max_transaction_bytes = std::int64_t{1} << 20;
  std::int64_t cache_transactions = 10'000;
  bool recheck = true;
  std::chrono::milliseconds recheck_timeout{1'000};
  bool keep_invalid_in_cache = false;
  bool broadcast = true;

  friend bool operator==(const MempoolConfig&, const MempoolConfig&) = default;
};

/// [block_sync]: catching up by whole blocks.
struct BlockSyncConfig {
  bool enabled = true;
  std::int64_t window_blocks = 256;  ///< asked for ahead and verified in one batch
  std::chrono::milliseconds request_timeout{15'000};
  std::int64_t resume_lag_heights = 100;  ///< a node behind by this leaves consensus to catch up

  friend bool operator==(const BlockSyncConfig&, const BlockSyncConfig&) = default;
};

/// [storage]: how much history stays, and the databases' memory.
struct StorageConfig {
  std::int64_t keep_state_heights = 0;  ///< versions of the application's state; 0: all
  std::int64_t keep_blocks = 0;         ///< 0: all
  std::int64_t prune_interval_heights = 1'000;
  std::int64_t cache_bytes = std::int64_t{256} << 20;
  std::int64_t max_open_files = 512;

  friend bool operator==(const StorageConfig&, const StorageConfig&) = default;
};

/// [signer]: who signs. Without a socket and without a file the node is a mere observer.
struct SignerConfig {
  std::string socket;      ///< of buri-signer, for the purposes of consensus
  std::string public_key;  ///< the validator's, hex beginning with 04: what the signer must prove
  std::chrono::milliseconds timeout{2'000};  ///< for one signature, reconnecting included
  /// A file in the form of stock's priv_validator_key.json, on a chain whose money is worthless.
  std::string insecure_development_key_file;

  [[nodiscard]] bool is_observer() const {
    return socket.empty() && insecure_development_key_file.empty();
  }
  friend bool operator==(const SignerConfig&, const SignerConfig&) = default;
};

/// [endpoints]: where facts of both other chains come from (docs/consensus-endpoints.md). The
/// addresses may hold secrets: they belong into no log.
struct EndpointsConfig {
  std::vector<std::string> eth_rpc_urls{"http://localhost:9545"};
  std::chrono::milliseconds eth_rpc_timeout{5'000};
  std::int64_t eth_chain_id = 0;  ///< 0: the first endpoint is believed
  std::vector<std::string> bor_rpc_urls{"http://localhost:8545"};
  std::chrono::milliseconds bor_rpc_timeout{1'000};
  bool bor_grpc = false;
  std::vector<std::string> bor_grpc_urls{"localhost:3131"};
  std::string bor_grpc_token;
  std::int64_t max_response_bytes = std::int64_t{16} << 20;
  std::string tls_authority_file;
  bool tls_verify = true;

  friend bool operator==(const EndpointsConfig&, const EndpointsConfig&) = default;
};

/// [rpc]: CometBFT's JSON-RPC, URIs and WebSocket.
struct RpcConfig {
  std::optional<ListenAddress> listen = ListenAddress{"127.0.0.1", 26657};
  std::int64_t max_connections = 900;
  std::int64_t max_connections_per_ip = 256;
  std::int64_t max_body_bytes = 1'000'000;
  std::int64_t max_header_bytes = std::int64_t{1} << 20;
  std::int64_t max_batch_requests = 10;
  std::int64_t max_subscription_clients = 100;
  std::int64_t max_subscriptions_per_client = 5;
  std::int64_t subscription_buffer_events = 200;
  std::chrono::milliseconds broadcast_commit_timeout{10'000};
  std::vector<std::string> cors_allowed_origins;
  bool unsafe_commands = false;

  friend bool operator==(const RpcConfig&, const RpcConfig&) = default;
};

/// [rest]: Heimdall's REST gateway.
struct RestConfig {
  std::optional<ListenAddress> listen = ListenAddress{"127.0.0.1", 1317};
  std::int64_t max_connections = 1'000;
  std::int64_t max_body_bytes = 1'000'000;
  std::chrono::milliseconds read_timeout{10'000};
  std::chrono::milliseconds write_timeout{30'000};
  bool cors_any_origin = false;

  friend bool operator==(const RestConfig&, const RestConfig&) = default;
};

/// [grpc]: Heimdall's gRPC services.
struct GrpcConfig {
  std::optional<ListenAddress> listen = ListenAddress{"127.0.0.1", 9090};
  std::int64_t max_receive_bytes = std::int64_t{10} << 20;
  std::int64_t max_send_bytes = 2'147'483'647;

  friend bool operator==(const GrpcConfig&, const GrpcConfig&) = default;
};

/// [metrics]: figures for Prometheus.
struct MetricsConfig {
  std::optional<ListenAddress> listen = ListenAddress{"127.0.0.1", 26660};
  std::int64_t max_connections = 3;
  std::string name_space = "cometbft";  ///< key `namespace`: begins the name of every figure

  friend bool operator==(const MetricsConfig&, const MetricsConfig&) = default;
};

/// [log]: to standard error, which journald reads.
struct LogConfig {
  LogLevel level = LogLevel::kInfo;

  friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

/// [accel]: the batch engine (accel/engine_options.hpp).
struct AccelConfig {
  std::vector<std::string> backends;  ///< that may be used; empty: all that this machine has
  std::int64_t worker_threads = 0;    ///< 0: one per CPU

  friend bool operator==(const AccelConfig&, const AccelConfig&) = default;
};

/// A node's whole configuration. A value-initialised one has the documented defaults.
struct Config {
  ChainConfig chain;
  FilesConfig files;
  P2pConfig p2p;
  ConsensusConfig consensus;
  MempoolConfig mempool;
  BlockSyncConfig block_sync;
  StorageConfig storage;
  SignerConfig signer;
  EndpointsConfig endpoints;
  RpcConfig rpc;
  RestConfig rest;
  GrpcConfig grpc;
  MetricsConfig metrics;
  LogConfig log;
  AccelConfig accel;

  friend bool operator==(const Config&, const Config&) = default;
};

/// `path` as a setting names it, seen from `home`.
std::string home_path(const std::string& home, const std::string& path);

/// Where a home's configuration stands.
inline constexpr std::string_view kConfigFile = "config/buri.toml";

}  // namespace buri::app
