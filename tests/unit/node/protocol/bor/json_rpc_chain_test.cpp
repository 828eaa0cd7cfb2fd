#include "node/protocol/bor/json_rpc_chain.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/protocol/bor/header.hpp"
#include "node/protocol/json_rpc/values.hpp"
#include "tests/support/protocol/scripted_transport.hpp"
#include "tests/unit/node/protocol/bor/golden_bor.hpp"

namespace buri::protocol::bor {
namespace {

using json_rpc::data_text;
using json_rpc::quantity_text;
using testing::golden_member;
using testing::ScriptedTransport;
using testing::TestWorld;

constexpr std::uint64_t kHead = 9;

Header header_at(std::uint64_t number, const Hash256& parent) {
  Header header;
  header.number = number;
  header.parent_hash = parent;
  header.difficulty = U256::from_uint64(1);
  header.time = 1'700'000'000 + number;
  header.extra = Bytes(97, 0x11);
  header.base_fee = U256::from_uint64(7);
  return header;
}

std::string member(std::string_view key, const std::string& value) {
  return "\"" + std::string(key) + "\":" + value;
}

/// A header as eth_getHeaderByNumber prints it.
std::string json_of(const Header& header, const Hash256& hash) {
  return "{" + member("parentHash", data_text(header.parent_hash)) + "," +
         member("sha3Uncles", data_text(header.uncles_hash)) + "," +
         member("miner", data_text(header.coinbase)) + "," +
         member("stateRoot", data_text(header.state_root)) + "," +
         member("transactionsRoot", data_text(header.transactions_root)) + "," +
         member("receiptsRoot", data_text(header.receipts_root)) + "," +
         member("logsBloom", data_text(header.bloom)) + "," + member("difficulty", R"("0x1")") +
         "," + member("number", quantity_text(header.number)) + "," +
         member("gasLimit", R"("0x0")") + "," + member("gasUsed", R"("0x0")") + "," +
         member("timestamp", quantity_text(header.time)) + "," +
         member("extraData", data_text(header.extra)) + "," +
         member("mixHash", data_text(header.mix_digest)) + "," +
         member("nonce", data_text(header.nonce)) + "," + member("baseFeePerGas", R"("0x7")") +
         "," + member("withdrawalsRoot", "null") + "," + member("hash", data_text(hash)) + "}";
}

/// Two endpoints that know blocks 0 to kHead of the same chain.
struct Fixture {
  Fixture() {
    auto owned = std::make_unique<ScriptedTransport>(2);
    transport = owned.get();
    Hash256 parent;
    for (std::uint64_t i = 0; i <= kHead; ++i) {
      headers.push_back(header_at(i, parent));
      hashes.push_back(identify(headers.back()).hash);
      parent = hashes.back();
    }
    for (std::size_t i = 0; i < 2; ++i) serve(i);
    json_rpc::ClientOptions options;
    options.times.whole = std::chrono::seconds(1);
    options.chain_id = 137;
    chain.emplace(std::make_unique<json_rpc::Client>(std::move(owned), options, world.world(),
                                                     world.logger()));
  }

  void serve(std::size_t endpoint) {
    transport->on(endpoint, "eth_chainId", R"("0x89")");
    on_number(endpoint, "eth_getHeaderByNumber",
              [this](std::uint64_t n) { return json_of(headers[n], hashes[n]); });
    on_number(endpoint, "eth_getTdByNumber", [](std::uint64_t n) {
      return "{" + member("totalDifficulty", quantity_text(n + 1)) + "}";
    });
    transport->on(endpoint, "bor_getAuthor", data_text(Address::from(Bytes(20, 0xaa))));
  }

  /// A method whose parameter is a number or "latest"; null beyond the head.
  void on_number(std::size_t endpoint, const std::string& method,
                 const std::function<std::string(std::uint64_t)>& result) {
    transport->on_call(endpoint, method, [result](const std::string& params) {
      const std::string text = params.substr(2, params.size() - 4);
      const std::uint64_t number = text == "latest" ? kHead : std::stoull(text, nullptr, 16);
      return "\"result\":" + (number > kHead ? "null" : result(number));
    });
  }

  std::vector<Header> headers;
  std::vector<Hash256> hashes;
  TestWorld world;
  ScriptedTransport* transport = nullptr;
  std::optional<JsonRpcChain> chain;
};

TEST(BorJsonRpc, TellsHeadAndBlocksByNumber) {
  Fixture fixture;
  EXPECT_EQ(fixture.chain->head().value(),
            (BorBlock{kHead, fixture.hashes[kHead], fixture.hashes[kHead - 1]}));
  EXPECT_EQ(fixture.chain->block(3)->hash, fixture.hashes[3]);
  EXPECT_EQ(fixture.chain->block(kHead + 1).error(), FactError::kMissing);
}

TEST(BorJsonRpc, FetchesABatchInOneRequest) {
  Fixture fixture;
  const auto blocks = fixture.chain->blocks(2, 5);
  ASSERT_TRUE(blocks.ok());
  ASSERT_EQ(blocks->size(), 4u);
  EXPECT_EQ((*blocks)[3].block.hash, fixture.hashes[5]);
  EXPECT_EQ((*blocks)[3].total_difficulty, 6u);
  EXPECT_EQ((*blocks)[3].author, Address::from(Bytes(20, 0xaa)));
  EXPECT_EQ(fixture.transport->posts(0), 2) << "one of them for the chain id";
  EXPECT_EQ(fixture.transport->count(0, "bor_getAuthor"), 4);
}

TEST(BorJsonRpc, AsksNoAuthorOfBlockZero) {
  Fixture fixture;
  const auto blocks = fixture.chain->blocks(0, 2);
  ASSERT_EQ(blocks->size(), 3u);
  EXPECT_TRUE((*blocks)[0].author.is_zero());
  EXPECT_FALSE((*blocks)[1].author.is_zero());
  EXPECT_EQ(fixture.transport->count(0, "bor_getAuthor"), 2);
}

TEST(BorJsonRpc, GivesTheBlocksThatAreThere) {
  Fixture fixture;
  EXPECT_EQ(fixture.chain->blocks(kHead - 1, kHead + 5)->size(), 2u);
  EXPECT_TRUE(fixture.chain->blocks(kHead + 1, kHead + 2)->empty());
  fixture.transport->on_error(0, "bor_getAuthor", -32000, "unknown block");
  EXPECT_TRUE(fixture.chain->blocks(1, 2)->empty());
}

TEST(BorJsonRpc, CutsABatchWhereTheChainChangedMeanwhile) {
  Fixture fixture;
  Header other = fixture.headers[4];
  other.time += 1;
  fixture.headers[4] = other;
  fixture.hashes[4] = identify(other).hash;
  EXPECT_EQ(fixture.chain->blocks(2, 7)->size(), 3u);
}

TEST(BorJsonRpc, PassesOverAServerWhoseHeaderHasAnotherHash) {
  Fixture fixture;
  fixture.on_number(0, "eth_getHeaderByNumber",
                    [&fixture](std::uint64_t n) { return json_of(fixture.headers[n], Hash256{}); });
  EXPECT_EQ(fixture.chain->block(3)->hash, fixture.hashes[3]);
  EXPECT_EQ(fixture.transport->count(1, "eth_getHeaderByNumber"), 1);
  fixture.world.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(fixture.chain->blocks(2, 3)->size(), 2u);
  EXPECT_EQ(fixture.transport->count(1, "eth_getTdByNumber"), 2);
}

TEST(BorJsonRpc, PassesOverAServerThatSendsAnotherBlock) {
  Fixture fixture;
  fixture.on_number(0, "eth_getHeaderByNumber", [&fixture](std::uint64_t) {
    return json_of(fixture.headers[1], fixture.hashes[1]);
  });
  EXPECT_EQ(fixture.chain->block(3)->hash, fixture.hashes[3]);
}

TEST(BorJsonRpc, IsUnavailableWhenNobodyIsSound) {
  Fixture fixture;
  for (std::size_t i = 0; i < 2; ++i) {
    fixture.transport->on(i, "bor_getAuthor", R"("0x12")");
    fixture.transport->on(i, "bor_getRootHash", "\"" + std::string(64, '0') + "\"");
  }
  EXPECT_EQ(fixture.chain->author(1).error(), FactError::kUnavailable);
  EXPECT_EQ(fixture.chain->root_hash(0, 3).error(), FactError::kUnavailable);
}

/// Answers as recorded, by method and parameters.
TEST(BorJsonRpc, UnderstandsARecordedNode) {
  auto owned = std::make_unique<ScriptedTransport>(1);
  std::map<std::string, std::map<std::string, std::string>> recorded;
  const auto calls = testing::golden_bor_calls("json_rpc.jsonl");
  for (const JsonValue& call : calls) {
    const JsonValue& response = golden_member(call, "response");
    const bool has_result = testing::has_golden_member(response, "result");
    const JsonValue& params = golden_member(call, "params");
    std::string key = "[";
    for (const JsonValue& one : params.children) {
      if (key.size() > 1) key += ',';
      key += one.kind == JsonValue::Kind::kString ? "\"" + one.text + "\"" : one.text;
    }
    const std::string method = golden_member(call, "method").text;
    if (method != "bor_getRootHash" && method != "bor_getAuthor") continue;
    recorded[method][key + "]"] =
        has_result ? "\"result\":\"" + golden_member(response, "result").text + "\""
                   : R"("error":{"code":-32000,"message":"as recorded"})";
  }
  owned->on(0, "eth_chainId", R"("0x3afd")");
  for (const auto& [method, answers] : recorded) {
    owned->on_call(0, method,
                   [&list = answers](const std::string& params) { return list.at(params); });
  }
  TestWorld world;
  JsonRpcChain chain(std::make_unique<json_rpc::Client>(std::move(owned), json_rpc::ClientOptions{},
                                                        world.world(), world.logger()));
  EXPECT_EQ(to_hex(chain.root_hash(0, 63).value()),
            "3c851280f167ca21eebd42ba8548c71ba0417d0efb8782dc51902f20eaf5d1c2");
  EXPECT_EQ(chain.root_hash(10, 5).error(), FactError::kMissing);
  EXPECT_EQ(to_hex(chain.author(0x64).value()), "0afb1a5a973d16e6d5597b17e2009f8cdbde5c06");
  EXPECT_EQ(chain.author(0x989680).error(), FactError::kMissing);
  EXPECT_EQ(chain.author(0).error(), FactError::kMissing);
}

}  // namespace
}  // namespace buri::protocol::bor
