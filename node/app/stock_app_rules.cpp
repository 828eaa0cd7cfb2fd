#include <algorithm>

#include "node/app/stock_rules.hpp"
#include "node/protocol/endpoints/settings.hpp"

/// What becomes of the settings of app.toml (0xPolygon/heimdall-v2 v0.10.0, helper/config.go;
/// 0xPolygon/cosmos-sdk, server/config).

namespace buri::app {
namespace {

constexpr std::string_view kBridge =
    "It belongs to the bridge, which burid does not have: run stock's bridge for it.";
constexpr std::string_view kHealth =
    "burid's health is told by systemd's watchdog and `buri status`.";
constexpr std::string_view kTelemetry = "burid's figures are those of [metrics].";
constexpr std::string_view kTree = "burid's trees have a memory of their own.";
constexpr std::string_view kNoHalt = "burid goes on until it is told to stop.";
constexpr std::string_view kSnapshots = "burid makes no snapshots for state sync.";
constexpr std::string_view kStreaming = "burid streams to no plugin; subscribe at the RPC.";

/// What heimdalld makes of fewer.
constexpr std::int64_t kLeastRetainedBlocks = 2'000'000;
/// Versions of the state by the name of a strategy.
constexpr std::int64_t kDefaultStates = 362'880;
constexpr std::int64_t kFewestStates = 2;

std::optional<std::string_view> take_pruning(const StockSettings& all, const StockValue& value,
                                             StockConfig& target) {
  constexpr std::string_view kExpected =
      "\"default\", \"nothing\", \"everything\", or \"custom\" with pruning-keep-recent";
  std::int64_t& kept = target.config.storage.keep_state_heights;
  const auto strategy = as_word(value);
  if (strategy == "default") {
    kept = kDefaultStates;
  } else if (strategy == "nothing") {
    kept = 0;
  } else if (strategy == "everything") {
    kept = kFewestStates;
  } else if (strategy == "custom") {
    const auto recent = all.find("pruning-keep-recent");
    const auto count = recent == all.end() ? std::nullopt : as_integer(recent->second);
    if (!count || *count < kFewestStates) return kExpected;
    kept = *count;
  } else {
    return kExpected;
  }
  return std::nullopt;
}

/// Fewer than heimdalld keeps at least are that many, as there.
std::optional<std::string_view> take_retained_blocks(const StockSettings& /*all*/,
                                                     const StockValue& value, StockConfig& target) {
  const auto count = as_integer(value);
  if (!count || *count < 0) return "an integer that is not negative";
  target.config.storage.keep_blocks = *count == 0 ? 0 : std::max(*count, kLeastRetainedBlocks);
  return std::nullopt;
}

/// Seconds; 0 is no limit in stock, here the default.
StockTake take_seconds(std::chrono::milliseconds& (*field)(Config&)) {
  return [field](const StockSettings&, const StockValue& value,
                 StockConfig& target) -> std::optional<std::string_view> {
    const auto seconds = as_integer(value);
    if (!seconds || *seconds < 0) return "seconds, an integer that is not negative";
    if (*seconds > 0) field(target.config) = std::chrono::seconds(*seconds);
    return std::nullopt;
  };
}

/// A list of addresses; an empty one is the default, as in heimdalld.
StockTake take_addresses(std::vector<std::string>& (*field)(Config&)) {
  return [field](const StockSettings&, const StockValue& value,
                 StockConfig& target) -> std::optional<std::string_view> {
    auto list = as_list(value);
    if (!list) return "addresses with commas between";
    if (!list->empty()) field(target.config) = *std::move(list);
    return std::nullopt;
  };
}

std::optional<std::string_view> take_endpoint_timeout(const StockValue& value,
                                                      std::chrono::milliseconds& field,
                                                      std::chrono::nanoseconds longest) {
  const auto time = as_duration(value);
  if (!time) return "a duration such as \"1s\"";
  if (time->count() > 0) {
    field = std::chrono::ceil<std::chrono::milliseconds>(std::min(*time, longest));
  }
  return std::nullopt;
}

std::optional<std::string_view> take_eth_timeout(const StockSettings& /*all*/,
                                                 const StockValue& value, StockConfig& target) {
  return take_endpoint_timeout(value, target.config.endpoints.eth_rpc_timeout,
                               std::chrono::hours(1));
}

std::optional<std::string_view> take_bor_timeout(const StockSettings& /*all*/,
                                                 const StockValue& value, StockConfig& target) {
  return take_endpoint_timeout(value, target.config.endpoints.bor_rpc_timeout,
                               protocol::endpoints::kMaxBorRpcTimeout);
}

std::vector<StockRule> state_rules() {
  return {
      {"pruning", take_pruning},
      {"pruning-keep-recent", taken_elsewhere()},
      {"min-retain-blocks", take_retained_blocks},
      {"pruning-interval", nullptr, "burid prunes states in the background all the time."},
      {"minimum-gas-prices", nullptr, "A transaction's fee is what the chain's rules say.", ""},
      {"query-gas-limit", nullptr, "burid bounds queries by time and size, not by gas.", "0"},
      {"halt-height", nullptr, kNoHalt, "0"},
      {"halt-time", nullptr, kNoHalt, "0"},
      {"inter-block-cache", nullptr, kTree},
      {"index-events", nullptr, "Transactions are not indexed.", ""},
      {"iavl-cache-size", nullptr, kTree},
      {"iavl-disable-fastnode", nullptr, kTree},
      {"app-db-backend", nullptr, "burid keeps its data in RocksDB."},
      {"telemetry.enabled", nullptr, kTelemetry, "false"},
      {"telemetry.*", nullptr, kTelemetry},
      {"grpc-web.*", nullptr, "burid serves no gRPC-Web: put a proxy in front.", "false"},
      {"state-sync.snapshot-interval", nullptr, kSnapshots, "0"},
      {"state-sync.*", nullptr, kSnapshots},
      {"streaming.abci.keys", nullptr, kStreaming, ""},
      {"streaming.*", nullptr, kStreaming},
      {"mempool.max-txs", nullptr, "The limits of transactions that wait are those of [mempool].",
       "-1"},
  };
}

std::vector<StockRule> api_rules() {
  return {
      {"api.enable", taken_elsewhere()},
      {"api.address",
       take_listen([](Config& c) -> std::optional<ListenAddress>& { return c.rest.listen; },
                   "api.enable")},
      {"api.max-open-connections",
       take_integer([](Config& c) -> std::int64_t& { return c.rest.max_connections; })},
      {"api.rpc-read-timeout",
       take_seconds(+[](Config& c) -> std::chrono::milliseconds& { return c.rest.read_timeout; })},
      {"api.rpc-write-timeout",
       take_seconds(+[](Config& c) -> std::chrono::milliseconds& { return c.rest.write_timeout; })},
      {"api.rpc-max-body-bytes",
       take_integer([](Config& c) -> std::int64_t& { return c.rest.max_body_bytes; })},
      {"api.enabled-unsafe-cors",
       take_flag([](Config& c) -> bool& { return c.rest.cors_any_origin; })},
      {"api.swagger", nullptr, "burid serves no Swagger pages.", "false"},
      {"grpc.enable", taken_elsewhere()},
      {"grpc.address",
       take_listen([](Config& c) -> std::optional<ListenAddress>& { return c.grpc.listen; },
                   "grpc.enable")},
      {"grpc.max-recv-msg-size",
       take_integer([](Config& c) -> std::int64_t& { return c.grpc.max_receive_bytes; })},
      {"grpc.max-send-msg-size",
       take_integer([](Config& c) -> std::int64_t& { return c.grpc.max_send_bytes; })},
  };
}

std::vector<StockRule> custom_rules() {
  using List = std::vector<std::string>;
  std::vector<StockRule> rules{
      {"custom.eth_rpc_url",
       take_addresses(+[](Config& c) -> List& { return c.endpoints.eth_rpc_urls; })},
      {"custom.eth_rpc_timeout", take_eth_timeout},
      {"custom.bor_rpc_url",
       take_addresses(+[](Config& c) -> List& { return c.endpoints.bor_rpc_urls; })},
      {"custom.bor_rpc_timeout", take_bor_timeout},
      {"custom.bor_grpc_flag", take_flag([](Config& c) -> bool& { return c.endpoints.bor_grpc; })},
      {"custom.bor_grpc_url",
       take_addresses(+[](Config& c) -> List& { return c.endpoints.bor_grpc_urls; })},
      {"custom.bor_grpc_token",
       take_word([](StockConfig& s) -> std::string& { return s.config.endpoints.bor_grpc_token; })},
      {"custom.chain", nullptr,
       "The chain is that of the genesis; one that is none of Polygon's needs chain.forks_file."},
      {"custom.producer_votes", nullptr,
       "Votes for producers are sent by a transaction, not by the node.", ""},
  };
  for (const std::string_view key :
       {"custom.comet_bft_rpc_url", "custom.heimdall_rest_server", "custom.amqp_url",
        "custom.sub_graph_url", "custom.checkpoint_poll_interval", "custom.syncer_poll_interval",
        "custom.noack_poll_interval", "custom.clerk_poll_interval", "custom.span_poll_interval",
        "custom.milestone_poll_interval", "custom.no_ack_wait_time"}) {
    rules.push_back({key, nullptr, kBridge});
  }
  rules.push_back({"custom.logs_*", nullptr, "burid's log is made for journald."});
  rules.push_back({"custom.enable_self_heal", nullptr, kBridge, "false"});
  rules.push_back({"custom.sh_*", nullptr, kBridge});
  rules.push_back({"custom.main_chain_gas_*", nullptr, kBridge});
  rules.push_back({"custom.max_goroutine_threshold", nullptr, kHealth, "0"});
  rules.push_back({"custom.warn_goroutine_threshold", nullptr, kHealth, "0"});
  rules.push_back({"custom.min_peer_threshold", nullptr, kHealth, "0"});
  rules.push_back({"custom.warn_peer_threshold", nullptr, kHealth, "0"});
  return rules;
}

}  // namespace

const std::vector<StockRule>& stock_app_rules() {
  static const std::vector<StockRule> kRules = [] {
    std::vector<StockRule> all = state_rules();
    for (auto& rules : {api_rules(), custom_rules()})
      all.insert(all.end(), rules.begin(), rules.end());
    return all;
  }();
  return kRules;
}

}  // namespace buri::app
