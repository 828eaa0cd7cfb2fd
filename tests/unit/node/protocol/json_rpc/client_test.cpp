#include "node/protocol/json_rpc/client.hpp"

#include <gtest/gtest.h>

#include "tests/support/protocol/scripted_transport.hpp"

namespace buri::protocol::json_rpc {
namespace {

using testing::ScriptedTransport;
using testing::TestWorld;

constexpr std::string_view kMainnet = R"("0x89")";

/// A client of two endpoints, whose answers the tests write.
struct Fixture {
  explicit Fixture(std::optional<std::uint64_t> chain_id = std::nullopt) {
    auto owned = std::make_unique<ScriptedTransport>(2);
    transport = owned.get();
    ClientOptions options;
    options.times.whole = std::chrono::seconds(3);
    options.chain_id = chain_id;
    client.emplace(std::move(owned), options, world.world(), world.logger());
    for (std::size_t i = 0; i < 2; ++i) transport->on(i, "eth_chainId", kMainnet);
  }
  /// The result of bor_test as text; nothing if no endpoint answered.
  std::optional<std::string> ask() {
    std::optional<std::string> text;
    const bool is_answered = client->ask(Request{"bor_test", "[]"}, [&](const Answer& answer) {
      if (!answer.ok() || answer->kind != JsonValue::Kind::kString) return false;
      text = answer->text;
      return true;
    });
    return is_answered ? text : std::nullopt;
  }

  TestWorld world;
  ScriptedTransport* transport = nullptr;
  std::optional<Client> client;
};

TEST(JsonRpcClient, AsksForTheChainOnceAndThenAnswers) {
  Fixture fixture(137);
  fixture.transport->on(0, "bor_test", R"("a")");
  EXPECT_EQ(fixture.ask(), "a");
  EXPECT_EQ(fixture.ask(), "a");
  EXPECT_EQ(fixture.transport->count(0, "eth_chainId"), 1);
  EXPECT_EQ(fixture.transport->count(0, "bor_test"), 2);
  EXPECT_EQ(fixture.transport->count(1, "bor_test"), 0);
}

TEST(JsonRpcClient, PassesOverAnEndpointOfAnotherChain) {
  Fixture fixture(137);
  fixture.transport->on(0, "eth_chainId", R"("0x1")");
  fixture.transport->on(0, "bor_test", R"("foreign")");
  fixture.transport->on(1, "bor_test", R"("ours")");
  EXPECT_EQ(fixture.ask(), "ours");
  EXPECT_EQ(fixture.transport->count(0, "bor_test"), 0);
  EXPECT_TRUE(fixture.world.logged("another chain"));
}

TEST(JsonRpcClient, TrustsTheFirstEndpointOfTheListOnTheChain) {
  Fixture fixture;
  fixture.transport->fail(0, TransportError::kConnect);
  fixture.transport->on(1, "eth_chainId", R"("0x1")");
  fixture.transport->on(1, "bor_test", R"("fallback")");
  EXPECT_EQ(fixture.ask(), "fallback");
  EXPECT_EQ(fixture.client->chain_id(), 1u);
  fixture.transport->recover(0);
  fixture.transport->on(0, "bor_test", R"("first")");
  fixture.world.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(fixture.ask(), "first");
  EXPECT_EQ(fixture.client->chain_id(), 137u);
  fixture.transport->fail(0, TransportError::kConnect);
  EXPECT_EQ(fixture.ask(), std::nullopt) << "the fallback serves another chain than the first";
}

TEST(JsonRpcClient, FailsOverOnEveryKindOfTransportError) {
  for (const auto error : {TransportError::kTimeout, TransportError::kTls,
                           TransportError::kTooLarge, TransportError::kOverloaded}) {
    Fixture fixture(137);
    fixture.transport->fail(0, error);
    fixture.transport->on(1, "bor_test", R"("b")");
    EXPECT_EQ(fixture.ask(), "b");
    EXPECT_TRUE(fixture.world.logged(std::string(describe(error))));
  }
}

TEST(JsonRpcClient, FailsOverWhenTheReaderRefusesOrTheServerIsAtFault) {
  Fixture fixture(137);
  fixture.transport->on(0, "bor_test", "5");
  fixture.transport->on(1, "bor_test", R"("b")");
  EXPECT_EQ(fixture.ask(), "b");
  fixture.world.clock.advance(std::chrono::minutes(1));
  fixture.transport->on_error(0, "bor_test", -32601, "no such method");
  EXPECT_EQ(fixture.ask(), "b");
  EXPECT_EQ(fixture.transport->count(0, "eth_chainId"), 2) << "who failed is identified again";
}

TEST(JsonRpcClient, LeavesOtherErrorsToTheReader) {
  Fixture fixture(137);
  fixture.transport->on_error(0, "bor_test", -32000, "unknown block");
  bool is_error = false;
  EXPECT_TRUE(fixture.client->ask(Request{"bor_test", "[]"}, [&](const Answer& answer) {
    is_error = !answer.ok();
    return true;
  }));
  EXPECT_TRUE(is_error);
  EXPECT_EQ(fixture.transport->count(1, "bor_test"), 0);
}

TEST(JsonRpcClient, AsksABatchInOneRequest) {
  Fixture fixture(137);
  fixture.transport->on(0, "bor_test", R"("a")");
  const std::vector<Request> requests(3, Request{"bor_test", "[]"});
  std::size_t count = 0;
  EXPECT_TRUE(fixture.client->ask(requests, [&](const std::vector<Answer>& answers) {
    count = answers.size();
    return true;
  }));
  EXPECT_EQ(count, 3u);
  EXPECT_EQ(fixture.transport->posts(0), 2);
}

TEST(JsonRpcClient, NeverLogsAMessageOfTheServer) {
  Fixture fixture(137);
  fixture.transport->on_error(0, "bor_test", -32005, "limit of project 1234secret");
  fixture.transport->on(1, "bor_test", R"("b")");
  EXPECT_EQ(fixture.ask(), "b");
  EXPECT_TRUE(fixture.world.logged("error -32005"));
  EXPECT_FALSE(fixture.world.logged("secret"));
}

}  // namespace
}  // namespace buri::protocol::json_rpc
