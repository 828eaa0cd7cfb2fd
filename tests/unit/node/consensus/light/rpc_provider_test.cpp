#include "node/consensus/light/rpc_provider.hpp"

#include <gtest/gtest.h>

#include "node/consensus/api/evidence_json.hpp"
#include "node/consensus/light/client.hpp"
#include "node/protocol/json_rpc/http_transport.hpp"
#include "tests/support/consensus/light_rpc_server.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/golden.hpp"

/// The provider against servers on the loopback interface: sound ones, and each way to be none.

namespace buri::consensus::light {
namespace {

using buri::testing::LightRpcServer;
using buri::testing::MadeChain;
using buri::testing::MadeValidator;

constexpr std::int64_t kHeights = 24;

const std::vector<MadeValidator>& everybody() {
  static const auto all = buri::testing::make_validators(buri::testing::engine(), 250, 10, 9);
  return all;
}
std::vector<MadeValidator> rotating(std::int64_t height) {
  const auto first = everybody().begin() + height;
  return {first, first + 6};
}
std::vector<MadeValidator> many(std::int64_t /*height*/) { return everybody(); }

const MadeChain& rotating_chain() {
  static const MadeChain chain(buri::testing::engine(), kHeights, rotating);
  return chain;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

class RpcProviderTest : public ::testing::Test {
 protected:
  std::shared_ptr<RpcProvider> provider(const std::string& url, std::uint64_t max_bytes,
                                        std::string chain_id = std::string(MadeChain::kChainId)) {
    protocol::endpoints::Transport options;
    options.max_response_bytes = max_bytes;
    auto transport = protocol::json_rpc::HttpTransport::create(
        {protocol::endpoints::parse_url(url).value()}, options, system_clock());
    CHECK(transport.ok(), "the transport is made");
    RpcTimes times;
    times.attempt = std::chrono::milliseconds(400);
    return std::make_shared<RpcProvider>(
        RpcNode(std::move(transport).value(), 0, times,
                {&system_clock(), [this](std::chrono::nanoseconds) { ++pauses_; }}),
        std::move(chain_id), buri::testing::engine(), Logger("light", LogLevel::kOff));
  }
  std::shared_ptr<RpcProvider> provider(const LightRpcServer& server) {
    return provider(server.url(), kMaxRpcAnswerBytes);
  }
  /// How block 5 is refused.
  ProviderFault refusal(const LightRpcServer& server) {
    const auto block = provider(server)->light_block(5);
    return block.ok() ? ProviderFault{ProviderError::kBad, "taken"} : block.error();
  }

  int pauses_ = 0;
};

TEST_F(RpcProviderTest, GivesBlocksAsTheNodeHasThem) {
  LightRpcServer server(rotating_chain());
  const auto node = provider(server);
  const auto block = node->light_block(7);
  ASSERT_TRUE(block.ok()) << block.error().reason;
  EXPECT_EQ(block->commit, rotating_chain().at(7).commit);
  EXPECT_EQ(engine::encode_light_block(*block), engine::encode_light_block(rotating_chain().at(7)));
  EXPECT_EQ(node->light_block(0)->height(), kHeights);
  EXPECT_EQ(node->name(), server.url());
}

TEST_F(RpcProviderTest, JoinsThePagesOfASet) {
  LightRpcServer server(MadeChain(buri::testing::engine(), 1, many));
  const auto block = provider(server)->light_block(1);
  ASSERT_TRUE(block.ok()) << block.error().reason;
  EXPECT_EQ(block->validators.size(), 250u);
  EXPECT_EQ(server.requests(), 4) << "a commit and three pages";
}

TEST_F(RpcProviderTest, ALightClientFollowsAChainOverIt) {
  LightRpcServer primary(rotating_chain());
  LightRpcServer witness(rotating_chain());
  buri::testing::SimulatedDisk disk;
  const auto database = disk.open(TrustedStore::families());
  TrustedStore store(*database);
  const ManualClock clock(WallTime(std::chrono::seconds(MadeChain::kFirstSecond + kHeights + 5)));
  std::vector<std::int64_t> steps;
  ClientServices services{&buri::testing::engine(), &clock, &store, provider(primary),
                          {provider(witness)},      {}};
  services.on_step = [&](const engine::LightBlockRecord& trusted,
                         const engine::LightBlockRecord& verified) {
    EXPECT_LT(trusted.height(), verified.height());
    steps.push_back(verified.height());
  };
  Client client({.chain_id = std::string(MadeChain::kChainId)}, std::move(services),
                Logger("light", LogLevel::kOff));
  ASSERT_TRUE(client.start({1, *rotating_chain().at(1).commit.block_id.hash}).ok());
  const auto block = client.verify_at(0);
  ASSERT_TRUE(block.ok()) << block.error().reason;
  EXPECT_EQ(block->height(), kHeights);
  EXPECT_GT(steps.size(), 5u) << "the set changes too much for one step";
  EXPECT_EQ(steps.back(), kHeights);
}

TEST_F(RpcProviderTest, BothSidesOfAForkGetTheEvidence) {
  LightRpcServer primary(rotating_chain());
  const auto fork = rotating_chain().forked(
      18, [](engine::Header& header) { header.app_hash = Bytes(32, 99); }, rotating);
  LightRpcServer witness(fork);
  buri::testing::SimulatedDisk disk;
  const auto database = disk.open(TrustedStore::families());
  TrustedStore store(*database);
  const ManualClock clock(WallTime(std::chrono::seconds(MadeChain::kFirstSecond + kHeights + 5)));
  Client client(
      {.chain_id = std::string(MadeChain::kChainId)},
      {&buri::testing::engine(), &clock, &store, provider(primary), {provider(witness)}, {}},
      Logger("light", LogLevel::kOff));
  ASSERT_TRUE(client.start({1, *rotating_chain().at(1).commit.block_id.hash}).ok());
  const auto block = client.verify_at(0);
  ASSERT_FALSE(block.ok());
  EXPECT_EQ(block.error().error, ClientError::kAttack) << block.error().reason;
  ASSERT_EQ(block.error().evidence.size(), 2u);
  ASSERT_EQ(witness.evidence().size(), 1u);
  ASSERT_EQ(primary.evidence().size(), 1u);
  // A node reads what was sent as the very piece that was found.
  const auto sent = parse_json(witness.evidence()[0]).value();
  const auto value = JsonCursor(sent).member("params")->member("evidence").value();
  const auto read = api::decode_evidence(value);
  ASSERT_TRUE(read.ok()) << describe(read.error());
  EXPECT_EQ(read->encoded, block.error().evidence[0].encoded);
  EXPECT_TRUE(read->is_light_client_attack);
}

TEST_F(RpcProviderTest, TellsWhatANodeDoesNotHave) {
  LightRpcServer server(rotating_chain());
  EXPECT_EQ(provider(server)->light_block(kHeights + 1).error().error,
            ProviderError::kHeightTooHigh);
  server.twist("commit", [](const std::string&) {
    return "error:height 5 is not available, lowest height is 9";
  });
  EXPECT_EQ(refusal(server).error, ProviderError::kNotFound);
  server.twist("commit", [](const std::string&) { return "null"; });
  EXPECT_EQ(refusal(server).error, ProviderError::kNotFound);
  server.twist("commit", [](const std::string&) { return "error:anything else"; });
  EXPECT_EQ(refusal(server).error, ProviderError::kNoResponse);
  EXPECT_EQ(refusal(server).reason, "commit: \"anything else\"");
}

TEST_F(RpcProviderTest, RefusesWhatNoSoundNodeSays) {
  using Twists = std::vector<std::pair<std::string, LightRpcServer::Twist>>;
  const auto& other = rotating_chain().at(6);
  const Twists twists = {
      {"commit",
       [](const std::string& result) { return replaced(result, "\"canonical\"", "\"c\""); }},
      {"commit", [](const std::string& result) { return replaced(result, "{", "{\"more\":1,"); }},
      {"commit", [](const std::string& result) { return replaced(result, "\"5\"", "5"); }},
      {"commit", [&](const std::string&) { return LightRpcServer::commit_result(other); }},
      {"commit", [](const std::string& result) { return replaced(result, "made-1", "made-2"); }},
      {"commit",
       [](const std::string& result) {
         return replaced(result, "\"app_hash\":\"07", "\"app_hash\":\"08");
       }},
      {"commit", [](const std::string&) { return "[1,2]"; }},
      {"validators",
       [&](const std::string&) { return LightRpcServer::validators_result(other, 1, 100); }},
      {"validators",
       [](const std::string& result) {
         return replaced(result, "\"total\":\"6\"", "\"total\":\"5\"");
       }},
      {"validators",
       [](const std::string& result) {
         return replaced(result, "\"total\":\"6\"", "\"total\":\"9\"");
       }},
      {"validators",
       [](const std::string& result) {
         return replaced(result, "\"voting_power\":\"10\"", "\"voting_power\":\"11\"");
       }},
      {"validators",
       [](const std::string&) { return R"({"block_height":"5","validators":[],"total":"6"})"; }}};
  for (const auto& [method, change] : twists) {
    LightRpcServer server(rotating_chain());
    server.twist(method, change);
    const ProviderFault fault = refusal(server);
    EXPECT_EQ(fault.error, ProviderError::kBad) << method;
    EXPECT_NE(fault.reason, "taken");
  }
}

TEST_F(RpcProviderTest, RefusesMoreThanIsRead) {
  LightRpcServer server(MadeChain(buri::testing::engine(), 1, many));
  const auto block = provider(server.url(), 10'000)->light_block(1);
  ASSERT_FALSE(block.ok());
  EXPECT_EQ(block.error().error, ProviderError::kBad);
  EXPECT_EQ(block.error().reason, "commit: the answer is too large");
}

TEST_F(RpcProviderTest, AsksAgainWhereThatMayHelp) {
  LightRpcServer server(rotating_chain());
  auto slow = buri::testing::http_ok("{}");
  slow.delay = std::chrono::milliseconds(600);
  server.reply_first({buri::testing::http_status(503), slow});
  EXPECT_TRUE(provider(server)->light_block(5).ok());
  EXPECT_EQ(pauses_, 2);
  server.reply_first({buri::testing::http_status(404)});
  EXPECT_EQ(refusal(server).error, ProviderError::kNoResponse);
  EXPECT_EQ(pauses_, 2) << "another attempt would not help";
  const auto nobody = provider("http://127.0.0.1:1", kMaxRpcAnswerBytes)->light_block(5);
  EXPECT_EQ(nobody.error().error, ProviderError::kNoResponse);
}

}  // namespace
}  // namespace buri::consensus::light
