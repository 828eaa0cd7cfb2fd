#include "node/app/start_options.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/hex.hpp"

namespace buri::app {
namespace {

class StartOptionsTest : public ::testing::Test {
 protected:
  StartOptionsTest() : home_(::testing::TempDir() + "buri-start-" + std::to_string(::getpid())) {
    std::filesystem::create_directories(home_ + "/config");
    arguments_.home = home_;
  }
  ~StartOptionsTest() override { std::filesystem::remove_all(home_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(home_ + "/config/" + name) << text;
  }

  std::string home_;
  StartArguments arguments_;
};

TEST_F(StartOptionsTest, ComeFromTheHomesFile) {
  write("buri.toml", R"([p2p]
moniker = "from the file"
listen = "127.0.0.1:7"
[consensus]
commit_timeout_ms = 100
[files]
data_directory = "elsewhere"
[block_sync]
enabled = false
window_blocks = 40
request_timeout_ms = 9000
resume_lag_heights = 7
[signer]
socket = "signer.sock"
public_key = ")" + std::string("04") +
                         std::string(128, 'a') + R"("
[endpoints]
bor_rpc_urls = ["http://127.0.0.1:9"]
[metrics]
listen = "127.0.0.1:8"
max_connections = 2
namespace = "mine"
)");
  const auto options = read_start_options(arguments_);
  ASSERT_TRUE(options.ok()) << options.error();
  const NodeOptions& node = options->node;
  EXPECT_EQ(node.moniker, "from the file");
  EXPECT_EQ(node.network.listen_port, 7);
  EXPECT_EQ(node.host.machine.commit_ns, 100'000'000);
  EXPECT_EQ(node.paths.log, home_ + "/elsewhere/cs.wal");
  EXPECT_EQ(node.endpoints.bor_rpc.front().port, 9);
  EXPECT_FALSE(node.catch_up.is_enabled);
  EXPECT_EQ(node.catch_up.sync.window_blocks, 40U);
  EXPECT_EQ(node.catch_up.sync.pool.window_heights, 41);
  EXPECT_EQ(node.catch_up.sync.pool.patience, std::chrono::seconds(9));
  EXPECT_EQ(node.catch_up.resume_lag_heights, 7);
  ASSERT_TRUE(node.metrics.service.has_value());
  EXPECT_EQ(node.metrics.service->host, "127.0.0.1");
  EXPECT_EQ(node.metrics.service->port, 8);
  EXPECT_EQ(node.metrics.service->max_connections, 2U);
  EXPECT_EQ(node.metrics.name_space, "mine");
  const auto* socket = std::get_if<consensus::host::SignerConnectionOptions>(&node.signer);
  ASSERT_NE(socket, nullptr);
  EXPECT_EQ(socket->path, home_ + "/signer.sock");
  ASSERT_TRUE(node.validator_key.has_value());
  EXPECT_EQ(to_hex(*node.validator_key), std::string("04") + std::string(128, 'a'));
}

TEST_F(StartOptionsTest, FiguresAreServedByDefaultWhereThereIsAFileAndNowhereElse) {
  EXPECT_FALSE(read_start_options(arguments_)->node.metrics.service.has_value());
  write("buri.toml", "");
  EXPECT_EQ(read_start_options(arguments_)->node.metrics.service->port, 26660);
  write("buri.toml", "[metrics]\nlisten = \"\"\n");
  EXPECT_FALSE(read_start_options(arguments_)->node.metrics.service.has_value());
  arguments_.metrics_listen = "nowhere";
  EXPECT_FALSE(read_start_options(arguments_).ok());
}

TEST_F(StartOptionsTest, TheCommandLineWins) {
  write("buri.toml", "[p2p]\nmoniker = \"from the file\"\n");
  arguments_.moniker = "typed";
  arguments_.metrics_listen = "127.0.0.1:10";
  arguments_.uses_file_key = true;
  const auto options = read_start_options(arguments_);
  ASSERT_TRUE(options.ok()) << options.error();
  EXPECT_EQ(options->node.moniker, "typed");
  EXPECT_EQ(options->node.metrics.service->port, 10);
  EXPECT_TRUE(std::holds_alternative<FileSigner>(options->node.signer));
}

TEST_F(StartOptionsTest, ABrokenFileIsASentence) {
  write("buri.toml", "[p2p]\nmonicker = \"x\"\n");
  const auto options = read_start_options(arguments_);
  ASSERT_FALSE(options.ok());
  EXPECT_NE(options.error().find("write \"moniker\""), std::string::npos) << options.error();
}

TEST_F(StartOptionsTest, WithoutItTheStockFileNamesTheEndpoints) {
  write("app.toml", "[custom]\nbor_rpc_url = \"http://10.0.0.2:8545\"\n");
  const auto options = read_start_options(arguments_);
  ASSERT_TRUE(options.ok()) << options.error();
  EXPECT_EQ(options->node.endpoints.bor_rpc.front().host, "10.0.0.2");
}

}  // namespace
}  // namespace buri::app
