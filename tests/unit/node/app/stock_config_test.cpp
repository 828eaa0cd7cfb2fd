#include "node/app/stock_config.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/app/config_reader.hpp"
#include "node/app/config_writer.hpp"

/// Stock's settings as burid's: each by a value that is not the default, and what is said of those
/// that burid does not have.

namespace buri::app {
namespace {

using std::chrono::milliseconds;

StockConfig read(std::string_view comet, std::string_view app = "") {
  auto stock = read_stock_config(comet, app);
  EXPECT_TRUE(stock.ok()) << stock.error();
  return stock.ok() ? std::move(stock).value() : StockConfig{};
}

const StockRemark* remark_of(const StockConfig& stock, std::string_view setting) {
  const auto found = std::ranges::find(stock.remarks, setting, &StockRemark::setting);
  return found == stock.remarks.end() ? nullptr : &*found;
}

TEST(StockConfig, TwoEmptyFilesAreTheDefaults) {
  const StockConfig stock = read("");
  EXPECT_EQ(stock.config, Config{});
  EXPECT_EQ(stock.taken, 0U);
  EXPECT_TRUE(stock.remarks.empty());
}

constexpr std::string_view kComet = R"(
moniker = "sentry-1"
log_level = "p2p:debug,*:error"
genesis_file = "/srv/genesis.json"
node_key_file = "config/other_key.json"

[rpc]
laddr = "tcp://localhost:36657"
cors_allowed_origins = ["https://a.example", "*"]
unsafe = true
max_open_connections = 0
max_subscription_clients = 7
max_subscriptions_per_client = 3
experimental_subscription_buffer_size = 400
timeout_broadcast_tx_commit = "1m30s"
max_request_batch_size = 20
max_body_bytes = 2000000
max_header_bytes = 65536

[p2p]
laddr = "tcp://0.0.0.0:36656"
external_address = "203.0.113.7:26656"
seeds = "a204869c97b4faabfb9198aecda88f469a083afc@seed.example:26656"
persistent_peers = "a204869c97b4faabfb9198aecda88f469a083afc@10.0.0.1:1, 08aa17f4657eafa077bf4cb04052ab88667bcee4@10.0.0.2:2"
addr_book_strict = false
max_num_inbound_peers = 11
max_num_outbound_peers = 12
unconditional_peer_ids = "a204869c97b4faabfb9198aecda88f469a083afc"
persistent_peers_max_dial_period = "90s"
send_rate = 1000000
recv_rate = 2000000
pex = false
seed_mode = true
private_peer_ids = "08aa17f4657eafa077bf4cb04052ab88667bcee4"
allow_duplicate_ip = true
handshake_timeout = "5s"
dial_timeout = "500ms"

[mempool]
recheck = false
recheck_timeout = "2s"
broadcast = false
size = 10
max_txs_bytes = 4000000
cache_size = 20
keep-invalid-txs-in-cache = true
max_tx_bytes = 100000

[consensus]
timeout_propose = "2s"
timeout_propose_delta = "100ms"
timeout_prevote = "3s"
timeout_prevote_delta = "110ms"
timeout_precommit = "4s"
timeout_precommit_delta = "120ms"
timeout_commit = "0s"
double_sign_check_height = 9
skip_timeout_commit = true
peer_gossip_sleep_duration = "30ms"
peer_query_maj23_sleep_duration = "300ms"
block_time_tolerance = "2m0s"

[instrumentation]
prometheus = true
prometheus_listen_addr = ":36660"
max_open_connections = 5
namespace = "heimdall"
)";

TEST(StockConfig, TakesEverySettingOfCometBft) {
  const StockConfig stock = read(kComet);
  EXPECT_TRUE(stock.remarks.empty());
  EXPECT_EQ(stock.taken, 56U);
  EXPECT_EQ(stock.files.genesis, "/srv/genesis.json");
  EXPECT_EQ(stock.files.node_key, "config/other_key.json");
  EXPECT_EQ(stock.config.log.level, LogLevel::kError);
  const MempoolConfig mempool{10, 4'000'000, 100'000, 20, false, milliseconds(2'000), true, false};
  EXPECT_EQ(stock.config.mempool, mempool);
  const MetricsConfig metrics{ListenAddress{"0.0.0.0", 36660}, 5, "heimdall"};
  EXPECT_EQ(stock.config.metrics, metrics);
  const auto again = parse_config(config_toml(stock.config), "buri.toml");
  ASSERT_TRUE(again.ok()) << again.error();
  EXPECT_EQ(*again, stock.config);
}

TEST(StockConfig, TakesTheRpc) {
  RpcConfig rpc;
  rpc.listen = ListenAddress{"127.0.0.1", 36657};
  rpc.cors_allowed_origins = {"https://a.example", "*"};
  rpc.unsafe_commands = true;
  rpc.max_connections = 100'000;
  rpc.max_subscription_clients = 7;
  rpc.max_subscriptions_per_client = 3;
  rpc.subscription_buffer_events = 400;
  rpc.broadcast_commit_timeout = milliseconds(90'000);
  rpc.max_batch_requests = 20;
  rpc.max_body_bytes = 2'000'000;
  rpc.max_header_bytes = 65'536;
  EXPECT_EQ(read(kComet).config.rpc, rpc);
}

TEST(StockConfig, TakesPeersAndTheirLimits) {
  P2pConfig p2p;
  const auto first = consensus::p2p::parse_node_id("a204869c97b4faabfb9198aecda88f469a083afc");
  const auto second = consensus::p2p::parse_node_id("08aa17f4657eafa077bf4cb04052ab88667bcee4");
  p2p.moniker = "sentry-1";
  p2p.listen = ListenAddress{"0.0.0.0", 36656};
  p2p.external_address = "203.0.113.7:26656";
  p2p.seeds = {{*first, "seed.example", 26656}};
  p2p.persistent_peers = {{*first, "10.0.0.1", 1}, {*second, "10.0.0.2", 2}};
  p2p.strict_addresses = false;
  p2p.max_inbound_peers = 11;
  p2p.max_outbound_peers = 12;
  p2p.unconditional_peer_ids = {*first};
  p2p.private_peer_ids = {*second};
  p2p.persistent_max_dial_period = std::chrono::seconds(90);
  p2p.send_rate_bytes_per_s = 1'000'000;
  p2p.receive_rate_bytes_per_s = 2'000'000;
  p2p.peer_exchange = false;
  p2p.seed_mode = true;
  p2p.allow_duplicate_ip = true;
  p2p.handshake_timeout = milliseconds(5'000);
  p2p.dial_timeout = milliseconds(500);
  EXPECT_EQ(read(kComet).config.p2p, p2p);
}

TEST(StockConfig, TakesTheTimesOfConsensus) {
  ConsensusConfig consensus;
  consensus.propose_timeout = milliseconds(2'000);
  consensus.propose_timeout_delta = milliseconds(100);
  consensus.prevote_timeout = milliseconds(3'000);
  consensus.prevote_timeout_delta = milliseconds(110);
  consensus.precommit_timeout = milliseconds(4'000);
  consensus.precommit_timeout_delta = milliseconds(120);
  consensus.commit_timeout = milliseconds(0);
  consensus.double_sign_check_heights = 9;
  consensus.skip_commit_timeout = true;
  consensus.gossip_interval = milliseconds(30);
  consensus.majority_query_interval = milliseconds(300);
  consensus.block_time_tolerance = milliseconds(120'000);
  EXPECT_EQ(read(kComet).config.consensus, consensus);
}

TEST(StockConfig, TakesEverySettingOfHeimdall) {
  const StockConfig stock = read("", R"(
pruning = "custom"
pruning-keep-recent = "500"
min-retain-blocks = 3000000

[api]
enable = true
address = "tcp://0.0.0.0:11317"
max-open-connections = 50
rpc-read-timeout = 20
rpc-write-timeout = 40
rpc-max-body-bytes = 500000
enabled-unsafe-cors = true

[grpc]
enable = false
address = "localhost:19090"
max-recv-msg-size = "1048576"
max-send-msg-size = "2097152"

[custom]
eth_rpc_url = "https://eth.example/key"
eth_rpc_timeout = "7s"
bor_rpc_url = "http://10.0.0.1:8545,http://10.0.0.2:8545"
bor_rpc_timeout = "1m0s"
bor_grpc_flag = "true"
bor_grpc_url = "localhost:13131"
bor_grpc_token = "secret"
)");
  EXPECT_TRUE(stock.remarks.empty());
  Config expected;
  expected.storage.keep_state_heights = 500;
  expected.storage.keep_blocks = 3'000'000;
  expected.rest = {ListenAddress{"0.0.0.0", 11317},
                   50,
                   500'000,
                   milliseconds(20'000),
                   milliseconds(40'000),
                   true};
  expected.grpc = {std::nullopt, 1'048'576, 2'097'152};
  EndpointsConfig& endpoints = expected.endpoints;
  endpoints.eth_rpc_urls = {"https://eth.example/key"};
  endpoints.eth_rpc_timeout = milliseconds(7'000);
  endpoints.bor_rpc_urls = {"http://10.0.0.1:8545", "http://10.0.0.2:8545"};
  endpoints.bor_rpc_timeout = milliseconds(3'000);  // as heimdalld cuts it
  endpoints.bor_grpc = true;
  endpoints.bor_grpc_urls = {"localhost:13131"};
  endpoints.bor_grpc_token = "secret";
  EXPECT_EQ(stock.config, expected);
}

TEST(StockConfig, KeepsAsMuchHistoryAsHeimdallDoes) {
  struct Case {
    std::string_view app;
    std::int64_t states;
    std::int64_t blocks;
  };
  const Case cases[] = {
      {"pruning = \"default\"", 362'880, 0},
      {"pruning = \"nothing\"\nmin-retain-blocks = 0", 0, 0},
      {"pruning = \"everything\"\nmin-retain-blocks = 1", 2, 2'000'000},
      {"min-retain-blocks = \"2500000\"", 0, 2'500'000},
  };
  for (const Case& one : cases) {
    const StockConfig stock = read("", one.app);
    EXPECT_EQ(stock.config.storage.keep_state_heights, one.states) << one.app;
    EXPECT_EQ(stock.config.storage.keep_blocks, one.blocks) << one.app;
  }
}

TEST(StockConfig, SwitchesOffWhatStockDoesNotServe) {
  const StockConfig stock = read(
      "[rpc]\nladdr = \"\"\n[instrumentation]\nprometheus = false\n"
      "prometheus_listen_addr = \":26660\"",
      "[api]\nenable = false\naddress = \"tcp://localhost:1317\"");
  EXPECT_EQ(stock.config.rpc.listen, std::nullopt);
  EXPECT_EQ(stock.config.metrics.listen, std::nullopt);
  EXPECT_EQ(stock.config.rest.listen, std::nullopt);
}

TEST(StockConfig, SaysOneSentenceForEachSettingWithoutCounterpart) {
  const StockConfig stock = read(
      "proxy_app = \"tcp://127.0.0.1:26658\"\ncolour = \"blue\"\n"
      "[statesync]\nenable = true\ntrust_height = 5\n[tx_index]\nindexer = \"null\"",
      "halt-height = 100\n[custom]\namqp_url = \"amqp://user:hunter2@localhost\"\n"
      "enable_self_heal = \"false\"");
  EXPECT_EQ(stock.taken, 0U);
  EXPECT_EQ(stock.remarks.size(), 8U);
  for (const StockRemark& one : stock.remarks) {
    EXPECT_TRUE(one.sentence.ends_with('.')) << one.setting;
    EXPECT_EQ(one.sentence.find("hunter2"), std::string::npos);
  }
  for (const char* setting :
       {"config.toml: colour", "config.toml: statesync.enable", "app.toml: halt-height"}) {
    ASSERT_NE(remark_of(stock, setting), nullptr) << setting;
    EXPECT_TRUE(remark_of(stock, setting)->matters) << setting;
  }
  for (const char* setting : {"config.toml: proxy_app", "config.toml: statesync.trust_height",
                              "config.toml: tx_index.indexer", "app.toml: custom.amqp_url",
                              "app.toml: custom.enable_self_heal"}) {
    ASSERT_NE(remark_of(stock, setting), nullptr) << setting;
    EXPECT_FALSE(remark_of(stock, setting)->matters) << setting;
  }
  EXPECT_TRUE(stock.remarks.front().matters) << "what matters comes first";
}

TEST(StockConfig, RefusesWhatItCannotRead) {
  struct Case {
    std::string_view comet;
    std::string_view app;
    std::string_view refusal;
  };
  const Case cases[] = {
      {"moniker = \"caf\xc3\xa9\"", "",
       "config.toml, line 1: expected ASCII, found another character"},
      {"moniker = ", "", "config.toml, line 1: expected TOML"},
      {"[rpc]\nunsafe = 3", "", "config.toml, line 2: rpc.unsafe: expected true or false"},
      {"[consensus]\ntimeout_commit = \"soon\"", "",
       "config.toml, line 2: consensus.timeout_commit: expected a duration"},
      {"[p2p]\nseeds = \"nobody\"", "", "config.toml, line 2: p2p.seeds: expected peers as ID@"},
      {"[rpc]\nladdr = \"tcp://node.example:26657\"", "",
       "config.toml, line 2: rpc.laddr: expected HOST:PORT with a numeric host"},
      {"", "pruning = \"custom\"", "app.toml, line 1: pruning: expected \"default\""},
      {"", "min-retain-blocks = \"many\"", "app.toml, line 1: min-retain-blocks: expected an"},
  };
  for (const Case& one : cases) {
    const auto stock = read_stock_config(one.comet, one.app);
    ASSERT_FALSE(stock.ok()) << one.refusal;
    EXPECT_TRUE(stock.error().starts_with(one.refusal)) << stock.error();
  }
}

}  // namespace
}  // namespace buri::app
