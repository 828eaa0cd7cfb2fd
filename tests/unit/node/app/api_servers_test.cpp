#include "node/app/api_servers.hpp"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "node/app/node.hpp"
#include "node/consensus/records/lines.hpp"
#include "tests/unit/node/consensus/api/http_client.hpp"
#include "tests/unit/node/golden.hpp"

/// A validator of its own chain, made from the recorded chain A's genesis, asked over REST and gRPC
/// while it makes blocks.

namespace buri::app {
namespace {

using namespace std::chrono_literals;
constexpr const char* kValidator = "0x6fae7c35ac7a7a385353b8466acd9c5db21f06f0";

std::string golden() { return testing::fixtures_folder() + "/../golden/heimdall-devnet/A/"; }

/// The key file of the chain's only validator, whose key everybody knows.
std::string validator_key_text() {
  const auto text = consensus::records::read_text(golden() + "keys.json").value();
  const auto document = parse_json(text).value();
  for (const JsonValue& key : document.children) {
    const JsonCursor one(key);
    if (one.member("address")->string().value() != kValidator) continue;
    const auto base64_of = [&](std::string_view member) {
      return to_base64(from_hex(one.member(member)->string().value()).value());
    };
    return R"({"address":"6FAE7C35AC7A7A385353B8466ACD9C5DB21F06F0","pub_key":{"type":)"
           R"("cometbft/PubKeySecp256k1eth","value":")" +
           base64_of("public_key") +
           R"("},"priv_key":{"type":"cometbft/PrivKeySecp256k1eth","value":")" +
           base64_of("private_key") + R"("}})";
  }
  return "";
}

class ApiOfANode : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(golden())) GTEST_SKIP() << "no recorded chain A";
    home_ = std::filesystem::temp_directory_path() / ("buri-api-" + std::to_string(::getpid()));
    std::filesystem::create_directories(home_ / "config");
    std::filesystem::create_directories(home_ / "data");
    write("config/genesis.json", consensus::records::read_text(
                                     consensus::records::existing_path(golden() + "genesis.json"))
                                     .value());
    write("config/priv_validator_key.json", validator_key_text());
    NodeOptions options(home_.string());
    using enum protocol::HeimdallFork;
    options.forks = protocol::HeimdallForks().set(kRio, 384).set(kTallyFix, 15);
    options.signer = FileSigner{options.paths.validator_key, options.paths.sign_state};
    options.endpoints = protocol::endpoints::read_settings("").value();
    options.network.listen_host = "127.0.0.1";
    options.network.listen_port = 0;
    options.api.rest.emplace().port = 0;
    auto& rpc = options.api.rpc.emplace();
    rpc.port = 0;
    rpc.web_socket_path = "/websocket";
    options.api.grpc.emplace().address = "127.0.0.1:0";
    auto opened = Node::open(std::move(options), Logger("test", LogLevel::kOff));
    ASSERT_TRUE(opened.ok()) << opened.error();
    node_ = std::move(opened).value();
    const auto started = node_->start();
    ASSERT_TRUE(started.ok()) << started.error();
  }
  void TearDown() override {
    node_ = nullptr;
    std::filesystem::remove_all(home_);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(home_ / name) << text;
  }
  [[nodiscard]] bool reaches(std::int64_t height) const {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (node_->height() < height && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(20ms);
    }
    return node_->height() >= height;
  }

  std::filesystem::path home_;
  std::unique_ptr<Node> node_;
};

TEST_F(ApiOfANode, TellsOfTheBlocksThatItMakes) {
  ASSERT_TRUE(reaches(2)) << node_->failure().value_or("no block came");
  testing::HttpClient client(node_->api()->rest_port());
  const auto status = client.get("/status");
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->status, 200U);
  EXPECT_NE(status->body.find("\"earliest_block_height\":1"), std::string::npos) << status->body;
  const auto set = client.get("/stake/validators-set");
  ASSERT_TRUE(set.has_value());
  EXPECT_NE(set->body.find(kValidator), std::string::npos) << set->body;
  const auto info = client.get("/cosmos/base/tendermint/v1beta1/node_info");
  ASSERT_TRUE(info.has_value());
  EXPECT_NE(info->body.find("\"network\":\"heimdall-gold-a\""), std::string::npos) << info->body;
  const auto refused =
      client.post("/cosmos/tx/v1beta1/txs", R"({"tx_bytes":"AAAA","mode":"BROADCAST_MODE_SYNC"})");
  ASSERT_TRUE(refused.has_value());
  EXPECT_NE(refused->body.find("\"code\":2"), std::string::npos) << refused->body;

  grpc::GenericStub stub(
      grpc::CreateChannel("127.0.0.1:" + std::to_string(node_->api()->grpc_port()),
                          grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 20s);
  const grpc::ByteBuffer question(nullptr, 0);
  grpc::ByteBuffer answer;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, "/cosmos.base.tendermint.v1beta1.Service/GetLatestBlock",
                 grpc::StubOptions(), &question, &answer,
                 [&done](const grpc::Status& one) { done.set_value(one); });
  EXPECT_TRUE(done.get_future().get().ok());
  EXPECT_GT(answer.Length(), 100U);
  ASSERT_TRUE(reaches(node_->height() + 1));
}

TEST_F(ApiOfANode, AnswersTheStockRpc) {
  ASSERT_TRUE(reaches(3)) << node_->failure().value_or("no block came");
  testing::HttpClient client(node_->api()->rpc_port());
  const auto expect = [&](const std::string& target, const std::string& part) {
    const auto answer = client.get(target);
    ASSERT_TRUE(answer.has_value()) << target;
    EXPECT_EQ(answer->status, 200U) << target << ": " << answer->body;
    EXPECT_NE(answer->body.find(part), std::string::npos) << target << ": " << answer->body;
  };
  expect("/status", "\"network\":\"heimdall-gold-a\"");
  expect("/status", "\"channels\":\"2021222330384000\"");
  expect("/status", "\"voting_power\":\"1000\"");
  expect("/block?height=2", "\"height\":\"2\"");
  expect("/block_results?height=2", "\"txs_results\":[{\"code\":2");
  expect("/commit?height=2", "\"canonical\":true");
  expect("/validators?height=1", "\"total\":\"1\"");
  expect("/net_info", "\"n_peers\":\"0\"");
  expect("/num_unconfirmed_txs", "\"total\":\"0\"");
  expect("/abci_info", "\"data\":\"heimdallapp\"");
  expect("/consensus_params?height=2", "\"max_gas\":\"10000000\"");
  const auto proven = client.post(
      "/", R"({"jsonrpc":"2.0","id":1,"method":"abci_query","params":{"path":"/store/stake/key",)"
           R"("data":"01","height":"2","prove":true}})");
  ASSERT_TRUE(proven.has_value());
  EXPECT_NE(proven->body.find("\"type\":\"ics23:simple\""), std::string::npos) << proven->body;
  const auto refused = client.post(
      "/", R"({"jsonrpc":"2.0","id":2,"method":"broadcast_tx_sync","params":{"tx":"AAAA"}})");
  ASSERT_TRUE(refused.has_value());
  EXPECT_NE(refused->body.find("\"code\":2"), std::string::npos) << refused->body;
}

TEST_F(ApiOfANode, TellsSubscribersOfItsBlocks) {
  ASSERT_TRUE(reaches(1)) << node_->failure().value_or("no block came");
  testing::WebSocketClient client(node_->api()->rpc_port(), "/websocket");
  ASSERT_TRUE(client.is_open());
  ASSERT_TRUE(client.write(R"({"jsonrpc":"2.0","id":7,"method":"subscribe","params":)"
                           R"({"query":"tm.event='NewBlock'"}})"));
  EXPECT_EQ(client.read(), R"({"jsonrpc":"2.0","id":7,"result":{}})");
  for (int i = 0; i < 2; ++i) {
    const auto event = client.read();
    ASSERT_TRUE(event.has_value());
    EXPECT_EQ(event->find(R"({"jsonrpc":"2.0","id":7,"result":{"query":"tm.event='NewBlock'",)"
                          R"("data":{"type":"tendermint/event/NewBlock","value":{"block":)"),
              0U)
        << *event;
    EXPECT_NE(event->find(R"("tm.event":["NewBlock"])"), std::string::npos) << *event;
  }
}

}  // namespace
}  // namespace buri::app
