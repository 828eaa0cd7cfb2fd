#include "node/app/node.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <thread>

#include "node/cli/consensus_snapshot.hpp"
#include "node/consensus/host/durable_file.hpp"
#include "node/consensus/host/file_key.hpp"
#include "node/consensus/p2p/node_key_file.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/unit/node/consensus/host/golden_validators.hpp"

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

  [[nodiscard]] std::string home(std::size_t index) const {
    return folder_ / std::to_string(index);
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

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("buri_node_test_" + std::to_string(::getpid()));
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

TEST_F(NodeTest, RefusesAChainWhoseForksItDoesNotKnow) {
  const auto node = Node::open(NodeOptions(home(1)), Logger("node", LogLevel::kOff));
  ASSERT_FALSE(node.ok());
  EXPECT_NE(node.error().find("fork heights of chain heimdall-gold-b"), std::string::npos)
      << node.error();
}

}  // namespace
}  // namespace buri::app
