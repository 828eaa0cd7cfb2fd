#include "node/protocol/bor_forks.hpp"

#include <gtest/gtest.h>

namespace buri::protocol {
namespace {

using enum BorFork;

BorForks parsed(std::string_view text) {
  return BorForks::from_genesis_config(parse_json(text).value()).value();
}

TEST(BorForks, PublicNetworksNeverActivateAForkBeforeTheOneAboveIt) {
  for (std::size_t i = 1; i < kBorForkCount; ++i) {
    EXPECT_GE(bor_fork_rows()[i].mainnet, bor_fork_rows()[i - 1].mainnet)
        << bor_fork_rows()[i].name;
    EXPECT_GE(bor_fork_rows()[i].amoy, bor_fork_rows()[i - 1].amoy) << bor_fork_rows()[i].name;
  }
}

TEST(BorForks, HoldFromTheirFirstBlockOn) {
  const BorForks mainnet = BorForks::for_chain(137).value();
  EXPECT_FALSE(mainnet.is_active(kChicago, 87'218'599));
  EXPECT_TRUE(mainnet.is_active(kChicago, 87'218'600));
  EXPECT_FALSE(BorForks::for_chain(80002)->is_active(kLondon, 73'099));
}

TEST(BorForks, OtherChainsHaveNoHeightsOfTheirOwn) {
  EXPECT_FALSE(BorForks::for_chain(1).has_value());
  EXPECT_FALSE(BorForks{}.is_active(kIstanbul, ~std::uint64_t{0}));
}

TEST(BorForks, AreReadFromBothObjectsOfAGenesis) {
  const BorForks forks = parsed(
      R"({"chainId": 7, "berlinBlock": 0, "londonBlock": null, "rioBlock": 9,
          "bor": {"rioBlock": 256, "madhugiriProBlock": 300, "sprint": {"0": 16}}})");
  EXPECT_EQ(forks, BorForks().set(kBerlin, 0).set(kRio, 256).set(kMadhugiriPro, 300));
}

TEST(BorForks, AGenesisWithoutBorHasTheEthereumForksAlone) {
  EXPECT_EQ(parsed(R"({"pragueBlock": 5})"), BorForks().set(kPrague, 5));
}

TEST(BorForks, RefuseAHeightThatIsNoNumber) {
  const auto forks =
      BorForks::from_genesis_config(parse_json(R"({"bor": {"delhiBlock": "12"}})").value());
  ASSERT_FALSE(forks.ok());
  EXPECT_EQ(forks.error().path, "bor.delhiBlock");
}

}  // namespace
}  // namespace buri::protocol
