#include "node/app/node.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <thread>

#include "node/app/api_servers.hpp"
#include "node/cli/consensus_snapshot.hpp"
#include "node/consensus/host/durable_file.hpp"
#include "node/consensus/host/file_key.hpp"
#include "node/consensus/p2p/node_key_file.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/unit/node/consensus/api/http_client.hpp"
#include "tests/unit/node/consensus/host/golden_validators.hpp"
#include "tests/unit/node/consensus/metrics/exposition.hpp"

/// Whole nodes on the loopback interface: real sockets, threads, databases and log.

namespace buri::app {
namespace {

using consensus::host::testing::golden_forks;
using consensus::host::testing::golden_key_file;
namespace p2p = consensus::p2p;

constexpr std::size_t kNodes = 4;
constexpr std::chrono::seconds kPatience{120};

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

void write(const std::string& path, std::string_view content) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  ASSERT_TRUE(consensus::host::replace_file(path, content, 0600).ok());
}

class NodeTest : public ::testing::Test {
 protected:
  NodeTest() {
    const std::string genesis =
        consensus::records::read_text("tests/golden/heimdall-devnet-b/genesis.json.xz").value();
    for (std::size_t i = 0; i < kNodes; ++i) {
      const HomePaths paths(home(i));
      const auto key = p2p::NodeKey::generate(system_random());
      write(paths.genesis, genesis);
      write(paths.node_key, p2p::node_key_text(key));
      write(paths.validator_key, golden_key_file(i + 1));
      write(paths.sign_state, consensus::host::sign_state_text({}));
      ids_.push_back(key.id());
    }
  }
  ~NodeTest() override {
    for (auto& node : nodes_) node = nullptr;
    std::filesystem::remove_all(folder_);
  }

  /// Of the genesis that all have.
  [[nodiscard]] std::string chain_id() const {
    return consensus::app::open_genesis(
               consensus::app::open_file(HomePaths(home(0)).genesis).value())
        .value()
        .head.chain_id;
  }
  [[nodiscard]] std::string home(std::size_t index) const {
    return folder_ / std::to_string(index);
  }

  /// Why a node with these keys of app.toml does not open; nothing if it does.
  [[nodiscard]] std::optional<std::string> refusal(std::size_t index, const std::string& custom,
                                                   bool signs = true) const {
    NodeOptions options(home(index));
    options.forks = golden_forks();
    options.crypto = accel::best_cpu_backend_alone(1);
    options.endpoints = protocol::endpoints::read_settings("[custom]\n" + custom).value();
    if (signs) options.signer = FileSigner{options.paths.validator_key, options.paths.sign_state};
    const auto node = Node::open(std::move(options), Logger("node", LogLevel::kOff));
    return node.ok() ? std::nullopt : std::optional(node.error());
  }

  /// The first node listens on any port; the others call it and all that came before them.
  void start(std::size_t index) {
    NodeOptions options(home(index));
    options.forks = golden_forks();
    options.signer = FileSigner{options.paths.validator_key, options.paths.sign_state};
    options.network.listen_host = "127.0.0.1";
    options.network.listen_port = 0;
    options.network.strict_addresses = false;
    options.network.peers.allow_duplicate_ip = true;
    options.network.peers.dial_jitter = std::chrono::milliseconds(10);
    for (std::size_t other = 0; other < kNodes; ++other) {
      if (other == index || !nodes_[other]) continue;
      options.network.peers.persistent_peers.push_back(
          {ids_[other], "127.0.0.1", nodes_[other]->port()});
    }
    options.host.machine.commit_ns = 20'000'000;
    options.pruning = pruning_;
    options.api.rpc.emplace().host = "127.0.0.1";
    options.api.rpc->port = 0;
    options.metrics.service = {.port = 0};
    // Nobody answers there, at once.
    options.endpoints = protocol::endpoints::read_settings(
                            "[custom]\nbor_rpc_url = \"http://127.0.0.1:1\"\n"
                            "eth_rpc_url = \"http://127.0.0.1:1\"\n"
                            "bor_rpc_timeout = \"20ms\"\n")
                            .value();
    options.crypto = accel::best_cpu_backend_alone(1);
    auto node = Node::open(std::move(options), Logger("node", LogLevel::kOff));
    ASSERT_TRUE(node.ok()) << node.error();
    nodes_[index] = std::move(node).value();
    const auto started = nodes_[index]->start();
    ASSERT_TRUE(started.ok()) << started.error();
  }

  [[nodiscard]] bool all_reach(std::int64_t height) const {
    for (const auto& node : nodes_) {
      if (node && node->height() < height) return false;
    }
    return true;
  }

  /// Evidence of so many blocks ago is too old, whatever their time.
  void let_evidence_expire(const std::string& age_blocks) {
    for (std::size_t i = 0; i < kNodes; ++i) {
      const HomePaths paths(home(i));
      std::string genesis = consensus::host::read_file(paths.genesis).value();
      for (const auto& [old, now] : {std::pair(std::string("\"max_age_duration\": 172800000000000"),
                                               std::string("\"max_age_duration\": 1")),
                                     std::pair(std::string("\"max_age_num_blocks\": 100000"),
                                               "\"max_age_num_blocks\": " + age_blocks)}) {
        const std::size_t at = genesis.find(old);
        ASSERT_NE(at, std::string::npos) << old;
        genesis.replace(at, old.size(), now);
      }
      write(paths.genesis, genesis);
    }
  }
  /// A node's figures; empty if nobody answers.
  [[nodiscard]] std::string figures_of(std::size_t index) const {
    const auto answer = testing::HttpClient(nodes_[index]->metrics_port()).get("/metrics");
    return answer ? "\n" + answer->body : "";
  }
  /// A number of a node's answer to `status`.
  [[nodiscard]] std::int64_t status_of(std::size_t index, std::string_view field) const {
    testing::HttpClient client(nodes_[index]->api()->rpc_port());
    const auto answer = client.get("/status");
    if (!answer) return -1;
    const std::string key = "\"" + std::string(field) + "\":\"";
    const std::size_t at = answer->body.find(key);
    return at == std::string::npos ? -1 : std::atoll(answer->body.c_str() + at + key.size());
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("buri_node_test_" + std::to_string(::getpid()));
  consensus::pruning::PruningOptions pruning_;
  std::vector<p2p::NodeId> ids_;
  std::array<std::unique_ptr<Node>, kNodes> nodes_;
};

TEST_F(NodeTest, FourDecideBlocksAndOneComesBack) {
  for (std::size_t i = 0; i < kNodes; ++i) start(i);
  ASSERT_TRUE(eventually([&] { return all_reach(4); }));
  nodes_[3] = nullptr;
  const std::int64_t height = nodes_[0]->height();
  ASSERT_TRUE(eventually([&] { return all_reach(height + 3); }));
  start(3);
  ASSERT_TRUE(eventually([&] { return all_reach(height + 6); }));
  for (const auto& node : nodes_) {
    EXPECT_EQ(node->failure(), std::nullopt);
    EXPECT_TRUE(eventually([&] { return node->is_alive(); })) << "each call asks for the next";
    EXPECT_TRUE(eventually([&] { return node->peer_count() == kNodes - 1; }));
  }
}

/// Four validators decide; one of them tells all that a stock one tells, as the chain has it.
TEST_F(NodeTest, ServesTheFiguresOfAStockValidator) {
  for (std::size_t i = 0; i < kNodes; ++i) start(i);
  ASSERT_TRUE(eventually([&] { return all_reach(6); }));
  testing::HttpClient rpc(nodes_[1]->api()->rpc_port());
  ASSERT_TRUE(rpc.get("/abci_query?path=%22/heimdallv2.stake.Query/GetTotalPower%22"));
  const std::string page = figures_of(1);
  std::vector<testing::StockFigure> expected;
  for (const testing::StockFigure& figure : testing::stock_figures()) {
    if (figure.when == "validating") expected.push_back(figure);
  }
  EXPECT_EQ(expected.size(), 93U);
  testing::expect_served(std::string_view(page).substr(1), expected);

  const std::string chain = "{chain_id=\"" + chain_id() + "\"}";
  const auto value = [&](const std::string& name) {
    return testing::sample(page, name + chain).value_or(-1);
  };
  const double height = value("cometbft_consensus_latest_block_height");
  EXPECT_GE(height, 6);
  EXPECT_LE(height, static_cast<double>(nodes_[1]->height()));
  EXPECT_GE(value("cometbft_consensus_height"), height);
  EXPECT_EQ(value("cometbft_consensus_validators"), 4);
  EXPECT_EQ(value("cometbft_consensus_byzantine_validators"), 0);
  EXPECT_EQ(value("cometbft_p2p_peers"), kNodes - 1);
  EXPECT_EQ(value("cometbft_mempool_active_outbound_connections"), kNodes - 1);
  EXPECT_EQ(value("cometbft_blocksync_syncing"), 0);
  EXPECT_EQ(value("cometbft_state_block_store_base_height"), 1);
  EXPECT_GT(value("cometbft_consensus_block_size_bytes"), 100);
  EXPECT_GT(value("cometbft_consensus_chain_size_bytes"),
            value("cometbft_consensus_block_size_bytes"));
  EXPECT_GE(value("cometbft_consensus_round_duration_seconds_count"), height - 1);
  EXPECT_GE(value("cometbft_state_block_processing_time_count"), height);
  EXPECT_GT(testing::sample(page, R"(buri_signer_request_seconds_count{message="precommit"})"), 3);
  EXPECT_EQ(testing::sample(
                page, R"(heimdallv2_stake_api_calls_total{method="GetTotalPower",type="query"})"),
            1);
  EXPECT_NE(page.find("buri_accel_items_total{backend="), std::string::npos);
  EXPECT_GT(testing::sample(page, R"(buri_database_write_buffer_bytes{database="blocks"})"), 0);
  EXPECT_GT(testing::sample(page, R"(buri_database_cache_bytes{database="application"})"), 0);
  EXPECT_NE(page.find("heimdallv2_info{commit=\"\",version=\"buri "), std::string::npos);
  EXPECT_EQ(testing::sample(page, "promhttp_metric_handler_requests_in_flight"), 1);
}

TEST_F(NodeTest, GoesOnFromASnapshotByBlockSync) {
  for (std::size_t i = 0; i < kNodes; ++i) start(i);
  ASSERT_TRUE(eventually([&] { return all_reach(6); }));
  nodes_[3] = nullptr;
  const std::string file = folder_ / "chain.snapshot";
  const auto exported = cli::run_snapshot_export({home(3), file, 0});
  ASSERT_TRUE(exported.ok()) << exported.error();
  const std::int64_t height = exported->facts.at("height").as_int64();
  EXPECT_GE(height, 5);
  EXPECT_FALSE(cli::run_snapshot_export({home(3), folder_ / "second", height + 1}).ok())
      << "the block above is not stored";
  EXPECT_FALSE(cli::run_snapshot_import({file, home(3), {}}).ok()) << "a chain is there";
  // Key and sign-state stay.
  for (const char* name : {"application", "blocks", "cs.wal"}) {
    std::filesystem::remove_all(std::filesystem::path(home(3)) / "data" / name);
  }
  const auto other = cli::run_snapshot_import({file, home(3), std::string(64, '0')});
  ASSERT_TRUE(other.ok()) << other.error();
  EXPECT_FALSE(other->is_positive) << "another header is trusted";
  // An import that a crash broke off: no node starts on it, the next import begins anew.
  write(std::filesystem::path(home(3)) / "data/snapshot.import", "");
  write(std::filesystem::path(home(3)) / "data/application/CURRENT", "torn");
  NodeOptions options(home(3));
  options.forks = golden_forks();
  const auto unfinished = Node::open(std::move(options), Logger("node", LogLevel::kOff));
  ASSERT_FALSE(unfinished.ok());
  EXPECT_NE(unfinished.error().find("unfinished"), std::string::npos) << unfinished.error();
  const auto trusted = std::string(exported->facts.at("next_header_hash").as_string());
  const auto imported = cli::run_snapshot_import({file, home(3), trusted});
  ASSERT_TRUE(imported.ok()) << imported.error();
  EXPECT_TRUE(imported->is_positive);
  EXPECT_EQ(imported->facts.at("height").as_int64(), height);
  EXPECT_EQ(imported->facts.at("app_hash"), exported->facts.at("app_hash"));
  start(3);
  EXPECT_GE(nodes_[3]->height(), height);
  const std::int64_t newest = nodes_[0]->height();
  ASSERT_TRUE(eventually([&] { return all_reach(newest + 4); }));
  for (const auto& node : nodes_) EXPECT_EQ(node->failure(), std::nullopt);
}

TEST_F(NodeTest, PrunesBlocksAndTellsFromWhichOnItHasThem) {
  let_evidence_expire("5");
  for (std::size_t i = 0; i < kNodes; ++i) start(i);
  ASSERT_TRUE(eventually([&] { return all_reach(3); }));
  // One alone prunes: those that all do could not give the first blocks to who starts late.
  nodes_[1] = nullptr;
  pruning_ = {.kept_blocks = 8, .interval_heights = 2, .slice_heights = 3};
  start(1);
  ASSERT_TRUE(eventually([&] { return all_reach(15); }));
  const auto oldest = [&] { return status_of(1, "earliest_block_height"); };
  ASSERT_TRUE(eventually([&] { return oldest() > 4; })) << oldest();
  nodes_[1] = nullptr;
  pruning_ = {};
  start(1);
  const std::int64_t kept_from = oldest();
  EXPECT_GT(kept_from, 4) << "a restart knows what is gone";
  EXPECT_LE(kept_from, nodes_[1]->height() - 7);
  const std::int64_t height = nodes_[0]->height();
  ASSERT_TRUE(eventually([&] { return all_reach(height + 3); })) << "the chain goes on";
  EXPECT_EQ(oldest(), kept_from) << "this time it keeps everything";
}

TEST_F(NodeTest, RefusesAHomeThatIsInUse) {
  start(0);
  NodeOptions options(home(0));
  options.forks = golden_forks();
  const auto second = Node::open(std::move(options), Logger("node", LogLevel::kOff));
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().find("another burid runs"), std::string::npos) << second.error();
}

TEST_F(NodeTest, RefusesASignerOfAnotherValidator) {
  NodeOptions options(home(0));
  options.forks = golden_forks();
  options.endpoints = protocol::endpoints::read_settings("").value();
  options.signer = FileSigner{options.paths.validator_key, options.paths.sign_state};
  options.validator_key.emplace().bytes[0] = 4;
  const auto node = Node::open(std::move(options), Logger("node", LogLevel::kOff));
  ASSERT_FALSE(node.ok());
  EXPECT_NE(node.error().find("signer.public_key: it is that of validator 0x"), std::string::npos)
      << node.error();
}

/// All four validators of the golden chain are among its fallback producers.
TEST_F(NodeTest, RefusesAProducerSeveralEndpointsOfBor) {
  if (kUnderThreadSanitizer) {
    GTEST_SKIP() << "Debian's gRPC is built without the thread sanitizer, which then sees no lock";
  }
  const std::string one = "bor_rpc_url = \"http://127.0.0.1:1\"\n";
  const std::string two = "bor_rpc_url = \"http://127.0.0.1:1, http://127.0.0.1:2\"\n";
  const std::string two_by_grpc = "bor_grpc_url = \"localhost:1, localhost:2\"\n";
  struct Case {
    std::string custom;
    bool signs;
    std::string refusal;  ///< how the sentence begins; empty: it starts
  };
  const Case cases[] = {
      {one, true, ""},
      {two, true, "endpoints.bor_rpc_urls: expected one endpoint, because validator 1 (0x"},
      {two, false, ""},
      {one + two_by_grpc, true, ""},
      {one + two_by_grpc + "bor_grpc_flag = \"true\"\n", true, "endpoints.bor_grpc_urls: "},
  };
  for (const Case& one_case : cases) {
    const auto found = refusal(0, one_case.custom, one_case.signs);
    EXPECT_EQ(found.has_value(), !one_case.refusal.empty())
        << one_case.custom << found.value_or("");
    EXPECT_TRUE(found.value_or("").starts_with(one_case.refusal)) << found.value_or("");
  }
}

TEST_F(NodeTest, RefusesAChainWhoseForksItDoesNotKnow) {
  const auto node = Node::open(NodeOptions(home(1)), Logger("node", LogLevel::kOff));
  ASSERT_FALSE(node.ok());
  EXPECT_NE(node.error().find("fork heights of chain heimdall-gold-b"), std::string::npos)
      << node.error();
}

}  // namespace
}  // namespace buri::app
