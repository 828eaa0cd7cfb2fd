#include "node/protocol/ethereum/chain.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/protocol/ethereum/answers.hpp"
#include "node/protocol/json_rpc/values.hpp"
#include "tests/support/protocol/scripted_transport.hpp"

namespace buri::protocol::ethereum {
namespace {

using json_rpc::data_text;
using json_rpc::quantity_text;
using testing::ScriptedTransport;
using testing::TestWorld;

const Hash256 kTx = Hash256::from(Bytes(32, 0x22));
const Address kContract = Address::from(Bytes(20, 0x44));

/// A receipt in block 100 with one log.
std::string receipt_json(const Hash256& hash = kTx) {
  return R"({"transactionHash":)" + data_text(hash) + R"(,"blockNumber":"0x64","logs":[{)" +
         R"("address":")" + "0x" + std::string(40, 'A') + R"(","topics":[)" + data_text(kTx) +
         R"(],"data":"0x0102","logIndex":"0x7","removed":false}],"status":"0x1"})";
}

std::string block_json(std::uint64_t number) {
  return R"({"number":)" + quantity_text(number) + R"(,"hash":")" + std::string("0x") +
         std::string(64, '1') + "\"}";
}

struct Fixture {
  Fixture() {
    auto owned = std::make_unique<ScriptedTransport>(2);
    transport = owned.get();
    for (std::size_t i = 0; i < 2; ++i) {
      transport->on(i, "eth_chainId", R"("0x1")");
      transport->on(i, "eth_getTransactionReceipt", receipt_json());
      tags(i, block_json(100), block_json(140));
    }
    json_rpc::ClientOptions options;
    options.times.whole = std::chrono::seconds(1);
    chain.emplace(std::make_unique<json_rpc::Client>(std::move(owned), options, world.world(),
                                                     world.logger()));
  }
  void tags(std::size_t endpoint, const std::string& finalized, const std::string& latest) {
    transport->on_call(endpoint, "eth_getBlockByNumber", [=](const std::string& params) {
      return "\"result\":" + (params == R"(["finalized",false])" ? finalized : latest);
    });
  }
  /// The endpoint knows the tag `latest` alone, as before the merge.
  void only_latest(std::size_t endpoint, const std::string& latest) {
    transport->on_call(endpoint, "eth_getBlockByNumber", [=](const std::string& params) {
      if (params == R"(["latest",false])") return "\"result\":" + latest;
      return std::string(R"("error":{"code":-39001,"message":"Unknown block"})");
    });
  }

  TestWorld world;
  ScriptedTransport* transport = nullptr;
  std::optional<Chain> chain;
};

TEST(RootChainOverRpc, GivesAFinalReceiptWithItsLogs) {
  Fixture fixture;
  const auto receipt = fixture.chain->confirmed_receipt(kTx, 6);
  ASSERT_TRUE(receipt.ok());
  EXPECT_EQ(receipt->block_number, 100u);
  ASSERT_EQ(receipt->logs.size(), 1u);
  EXPECT_EQ(receipt->logs[0].index, 7u);
  EXPECT_EQ(receipt->logs[0].address, Address::from(Bytes(20, 0xaa)));
  EXPECT_EQ(receipt->logs[0].topics, std::vector<Hash256>{kTx});
  EXPECT_EQ(receipt->logs[0].data, (Bytes{1, 2}));
}

TEST(RootChainOverRpc, HoldsBackAReceiptAheadOfTheFinalizedBlock) {
  Fixture fixture;
  fixture.tags(0, block_json(99), block_json(1000));
  EXPECT_EQ(fixture.chain->confirmed_receipt(kTx, 6).error(), FactError::kMissing)
      << "confirmations count only where no finalized block can be had";
}

TEST(RootChainOverRpc, CountsConfirmationsWhereThereIsNoFinalizedTag) {
  for (const auto& [latest, is_confirmed] :
       {std::pair<std::uint64_t, bool>{105, false}, {106, true}, {99, false}}) {
    Fixture fixture;
    fixture.only_latest(0, block_json(latest));
    EXPECT_EQ(fixture.chain->confirmed_receipt(kTx, 6).ok(), is_confirmed) << latest;
  }
  Fixture fixture;
  fixture.tags(0, "null", block_json(106));
  EXPECT_TRUE(fixture.chain->confirmed_receipt(kTx, 6).ok());
}

TEST(RootChainOverRpc, SaysWhatIsMissingAndWhatIsUnavailable) {
  Fixture fixture;
  fixture.transport->on(0, "eth_getTransactionReceipt", "null");
  EXPECT_EQ(fixture.chain->confirmed_receipt(kTx, 6).error(), FactError::kMissing);
  for (std::size_t i = 0; i < 2; ++i) {
    fixture.transport->fail(i, json_rpc::TransportError::kTimeout);
  }
  EXPECT_EQ(fixture.chain->confirmed_receipt(kTx, 6).error(), FactError::kUnavailable);
}

TEST(RootChainOverRpc, PassesOverAServerThatSendsAnotherReceipt) {
  Fixture fixture;
  fixture.transport->on(0, "eth_getTransactionReceipt", receipt_json(Hash256{}));
  EXPECT_TRUE(fixture.chain->confirmed_receipt(kTx, 6).ok());
  EXPECT_EQ(fixture.transport->count(1, "eth_getTransactionReceipt"), 1);
}

TEST(RootChainOverRpc, FetchesAheadForOneRound) {
  Fixture fixture;
  fixture.chain->begin_round();
  fixture.chain->prefetch(std::vector<Hash256>{kTx});
  EXPECT_TRUE(fixture.chain->confirmed_receipt(kTx, 6).ok());
  EXPECT_TRUE(fixture.chain->confirmed_receipt(kTx, 6).ok());
  EXPECT_EQ(fixture.transport->count(0, "eth_getTransactionReceipt"), 1);
  EXPECT_EQ(fixture.transport->count(0, "eth_getBlockByNumber"), 1) << "the finalized block stays";
  fixture.chain->begin_round();
  EXPECT_TRUE(fixture.chain->confirmed_receipt(kTx, 6).ok());
  EXPECT_EQ(fixture.transport->count(0, "eth_getTransactionReceipt"), 2);
  EXPECT_EQ(fixture.transport->count(0, "eth_getBlockByNumber"), 2);
}

TEST(RootChainOverRpc, FetchesSeveralReceiptsInOneRequest) {
  Fixture fixture;
  fixture.transport->on_call(0, "eth_getTransactionReceipt", [](const std::string& params) {
    const auto hash = fixed_from_hex<32>(params.substr(2, 66)).value();
    if (hash.bytes[0] == 9) return std::string("\"result\":null");
    return "\"result\":" + receipt_json(hash);
  });
  std::vector<Hash256> hashes;
  for (std::uint8_t i = 0; i < 10; ++i) {
    Hash256 hash;
    hash.bytes[0] = i;
    hashes.push_back(hash);
  }
  fixture.chain->prefetch(hashes);
  EXPECT_EQ(fixture.transport->posts(0), 2) << "one of them for the chain id";
  EXPECT_TRUE(fixture.chain->confirmed_receipt(hashes[3], 6).ok());
  EXPECT_EQ(fixture.chain->confirmed_receipt(hashes[9], 6).error(), FactError::kMissing);
  EXPECT_EQ(fixture.transport->count(0, "eth_getTransactionReceipt"), 11);
}

/// Words of a contract's result, numbers or bytes.
std::string words(std::initializer_list<U256> list) {
  Bytes bytes;
  for (const U256& word : list) append(bytes, word.to_word());
  return data_text(bytes);
}

TEST(RootChainOverRpc, ReadsACheckpoint) {
  Fixture fixture;
  std::string asked;
  const U256 proposer = U256::from_big_endian(kContract).value();
  fixture.transport->on_call(0, "eth_call", [&](const std::string& params) {
    asked = params;
    return "\"result\":" + words({U256::from_uint64(5), U256::from_uint64(10),
                                  U256::from_uint64(20), U256::from_uint64(30), proposer});
  });
  const auto header = fixture.chain->header_block(kContract, U256::from_uint64(10000));
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->root_hash.bytes[31], 5);
  EXPECT_EQ(header->start_block, 10u);
  EXPECT_EQ(header->end_block, 20u);
  EXPECT_EQ(header->created_at, 30u);
  EXPECT_EQ(header->proposer, kContract);
  EXPECT_EQ(asked, R"([{"to":"0x)" + to_hex(kContract) + R"(","data":"0x41539d4a)" +
                       std::string(60, '0') + R"(2710"},"latest"])");
}

TEST(RootChainOverRpc, ReadsTheOtherFunctionsUnderTheirSelectors) {
  Fixture fixture;
  std::map<std::string, std::string> results{
      {"b87e1b66", words({U256::from_uint64(4)})},
      {"ec7e4855", words({U256::from_uint64(10000)})},
      {"ebde9f93", words({U256::from_uint64(3)})},
      {"ca7d34b6", words({U256::from_uint64(7)})},
      {"4b6b87ce", words({U256::from_uint64(8)})},
      {"61bc221a", words({U256::from_uint64(9)})},
      {"78daaf69", words({U256::from_uint64(1), U256::from_uint64(2), U256::from_uint64(3),
                          U256::from_uint64(4), U256::from_uint64(5), U256::from_uint64(6)})}};
  fixture.transport->on_call(0, "eth_call", [&](const std::string& params) {
    const auto data = params.find(R"("data":"0x)") + 10;
    return "\"result\":" + results.at(params.substr(data, 8));
  });
  const U256 id = U256::from_uint64(1);
  EXPECT_EQ(fixture.chain->last_child_block(kContract).value(), 4u);
  EXPECT_EQ(fixture.chain->current_header_block(kContract).value(), U256::from_uint64(10000));
  EXPECT_EQ(fixture.chain->validator_nonce(kContract, id).value(), 3u);
  EXPECT_EQ(fixture.chain->total_validator_stake(kContract, id).value(), U256::from_uint64(7));
  EXPECT_EQ(fixture.chain->account_state_root(kContract)->bytes[31], 8);
  EXPECT_EQ(fixture.chain->state_counter(kContract).value(), 9u);
  const auto details = fixture.chain->staker_details(kContract, id);
  ASSERT_TRUE(details.ok());
  EXPECT_EQ(details->activation_epoch, 3u);
  EXPECT_EQ(details->signer.bytes[19], 5);
}

TEST(RootChainOverRpc, TellsAContractThatIsNotThereFromAServerThatLies) {
  Fixture fixture;
  fixture.transport->on(0, "eth_call", R"("0x")");
  EXPECT_EQ(fixture.chain->last_child_block(kContract).error(), FactError::kMissing);
  fixture.transport->on_error(0, "eth_call", 3, "execution reverted");
  EXPECT_EQ(fixture.chain->last_child_block(kContract).error(), FactError::kMissing);
  fixture.transport->on(1, "eth_call", words({U256::from_uint64(4)}));
  for (const std::string& lie : {words({}).insert(3, "00"), std::string("5"), std::string("null"),
                                 words({U256{}, U256{}}), words({U256{{0, 1, 0, 0}}})}) {
    fixture.world.clock.advance(std::chrono::minutes(1));
    fixture.transport->on(0, "eth_call", lie);
    EXPECT_EQ(fixture.chain->last_child_block(kContract).value(), 4u) << lie;
  }
}

TEST(RootChainOverRpc, AcceptsNoAddressWithBytesBeforeIt) {
  Bytes result(160, 0);
  EXPECT_TRUE(read_header_block(result));
  result[4 * 32] = 1;
  EXPECT_FALSE(read_header_block(result));
  result[4 * 32] = 0;
  result[32] = 1;
  EXPECT_FALSE(read_header_block(result)) << "a start beyond 64 bits";
}

TEST(RootChainReceipt, IsRefusedWhenAFieldDoesNotFit) {
  const auto refuses = [](std::string text, std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
    const JsonValue document = parse_json(text).value();
    return !read_receipt(JsonCursor(document), kTx).ok();
  };
  const std::string good = receipt_json();
  EXPECT_TRUE(refuses(good, R"("logIndex":"0x7")", R"("logIndex":"7")"));
  EXPECT_TRUE(refuses(good, R"("logIndex":"0x7")", R"("logIndex":"0x07")"));
  EXPECT_TRUE(refuses(good, R"("logIndex":"0x7")", R"("x":"0x7")"));
  EXPECT_TRUE(refuses(good, R"("data":"0x0102")", R"("data":"0102")"));
  EXPECT_TRUE(refuses(good, R"("data":"0x0102")", R"("data":"0x0x01")"));
  EXPECT_TRUE(refuses(good, R"("removed":false)", R"("removed":true)"));
  EXPECT_TRUE(refuses(good, R"("blockNumber":"0x64")", R"("blockNumber":"0x10000000000000000")"));
  EXPECT_TRUE(refuses(good, R"("address":"0xAA)", R"("address":"0xAAAA)"));
  EXPECT_FALSE(refuses(good, R"("blockNumber":"0x64")", R"("blockNumber":null)"));
}

}  // namespace
}  // namespace buri::protocol::ethereum
