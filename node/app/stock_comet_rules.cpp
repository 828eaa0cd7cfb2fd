#include "node/app/stock_rules.hpp"

/// What becomes of the settings of config.toml (0xPolygon/cometbft v0.3.8-polygon, config/toml.go).

namespace buri::app {
namespace {

constexpr std::string_view kOneProcess = "burid is node and application in one process.";
constexpr std::string_view kStateSync = "burid catches up by blocks; there is no state sync.";
constexpr std::string_view kNoTls = "burid serves plain HTTP: put a proxy with TLS in front.";
constexpr std::string_view kCompaction = "RocksDB compacts by itself.";
constexpr std::string_view kCatchUp =
    "burid's way back to block sync has one setting, block_sync.resume_lag_heights.";
/// Stock has no limit at 0; ours is the largest.
constexpr std::int64_t kUnlimited = 100'000;

/// Peers, from a text with commas, each as `parse` reads it.
template <class Item, class Parse>
StockTake take_peers(std::vector<Item>& (*field)(Config&), Parse parse, std::string_view expected) {
  return [=](const StockSettings&, const StockValue& value,
             StockConfig& target) -> std::optional<std::string_view> {
    const auto list = as_list(value);
    if (!list) return expected;
    std::vector<Item> items;
    for (const std::string& text : *list) {
      auto item = parse(text);
      if (!item) return expected;
      items.push_back(*std::move(item));
    }
    field(target.config) = std::move(items);
    return std::nullopt;
  };
}

std::optional<consensus::p2p::PeerAddress> peer_of(const std::string& text) {
  auto peer = consensus::p2p::parse_peer_address(text);
  if (!peer.ok()) return std::nullopt;
  return std::move(peer).value();
}

std::optional<consensus::p2p::NodeId> id_of(const std::string& text) {
  return consensus::p2p::parse_node_id(text);
}

/// In stock 0 is no limit, and the pauses grow for 17 hours; here the default.
std::optional<std::string_view> take_dial_period(const StockSettings& /*all*/,
                                                 const StockValue& value, StockConfig& target) {
  const auto time = as_duration(value);
  if (!time) return "a duration such as \"1m\"";
  if (time->count() > 0) {
    target.config.p2p.persistent_max_dial_period = std::chrono::ceil<std::chrono::seconds>(*time);
  }
  return std::nullopt;
}

/// A level, "none", or levels of modules, of which that of all others counts.
std::optional<std::string_view> take_log_level(const StockSettings& /*all*/,
                                               const StockValue& value, StockConfig& target) {
  const auto list = as_list(value);
  if (!list) return "a text";
  for (std::string word : *list) {
    if (word.starts_with("*:")) word = word.substr(2);
    if (word == "none") word = "off";
    if (word == "warn") word = "warning";
    if (const auto level = log_level_from_name(word)) target.config.log.level = *level;
  }
  return std::nullopt;
}

void add(std::vector<StockRule>& all, std::vector<StockRule> more) {
  for (StockRule& rule : more) all.push_back(std::move(rule));
}

std::vector<StockRule> base_rules() {
  using S = StockConfig;
  return {
      {"moniker", take_word([](S& s) -> std::string& { return s.config.p2p.moniker; })},
      {"log_level", take_log_level},
      {"genesis_file", take_word([](S& s) -> std::string& { return s.files.genesis; })},
      {"node_key_file", take_word([](S& s) -> std::string& { return s.files.node_key; })},
      {"priv_validator_key_file",
       take_word([](S& s) -> std::string& { return s.files.validator_key; })},
      {"priv_validator_state_file",
       take_word([](S& s) -> std::string& { return s.files.sign_state; })},
      {"priv_validator_laddr", nullptr,
       "burid calls its signer: give buri-signer the key and set signer.socket and "
       "signer.public_key.",
       ""},
      {"version", nullptr, "It says which CometBFT wrote the file."},
      {"proxy_app", nullptr, kOneProcess},
      {"abci", nullptr, kOneProcess},
      {"filter_peers", nullptr, "Peers are refused by [p2p] alone, not by the application.",
       "false"},
      {"db_backend", nullptr, "burid keeps its data in RocksDB."},
      {"db_dir", nullptr,
       "burid keeps its databases in files.data_directory of its own home; stock's are not read, "
       "the chain comes from peers."},
      {"log_format", nullptr, "burid's log is made for journald."},
  };
}

std::vector<StockRule> rpc_rules() {
  return {
      {"rpc.laddr",
       take_listen([](Config& c) -> std::optional<ListenAddress>& { return c.rpc.listen; }, "")},
      {"rpc.cors_allowed_origins", take_list([](Config& c) -> std::vector<std::string>& {
         return c.rpc.cors_allowed_origins;
       })},
      {"rpc.unsafe", take_flag([](Config& c) -> bool& { return c.rpc.unsafe_commands; })},
      {"rpc.max_open_connections",
       take_integer([](Config& c) -> std::int64_t& { return c.rpc.max_connections; }, kUnlimited)},
      {"rpc.max_subscription_clients",
       take_integer([](Config& c) -> std::int64_t& { return c.rpc.max_subscription_clients; })},
      {"rpc.max_subscriptions_per_client",
       take_integer([](Config& c) -> std::int64_t& { return c.rpc.max_subscriptions_per_client; })},
      {"rpc.experimental_subscription_buffer_size",
       take_integer([](Config& c) -> std::int64_t& { return c.rpc.subscription_buffer_events; })},
      {"rpc.timeout_broadcast_tx_commit",
       take_milliseconds(
           [](Config& c) -> std::chrono::milliseconds& { return c.rpc.broadcast_commit_timeout; })},
      {"rpc.max_request_batch_size",
       take_integer([](Config& c) -> std::int64_t& { return c.rpc.max_batch_requests; },
                    kUnlimited)},
      {"rpc.max_body_bytes",
       take_integer([](Config& c) -> std::int64_t& { return c.rpc.max_body_bytes; })},
      {"rpc.max_header_bytes",
       take_integer([](Config& c) -> std::int64_t& { return c.rpc.max_header_bytes; })},
      {"rpc.cors_allowed_methods", nullptr, "burid allows the methods that it serves."},
      {"rpc.cors_allowed_headers", nullptr, "burid allows the headers that its clients need."},
      {"rpc.grpc_laddr", nullptr, "burid's gRPC is Heimdall's, see [grpc].", ""},
      {"rpc.grpc_max_open_connections", nullptr, "burid's gRPC is Heimdall's, see [grpc]."},
      {"rpc.experimental_websocket_write_buffer_size", nullptr,
       "rpc.subscription_buffer_events bounds what waits for a client."},
      {"rpc.experimental_close_on_slow_client", nullptr, "burid always hangs up on slow clients."},
      {"rpc.tls_cert_file", nullptr, kNoTls, ""},
      {"rpc.tls_key_file", nullptr, kNoTls, ""},
      {"rpc.pprof_laddr", nullptr, "There is no Go runtime to look into.", ""},
      {"rpc.enable_consensus_endpoints", nullptr,
       "burid serves consensus_state and dump_consensus_state always."},
  };
}

std::vector<StockRule> p2p_rules() {
  constexpr std::string_view kPeers = "peers as ID@HOST:PORT, with commas between";
  constexpr std::string_view kIds = "node ids of 40 hex digits, with commas between";
  using Peers = std::vector<consensus::p2p::PeerAddress>;
  using Ids = std::vector<consensus::p2p::NodeId>;
  return {
      {"p2p.laddr",
       take_listen([](Config& c) -> std::optional<ListenAddress>& { return c.p2p.listen; }, "")},
      {"p2p.external_address",
       take_word([](StockConfig& s) -> std::string& { return s.config.p2p.external_address; })},
      {"p2p.seeds", take_peers(
                        +[](Config& c) -> Peers& { return c.p2p.seeds; }, peer_of, kPeers)},
      {"p2p.persistent_peers",
       take_peers(
           +[](Config& c) -> Peers& { return c.p2p.persistent_peers; }, peer_of, kPeers)},
      {"p2p.unconditional_peer_ids",
       take_peers(
           +[](Config& c) -> Ids& { return c.p2p.unconditional_peer_ids; }, id_of, kIds)},
      {"p2p.private_peer_ids",
       take_peers(
           +[](Config& c) -> Ids& { return c.p2p.private_peer_ids; }, id_of, kIds)},
      {"p2p.addr_book_file",
       take_word([](StockConfig& s) -> std::string& { return s.files.address_book; })},
      {"p2p.addr_book_strict",
       take_flag([](Config& c) -> bool& { return c.p2p.strict_addresses; })},
      {"p2p.max_num_inbound_peers",
       take_integer([](Config& c) -> std::int64_t& { return c.p2p.max_inbound_peers; })},
      {"p2p.max_num_outbound_peers",
       take_integer([](Config& c) -> std::int64_t& { return c.p2p.max_outbound_peers; })},
      {"p2p.persistent_peers_max_dial_period", take_dial_period},
      {"p2p.send_rate",
       take_integer([](Config& c) -> std::int64_t& { return c.p2p.send_rate_bytes_per_s; })},
      {"p2p.recv_rate",
       take_integer([](Config& c) -> std::int64_t& { return c.p2p.receive_rate_bytes_per_s; })},
      {"p2p.pex", take_flag([](Config& c) -> bool& { return c.p2p.peer_exchange; })},
      {"p2p.seed_mode", take_flag([](Config& c) -> bool& { return c.p2p.seed_mode; })},
      {"p2p.allow_duplicate_ip",
       take_flag([](Config& c) -> bool& { return c.p2p.allow_duplicate_ip; })},
      {"p2p.handshake_timeout", take_milliseconds([](Config& c) -> std::chrono::milliseconds& {
         return c.p2p.handshake_timeout;
       })},
      {"p2p.dial_timeout", take_milliseconds([](Config& c) -> std::chrono::milliseconds& {
         return c.p2p.dial_timeout;
       })},
      {"p2p.flush_throttle_timeout", nullptr, "burid sends a packet as soon as the peer takes it."},
      {"p2p.max_packet_msg_payload_size", nullptr, "burid's packets hold 1024 bytes.", "1024"},
  };
}

std::vector<StockRule> mempool_rules() {
  return {
      {"mempool.recheck", take_flag([](Config& c) -> bool& { return c.mempool.recheck; })},
      {"mempool.recheck_timeout", take_milliseconds([](Config& c) -> std::chrono::milliseconds& {
         return c.mempool.recheck_timeout;
       })},
      {"mempool.broadcast", take_flag([](Config& c) -> bool& { return c.mempool.broadcast; })},
      {"mempool.size",
       take_integer([](Config& c) -> std::int64_t& { return c.mempool.max_transactions; })},
      {"mempool.max_txs_bytes",
       take_integer([](Config& c) -> std::int64_t& { return c.mempool.max_bytes; })},
      {"mempool.cache_size",
       take_integer([](Config& c) -> std::int64_t& { return c.mempool.cache_transactions; })},
      {"mempool.keep-invalid-txs-in-cache",
       take_flag([](Config& c) -> bool& { return c.mempool.keep_invalid_in_cache; })},
      {"mempool.max_tx_bytes",
       take_integer([](Config& c) -> std::int64_t& { return c.mempool.max_transaction_bytes; })},
      {"mempool.type", nullptr, "burid's pool floods; mempool.broadcast = false makes it silent.",
       "flood"},
      {"mempool.wal_dir", nullptr, "Transactions that wait are not kept over a restart.", ""},
      {"mempool.max_batch_bytes", nullptr, "Neither daemon uses it.", "0"},
      {"mempool.experimental_*", nullptr, "Transactions go to every peer.", "0"},
  };
}

std::vector<StockRule> consensus_rules() {
  using Field = std::chrono::milliseconds& (*)(Config&);
  const auto time = [](std::string_view key, Field field) {
    return StockRule{key, take_milliseconds(field)};
  };
  using Time = std::chrono::milliseconds;
  std::vector<StockRule> rules{
      time("consensus.timeout_propose",
           [](Config& c) -> Time& { return c.consensus.propose_timeout; }),
      time("consensus.timeout_propose_delta",
           [](Config& c) -> Time& { return c.consensus.propose_timeout_delta; }),
      time("consensus.timeout_prevote",
           [](Config& c) -> Time& { return c.consensus.prevote_timeout; }),
      time("consensus.timeout_prevote_delta",
           [](Config& c) -> Time& { return c.consensus.prevote_timeout_delta; }),
      time("consensus.timeout_precommit",
           [](Config& c) -> Time& { return c.consensus.precommit_timeout; }),
      time("consensus.timeout_precommit_delta",
           [](Config& c) -> Time& { return c.consensus.precommit_timeout_delta; }),
      time("consensus.timeout_commit",
           [](Config& c) -> Time& { return c.consensus.commit_timeout; }),
      time("consensus.peer_gossip_sleep_duration",
           [](Config& c) -> Time& { return c.consensus.gossip_interval; }),
      time("consensus.peer_query_maj23_sleep_duration",
           [](Config& c) -> Time& { return c.consensus.majority_query_interval; }),
      time("consensus.block_time_tolerance",
           [](Config& c) -> Time& { return c.consensus.block_time_tolerance; }),
  };
  add(rules,
      {{"consensus.double_sign_check_height", take_integer([](Config& c) -> std::int64_t& {
          return c.consensus.double_sign_check_heights;
        })},
       {"consensus.skip_timeout_commit",
        take_flag([](Config& c) -> bool& { return c.consensus.skip_commit_timeout; })},
       {"consensus.wal_file", nullptr, "burid's log is cs.wal in files.data_directory."},
       {"consensus.create_empty_blocks", nullptr, "Heimdall makes blocks all the time.", "true"},
       {"consensus.create_empty_blocks_interval", nullptr, "Heimdall makes blocks all the time.",
        "0s"},
       {"consensus.catchup_lag_threshold", nullptr, kCatchUp},
       {"consensus.catchup_debounce_duration", nullptr, kCatchUp}});
  return rules;
}

/// Stock's figures are served if `prometheus` says so.
std::vector<StockRule> other_rules() {
  return {
      {"instrumentation.prometheus", taken_elsewhere()},
      {"instrumentation.prometheus_listen_addr",
       take_listen([](Config& c) -> std::optional<ListenAddress>& { return c.metrics.listen; },
                   "instrumentation.prometheus")},
      {"instrumentation.max_open_connections",
       take_integer([](Config& c) -> std::int64_t& { return c.metrics.max_connections; },
                    kUnlimited)},
      {"instrumentation.namespace",
       take_word([](StockConfig& s) -> std::string& { return s.config.metrics.name_space; })},
      {"statesync.enable", nullptr, kStateSync, "false"},
      {"statesync.*", nullptr, kStateSync},
      {"blocksync.version", nullptr, "burid has one way of catching up, see [block_sync]."},
      {"storage.discard_abci_responses", nullptr, "burid keeps results as long as their blocks.",
       "false"},
      {"storage.compact", nullptr, kCompaction},
      {"storage.compaction_interval", nullptr, kCompaction},
      {"storage.pruning.interval", nullptr,
       "burid prunes every storage.prune_interval_heights heights."},
      {"storage.pruning.indexer_pruning_enabled", nullptr, "Transactions are not indexed."},
      {"storage.pruning.data_companion.enabled", nullptr, "There is no data companion.", "false"},
      {"storage.pruning.data_companion.*", nullptr, "There is no data companion."},
      {"tx_index.indexer", nullptr, "Transactions are not indexed.", "null"},
      {"tx_index.*", nullptr, "Transactions are not indexed."},
  };
}

}  // namespace

const std::vector<StockRule>& stock_comet_rules() {
  static const std::vector<StockRule> kRules = [] {
    std::vector<StockRule> all = base_rules();
    add(all, rpc_rules());
    add(all, p2p_rules());
    add(all, mempool_rules());
    add(all, consensus_rules());
    add(all, other_rules());
    return all;
  }();
  return kRules;
}

}  // namespace buri::app
