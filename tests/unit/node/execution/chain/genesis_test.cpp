#include "node/execution/chain/genesis.hpp"

#include <gtest/gtest.h>

namespace buri::execution::chain {
namespace {

/// A genesis with these members of "bor" besides its addresses and maps.
std::string genesis_with(const std::string& bor, const std::string& alloc = "{}") {
  return R"({"config":{"chainId":99,"londonBlock":0,"bor":{
    "validatorContract":"0x0000000000000000000000000000000000001000",
    "stateReceiverContract":"0x0000000000000000000000000000000000001001",
    "period":{"0":2},"producerDelay":{"0":4},"backupMultiplier":{"0":2},)" +
         bor + R"(}},"gasLimit":"0x989680","difficulty":"1","alloc":)" + alloc + "}";
}
constexpr const char* kMaps =
    R"("sprint":{"0":16,"32":8},"burntContract":{"0":"0x00000000000000000000000000000000000000bb"})";

JsonError refusal_of(const std::string& text) {
  auto genesis = parse_genesis(text);
  EXPECT_FALSE(genesis.ok());
  return genesis.ok() ? JsonError{} : genesis.error();
}

TEST(Genesis, ReadsMapsThatHoldFromTheirKeyOn) {
  const auto genesis = parse_genesis(genesis_with(kMaps));
  ASSERT_TRUE(genesis.ok()) << describe(genesis.error());
  EXPECT_EQ(genesis->config.sprint_at(31), 16U);
  EXPECT_EQ(genesis->config.sprint_at(32), 8U);
  EXPECT_TRUE(genesis->config.is_sprint_start(16));
  EXPECT_TRUE(genesis->config.is_sprint_end(15));
  EXPECT_FALSE(genesis->config.is_sprint_end(16));
  EXPECT_EQ(genesis->header.base_fee, U256::from_uint64(1'000'000'000));
}

TEST(Genesis, ReadsTheLastValueBeforeTheFirstKeyAsBorDoes) {
  const Steps<std::uint64_t> steps{{100, 1}, {200, 2}};
  EXPECT_EQ(steps.at(99), 2U);
  EXPECT_EQ(steps.at(100), 1U);
  EXPECT_EQ(steps.at(300), 2U);
  EXPECT_FALSE(Steps<std::uint64_t>().at(1).has_value());
}

TEST(Genesis, RefusesWhatBorWouldStumbleOver) {
  EXPECT_EQ(refusal_of(genesis_with(R"("sprint":{"0":16})")).path, "config.bor.burntContract");
  EXPECT_EQ(refusal_of(genesis_with(R"("sprint":{"0":0})")).expected, "at least one block");
  EXPECT_EQ(refusal_of(genesis_with(R"("sprint":{"x":1})")).expected, "block numbers as keys");
  EXPECT_EQ(refusal_of("{}").path, "config");
}

TEST(Genesis, ReadsAccountsInAllFormsOfNumbers) {
  const std::string alloc = R"({"00000000000000000000000000000000000000aa":
    {"balance":"0xFf","nonce":"7","code":"0x6000","storage":{"0x1":"0x02","03":"0x0"}},
    "0x00000000000000000000000000000000000000ab":{"balance":"255"}})";
  const auto genesis = parse_genesis(genesis_with(kMaps, alloc));
  ASSERT_TRUE(genesis.ok()) << describe(genesis.error());
  ASSERT_EQ(genesis->alloc.size(), 2U);
  const AllocAccount& first = genesis->alloc.begin()->second;
  EXPECT_EQ(first.balance, U256::from_uint64(255));
  EXPECT_EQ(first.nonce, 7U);
  EXPECT_EQ(first.storage.size(), 1U);
  EXPECT_EQ(genesis->alloc.rbegin()->second.balance, U256::from_uint64(255));
}

TEST(Genesis, RefusesAnAddressTwice) {
  const std::string alloc = R"({"00000000000000000000000000000000000000aa":{"balance":"1"},
    "0x00000000000000000000000000000000000000aa":{"balance":"1"}})";
  EXPECT_EQ(refusal_of(genesis_with(kMaps, alloc)).expected, "each address once");
}

TEST(Genesis, TellsExceptionsByBlock) {
  const std::string tables = std::string(kMaps) + R"(,"overrideStateSyncRecords":{"80":2},
    "overrideStateSyncRecordsInRange":[{"startBlock":150,"endBlock":163,"value":0}],
    "overrideValidatorSetInRange":[{"startBlock":5,"endBlock":6,
      "validators":["0x00000000000000000000000000000000000000aa"]}],
    "skipValidatorByteCheck":[431])";
  const auto genesis = parse_genesis(genesis_with(tables));
  ASSERT_TRUE(genesis.ok()) << describe(genesis.error());
  const ChainConfig& config = genesis->config;
  EXPECT_EQ(config.record_limit_at(80), 2U);
  EXPECT_EQ(config.record_limit_at(163), 0U);
  EXPECT_FALSE(config.record_limit_at(164).has_value());
  EXPECT_EQ(config.extra_signers_at(6).size(), 1U);
  EXPECT_TRUE(config.extra_signers_at(7).empty());
  EXPECT_TRUE(config.unchecked_validator_bytes.contains(431));
}

}  // namespace
}  // namespace buri::execution::chain
