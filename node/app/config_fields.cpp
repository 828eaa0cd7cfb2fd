#include "node/app/config_fields.hpp"

#include <limits>

#include "base/hex.hpp"
#include "node/app/config_values.hpp"

namespace buri::app {
namespace {

using consensus::p2p::NodeId;
using consensus::p2p::PeerAddress;

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kMiB = 1024 * kKiB;
constexpr std::int64_t kGiB = 1024 * kMiB;
constexpr ConfigRange kConnections{1, 100'000};
constexpr ConfigRange kMilliseconds{1, 3'600'000};
constexpr ConfigRange kWaitMs{0, 3'600'000};
constexpr ConfigRange kRate{1'000, 10'000'000'000};
constexpr ConfigRange kBodyBytes{kKiB, kGiB};
constexpr ConfigRange kCount{0, std::numeric_limits<std::int64_t>::max()};

/// Shows values that stand in the file as something simpler.
class Fields {
 public:
  explicit Fields(ConfigVisitor& visitor) : visitor_(visitor) {}

  ConfigVisitor* operator->() { return &visitor_; }

  template <class Duration>
  void duration(const ConfigField& field, const ConfigRange& range, Duration& value) {
    std::int64_t count = value.count();
    visitor_.integer(field, range, count);
    value = Duration(count);
  }
  void listen(const ConfigField& field, std::optional<ListenAddress>& value) {
    std::string text = value ? value->to_text() : "";
    visitor_.text(field, listen_text(), text);
    value = ListenAddress::from_text(text);
  }
  void peers(const ConfigField& field, std::vector<PeerAddress>& values) {
    std::vector<std::string> written;
    for (const PeerAddress& peer : values) written.push_back(peer.to_text());
    visitor_.texts(field, peer_text(), written);
    values.clear();
    for (const std::string& one : written) {
      auto peer = consensus::p2p::parse_peer_address(one);
      if (peer.ok()) values.push_back(std::move(peer).value());
    }
  }
  void node_ids(const ConfigField& field, std::vector<NodeId>& values) {
    std::vector<std::string> written;
    for (const NodeId& id : values) written.push_back(to_hex(id));
    visitor_.texts(field, node_id_text(), written);
    values.clear();
    for (const std::string& one : written) {
      if (const auto id = consensus::p2p::parse_node_id(one)) values.push_back(*id);
    }
  }
  void level(const ConfigField& field, LogLevel& value) {
    std::string text(log_level_name(value));
    visitor_.text(field, log_level_text(), text);
    value = log_level_from_name(text).value_or(value);
  }

 private:
  ConfigVisitor& visitor_;
};

void visit(ChainConfig& chain, FilesConfig& files, Fields fields) {
  fields->section("chain", "Which chain. Paths are relative to the home unless they begin with /.");
  fields->text({"genesis_file", "The chain's first state."}, path_text(), chain.genesis_file);
  fields->text({"forks_file",
                "JSON object of fork name -> height, for a chain of your own. Empty: the heights "
                "of Polygon's chain that the genesis names."},
               optional_path_text(), chain.forks_file);
  fields->section("files", "Where the node keeps what it holds.");
  fields->text({"data_directory", "Databases and the log of consensus."}, path_text(),
               files.data_directory);
  fields->text({"node_key_file", "The key that gives this node its id; made if it is not there."},
               path_text(), files.node_key_file);
  fields->text({"address_book_file", "Addresses of other nodes, in the stock form."}, path_text(),
               files.address_book_file);
}

void visit_peers(P2pConfig& p2p, Fields fields) {
  fields->section("p2p", "Peers and how much of this machine they may take.");
  fields->text({"moniker", "The name that peers see."}, any_text(), p2p.moniker);
  fields.listen({"listen", "Where peers call. Empty: nobody can."}, p2p.listen);
  fields->text({"external_address", "HOST:PORT that peers are told. Empty: what `listen` says."},
               external_address_text(), p2p.external_address);
  fields.peers({"seeds", "Asked for addresses while the address book has none: ID@HOST:PORT."},
               p2p.seeds);
  fields.peers({"persistent_peers", "Called again for as long as the node runs: ID@HOST:PORT."},
               p2p.persistent_peers);
  fields.node_ids({"unconditional_peer_ids", "Admitted whatever limits and bans say."},
                  p2p.unconditional_peer_ids);
  fields.node_ids({"private_peer_ids", "Never told to other nodes: a sentry's validators."},
                  p2p.private_peer_ids);
  fields->integer({"max_inbound_peers", "Peers that called."}, {0, 10'000}, p2p.max_inbound_peers);
  fields->integer({"max_outbound_peers", "Peers that were called, without persistent ones."},
                  {0, 10'000}, p2p.max_outbound_peers);
  fields->flag({"peer_exchange", "Learn and tell addresses. A validator behind sentries: false."},
               p2p.peer_exchange);
  fields->flag({"seed_mode", "Crawl the network, tell addresses and hang up."}, p2p.seed_mode);
  fields->flag({"allow_duplicate_ip", "Several peers behind one IP address."},
               p2p.allow_duplicate_ip);
  fields->flag({"strict_addresses", "Only addresses that the internet routes. Local nets: false."},
               p2p.strict_addresses);
}

void visit_traffic(P2pConfig& p2p, Fields fields) {
  fields.duration({"persistent_max_dial_period_s",
                   "Longest pause between calls to a persistent peer (stock gives up after 17 h)."},
                  {1, 86'400}, p2p.persistent_max_dial_period);
  fields.duration({"dial_timeout_ms", "For a connection."}, kMilliseconds, p2p.dial_timeout);
  fields.duration({"handshake_timeout_ms", "From there until both sides know each other."},
                  kMilliseconds, p2p.handshake_timeout);
  fields.duration({"send_timeout_ms", "Without progress the peer is too slow and goes."},
                  kMilliseconds, p2p.send_timeout);
  fields->integer({"send_rate_bytes_per_s", "To one peer."}, kRate, p2p.send_rate_bytes_per_s);
  fields->integer({"receive_rate_bytes_per_s", "From one peer."}, kRate,
                  p2p.receive_rate_bytes_per_s);
  fields->integer({"max_handshakes", "Callers that have not said who they are."}, {1, 10'000},
                  p2p.max_handshakes);
  fields->integer({"max_handshakes_per_ip", "The same, from one IP address."}, {1, 10'000},
                  p2p.max_handshakes_per_ip);
  fields->integer({"max_unprocessed_bytes_per_peer", "Beyond this a peer is not read."},
                  {64 * kKiB, kGiB}, p2p.max_unprocessed_bytes_per_peer);
  fields->integer({"max_held_bytes", "Messages of all peers together; the greediest peer goes."},
                  {16 * kMiB, 1'024 * kGiB}, p2p.max_held_bytes);
}

void visit(ConsensusConfig& consensus, Fields fields) {
  fields->section("consensus",
                  "How long a round waits. Polygon's values: change them on chains of your own.");
  fields.duration({"propose_timeout_ms", "For the proposal, in round 0."}, kMilliseconds,
                  consensus.propose_timeout);
  fields.duration({"propose_timeout_delta_ms", "More per round."}, kWaitMs,
                  consensus.propose_timeout_delta);
  fields.duration({"prevote_timeout_ms", "For more prevotes, after two thirds of whatever."},
                  kMilliseconds, consensus.prevote_timeout);
  fields.duration({"prevote_timeout_delta_ms", "More per round."}, kWaitMs,
                  consensus.prevote_timeout_delta);
  fields.duration({"precommit_timeout_ms", "For more precommits, after two thirds of whatever."},
                  kMilliseconds, consensus.precommit_timeout);
  fields.duration({"precommit_timeout_delta_ms", "More per round."}, kWaitMs,
                  consensus.precommit_timeout_delta);
  fields.duration({"commit_timeout_ms", "From a decision to the next height."}, kWaitMs,
                  consensus.commit_timeout);
  fields->flag({"skip_commit_timeout", "Go on at once when every precommit is there."},
               consensus.skip_commit_timeout);
  fields.duration({"gossip_interval_ms", "Between two looks at what a peer lacks."}, kMilliseconds,
                  consensus.gossip_interval);
  fields.duration({"majority_query_interval_ms", "Between two questions for a peer's votes."},
                  kMilliseconds, consensus.majority_query_interval);
  fields->integer({"double_sign_check_heights",
                   "At the start, refuse to sign if one of so many last blocks has this "
                   "validator's signature. 0: no look back."},
                  {0, 100'000}, consensus.double_sign_check_heights);
  fields.duration({"block_time_tolerance_ms", "A block so far ahead of the clock is not prevoted."},
                  kMilliseconds, consensus.block_time_tolerance);
  fields->integer({"log_max_file_bytes", "A log file that reaches this is closed."},
                  {64 * kKiB, kGiB}, consensus.log_max_file_bytes);
  fields->integer({"log_max_total_bytes", "Beyond this the oldest log files go."},
                  {kMiB, 1'024 * kGiB}, consensus.log_max_total_bytes);
}

void visit(MempoolConfig& mempool, Fields fields) {
  fields->section("mempool", "Transactions that wait for a block.");
  fields->integer({"max_transactions", "All together."}, {1, 10'000'000}, mempool.max_transactions);
  fields->integer({"max_bytes", "All together."}, {kKiB, 1'024 * kGiB}, mempool.max_bytes);
  fields->integer({"max_transaction_bytes", "One."}, {kKiB, kGiB}, mempool.max_transaction_bytes);
  fields->integer({"cache_transactions", "Hashes of those met lately."}, {0, 100'000'000},
                  mempool.cache_transactions);
  fields->flag({"recheck", "Check what waits again after each block."}, mempool.recheck);
  fields.duration({"recheck_timeout_ms", "A block does not wait longer for that."}, kMilliseconds,
                  mempool.recheck_timeout);
  fields->flag({"keep_invalid_in_cache", "A refused transaction is not checked a second time."},
               mempool.keep_invalid_in_cache);
  fields->flag({"broadcast", "Tell peers of transactions."}, mempool.broadcast);
}

void visit(BlockSyncConfig& sync, StorageConfig& storage, Fields fields) {
  fields->section("block_sync", "Catching up by whole blocks.");
  fields->flag({"enabled", "Off: only what consensus gossips."}, sync.enabled);
  fields->integer({"window_blocks", "Asked for ahead and verified as one batch."}, {1, 10'000},
                  sync.window_blocks);
  fields.duration({"request_timeout_ms", "For one block of one peer."}, kMilliseconds,
                  sync.request_timeout);
  fields->integer({"resume_lag_heights",
                   "A node that is behind its peers by so much leaves consensus and catches up "
                   "(stock never does). 0: never."},
                  {0, 1'000'000'000}, sync.resume_lag_heights);
  fields->section("storage", "How much history stays, and the databases' memory.");
  fields->integer({"keep_state_heights", "Versions of the application's state. 0: all."}, kCount,
                  storage.keep_state_heights);
  fields->integer({"keep_blocks", "0: all."}, kCount, storage.keep_blocks);
  fields->integer({"prune_interval_heights", "Between two removals of what is too old."},
                  {1, 1'000'000'000}, storage.prune_interval_heights);
  fields->integer(
      {"cache_bytes", "Of each database; write buffers, filters and indices are in it."},
      {16 * kMiB, 1'024 * kGiB}, storage.cache_bytes);
  fields->integer({"max_open_files", "Of each database."}, {16, 1'000'000}, storage.max_open_files);
}

void visit(SignerConfig& signer, Fields fields) {
  fields->section("signer",
                  "Who signs. Without socket and without key file this node is an observer.");
  fields->text({"socket", "Of buri-signer, which must admit consensus (docs/signer.md)."},
               optional_path_text(), signer.socket);
  fields->text({"public_key", "The validator's, 04 and 128 hex digits: the signer must hold it."},
               public_key_text(), signer.public_key);
  fields.duration({"timeout_ms", "For one signature."}, {1, 5'000}, signer.timeout);
  fields->text({"insecure_development_key_file",
                "DANGER: a validator's key in a plain file, for chains whose money is worthless. "
                "Whoever reads the file is the validator, and nothing prevents double signing by a "
                "second node. The form is that of stock's priv_validator_key.json."},
               optional_path_text(), signer.insecure_development_key_file);
}

void visit(EndpointsConfig& endpoints, Fields fields) {
  fields->section("endpoints",
                  "Ethereum and Bor, best first. Addresses may hold passwords: mode 0640 for this "
                  "file.");
  fields->texts({"eth_rpc_urls", "Ethereum's JSON-RPC.", true}, url_text(), endpoints.eth_rpc_urls);
  fields.duration({"eth_rpc_timeout_ms", "For one attempt at one of them."}, kMilliseconds,
                  endpoints.eth_rpc_timeout);
  fields->integer({"eth_chain_id", "What eth_chainId must say. 0: the first endpoint is believed."},
                  kCount, endpoints.eth_chain_id);
  fields->texts({"bor_rpc_urls", "Bor's JSON-RPC.", true}, url_text(), endpoints.bor_rpc_urls);
  fields.duration({"bor_rpc_timeout_ms", "For one attempt; votes cannot wait longer than 3 s."},
                  {1, 3'000}, endpoints.bor_rpc_timeout);
  fields->flag({"bor_grpc", "All questions to Bor go to its gRPC service instead."},
               endpoints.bor_grpc);
  fields->texts({"bor_grpc_urls", "Bor's gRPC.", true}, grpc_address_text(),
                endpoints.bor_grpc_urls);
  fields->text({"bor_grpc_token", "Bearer token; never sent in plain to another machine.", true},
               any_text(), endpoints.bor_grpc_token);
  fields->integer({"max_response_bytes", "The largest answer."}, {64 * kKiB, kGiB},
                  endpoints.max_response_bytes);
  fields->text({"tls_authority_file", "PEM of authorities. Empty: those of the system."},
               optional_path_text(), endpoints.tls_authority_file);
  fields->flag({"tls_verify", "false trusts whoever answers behind https://."},
               endpoints.tls_verify);
}

void visit(RpcConfig& rpc, Fields fields) {
  fields->section("rpc", "CometBFT's JSON-RPC, URIs and WebSocket.");
  fields.listen({"listen", "Empty: not served."}, rpc.listen);
  fields->integer({"max_connections", "At once."}, kConnections, rpc.max_connections);
  fields->integer({"max_connections_per_ip", "At once."}, kConnections, rpc.max_connections_per_ip);
  fields->integer({"max_body_bytes", "Of one request."}, kBodyBytes, rpc.max_body_bytes);
  fields->integer({"max_header_bytes", "With the target, which may carry a transaction."},
                  {kKiB, 16 * kMiB}, rpc.max_header_bytes);
  fields->integer({"max_batch_requests", "In one body."}, {1, 10'000}, rpc.max_batch_requests);
  fields->integer({"max_subscription_clients", "At once."}, kConnections,
                  rpc.max_subscription_clients);
  fields->integer({"max_subscriptions_per_client", "At once."}, {1, 1'000},
                  rpc.max_subscriptions_per_client);
  fields->integer({"subscription_buffer_events", "A client that is behind by more is dropped."},
                  {1, 100'000}, rpc.subscription_buffer_events);
  fields.duration({"broadcast_commit_timeout_ms", "How long broadcast_tx_commit waits."},
                  kMilliseconds, rpc.broadcast_commit_timeout);
  fields->texts({"cors_allowed_origins", "Pages of browsers that may ask; \"*\": all."}, any_text(),
                rpc.cors_allowed_origins);
  fields->flag({"unsafe_commands", "Serve dial_seeds, dial_peers and unsafe_flush_mempool."},
               rpc.unsafe_commands);
}

void visit(RestConfig& rest, GrpcConfig& grpc, Fields fields) {
  fields->section("rest", "Heimdall's REST gateway. Stock listens on 0.0.0.0; we do if told to.");
  fields.listen({"listen", "Empty: not served."}, rest.listen);
  fields->integer({"max_connections", "At once."}, kConnections, rest.max_connections);
  fields->integer({"max_body_bytes", "Of one request."}, kBodyBytes, rest.max_body_bytes);
  fields.duration({"read_timeout_ms", "For a request's body."}, kMilliseconds, rest.read_timeout);
  fields.duration({"write_timeout_ms", "For an answer."}, kMilliseconds, rest.write_timeout);
  fields->flag({"cors_any_origin", "Pages of all browsers may ask."}, rest.cors_any_origin);
  fields->section("grpc", "Heimdall's gRPC services.");
  fields.listen({"listen", "Empty: not served."}, grpc.listen);
  fields->integer({"max_receive_bytes", "Of one request."}, {kKiB, kGiB}, grpc.max_receive_bytes);
  fields->integer({"max_send_bytes", "Of one answer."}, {kKiB, 2'147'483'647}, grpc.max_send_bytes);
}

void visit(MetricsConfig& metrics, LogConfig& log, AccelConfig& accel, Fields fields) {
  fields->section("metrics", "Figures for Prometheus. Stock listens on every address; we do not.");
  fields.listen({"listen", "Empty: not served."}, metrics.listen);
  fields->integer({"max_connections", "At once."}, kConnections, metrics.max_connections);
  fields->text({"namespace", "What the names of figures begin with."}, metrics_name_text(),
               metrics.name_space);
  fields->section("log", "To standard error, which journald reads.");
  fields.level({"level", "The least that is written: debug, info, warning, error or off."},
               log.level);
  fields->section("accel", "The engine of signatures and hashes (docs/gpu.md).");
  fields->texts({"backends", "That may be used: cuda, avx512, avx2, scalar. Empty: all there are."},
                any_text(), accel.backends);
  fields->integer({"worker_threads", "0: one per CPU."}, {0, 1'024}, accel.worker_threads);
}

}  // namespace

void visit_config(Config& config, ConfigVisitor& visitor) {
  const Fields fields(visitor);
  visit(config.chain, config.files, fields);
  visit_peers(config.p2p, fields);
  visit_traffic(config.p2p, fields);
  visit(config.consensus, fields);
  visit(config.mempool, fields);
  visit(config.block_sync, config.storage, fields);
  visit(config.signer, fields);
  visit(config.endpoints, fields);
  visit(config.rpc, fields);
  visit(config.rest, config.grpc, fields);
  visit(config.metrics, config.log, config.accel, fields);
}

}  // namespace buri::app
