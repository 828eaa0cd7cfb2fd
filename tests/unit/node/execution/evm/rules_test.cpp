#include "node/execution/evm/rules.hpp"

#include <gtest/gtest.h>

#include "node/execution/evm/gas_schedule.hpp"
#include "node/execution/evm/precompiles.hpp"

namespace buri::execution::evm {
namespace {

using enum Proposal;

Rules mainnet(std::uint64_t block_number) {
  return bor_rules(*protocol::BorForks::for_chain(137), block_number);
}
Rules amoy(std::uint64_t block_number) {
  return bor_rules(*protocol::BorForks::for_chain(80002), block_number);
}
Address numbered(std::uint16_t number) {
  Address address;
  address.bytes[18] = static_cast<std::uint8_t>(number >> 8);
  address.bytes[19] = static_cast<std::uint8_t>(number);
  return address;
}

TEST(Rules, ChangeAtTheForksOfMainnet) {
  EXPECT_FALSE(mainnet(3'394'999).has(kEip1344));
  EXPECT_TRUE(mainnet(3'395'000).has(kEip1344));
  EXPECT_FALSE(mainnet(62'278'655).has(kPip30));
  EXPECT_TRUE(mainnet(62'278'656).has(kPip30));
  EXPECT_TRUE(mainnet(80'084'800).has(kPip27)) << "Madhugiri and MadhugiriPro are one block";
  EXPECT_TRUE(mainnet(80'084'800).has(kPointEvaluation));
  EXPECT_FALSE(mainnet(83'756'500).has(kPointEvaluation));
  EXPECT_FALSE(mainnet(100'000'000).has(kEip4399)) << "0x44 stays DIFFICULTY";
}

TEST(Rules, AmoyLosesThePrecompileOfP256ForAWhile) {
  const auto has_p256 = [](std::uint64_t block_number) {
    return PrecompileSet(amoy(block_number)).find(numbered(0x100)) != nullptr;
  };
  EXPECT_TRUE(has_p256(28'899'615));
  EXPECT_FALSE(has_p256(28'899'616));
  EXPECT_TRUE(has_p256(29'287'400));
}

TEST(GasSchedule, FollowsTheProposals) {
  EXPECT_EQ(gas_schedule(*ethereum_rules("ConstantinopleFix")).sload, 200);
  EXPECT_EQ(gas_schedule(*ethereum_rules("Istanbul")).sload, 800);
  EXPECT_EQ(gas_schedule(*ethereum_rules("Berlin")).sload, 100);
  EXPECT_EQ(gas_schedule(*ethereum_rules("London")).refund_clear, 4800);
  const GasSchedule chicago = gas_schedule(mainnet(87'218'600));
  EXPECT_EQ(chicago.cold_sload_extra + chicago.sload, 5460);
  EXPECT_EQ(chicago.sstore_reset - chicago.sstore_noop, 1960);
}

}  // namespace
}  // namespace buri::execution::evm
