#include "node/protocol/heimdall_forks.hpp"

#include <gtest/gtest.h>

namespace buri::protocol {
namespace {

using enum HeimdallFork;

TEST(HeimdallForks, PublicNetworksHaveTheirOwnHeights) {
  const auto mainnet = HeimdallForks::for_chain("heimdallv2-137").value();
  const auto amoy = HeimdallForks::for_chain("heimdallv2-80002").value();
  EXPECT_FALSE(mainnet.is_zurich(47'879'999));
  EXPECT_TRUE(mainnet.is_zurich(47'880'000));
  EXPECT_TRUE(amoy.is_zurich(37'750'000));
  EXPECT_TRUE(mainnet.deletes_faulty_milestone(28'525'000));
  EXPECT_FALSE(mainnet.deletes_faulty_milestone(28'525'001));
  EXPECT_EQ(amoy.height_of(kMilestoneDeletion), std::nullopt);
  EXPECT_FALSE(mainnet.is_compact_vote_extension(1'000'000'000));
  EXPECT_EQ(HeimdallForks::for_chain("heimdall-devnet"), std::nullopt);
}

TEST(HeimdallForks, VotesAreJudgedLenientlyOnlyInsideTheirWindows) {
  const auto forks = HeimdallForks::for_chain("heimdallv2-137").value();
  EXPECT_TRUE(forks.power_overflow_is_fatal(25'722'999));
  EXPECT_FALSE(forks.power_overflow_is_fatal(25'723'000));
  EXPECT_TRUE(forks.unknown_validator_is_fatal(25'723'062));
  EXPECT_FALSE(forks.unknown_validator_is_fatal(25'723'063));
  EXPECT_FALSE(forks.unknown_validator_is_fatal(28'913'693));
  EXPECT_TRUE(forks.unknown_validator_is_fatal(28'913'694));
  EXPECT_TRUE(forks.power_overflow_is_fatal(28'913'694));
}

TEST(HeimdallForks, PenultimateSetIsKeptOneBlockBeforeItIsUsed) {
  const auto forks = HeimdallForks().set(kTallyFix, 15);
  EXPECT_FALSE(forks.keeps_penultimate_set(13));
  EXPECT_TRUE(forks.keeps_penultimate_set(14));
  EXPECT_FALSE(forks.uses_penultimate_set(14));
  EXPECT_TRUE(forks.uses_penultimate_set(15));
}

TEST(HeimdallForks, PenultimateSetIsNotUsedInTheFirstTwoBlocks) {
  const auto forks = HeimdallForks().set(kTallyFix, 0).set(kInitial, 10);
  EXPECT_FALSE(forks.uses_penultimate_set(11));
  EXPECT_TRUE(forks.uses_penultimate_set(12));
}

TEST(HeimdallForks, RulesOfProducersAndMilestonesChangeAtTheirHeights) {
  const auto forks = HeimdallForks::for_chain("heimdallv2-137").value();
  EXPECT_EQ(forks.producer_limit(34'966'592), 3U);
  EXPECT_EQ(forks.producer_limit(34'966'593), 4U);
  EXPECT_EQ(forks.rotation_threshold(34'966'592), 5);
  EXPECT_EQ(forks.rotation_threshold(34'966'593), 10);
  EXPECT_EQ(forks.rotation_buffer(34'966'592), 10U);
  EXPECT_EQ(forks.rotation_buffer(34'966'593), 20U);
  using Rule = bool (HeimdallForks::*)(std::int64_t) const;
  using F = HeimdallForks;
  const std::vector<std::pair<Rule, std::int64_t>> rules{
      {&F::counts_members_votes_only, 47'880'000}, {&F::is_downtime_target_open, 47'880'000},
      {&F::requires_producer_power, 50'185'000},   {&F::falls_back_to_supporters, 50'185'000},
      {&F::proposition_names_head, 50'185'000},    {&F::watches_pending_head, 50'185'000},
      {&F::binds_parent_to_start, 50'185'000},     {&F::tolerates_missing_producer, 51'533'000},
      {&F::ignores_repeated_downtime, 51'533'000}, {&F::binds_supporters_to_parent, 51'533'000}};
  for (const auto& [rule, height] : rules) {
    SCOPED_TRACE(height);
    EXPECT_FALSE((forks.*rule)(height - 1));
    EXPECT_TRUE((forks.*rule)(height));
  }
}

TEST(HeimdallForks, DowntimeTargetsAreOpenWhereZurichNeverComes) {
  EXPECT_TRUE(HeimdallForks().is_downtime_target_open(1));
  EXPECT_FALSE(HeimdallForks().set(kZurich, 5).is_downtime_target_open(4));
  EXPECT_FALSE(HeimdallForks().counts_members_votes_only(1));
}

TEST(HeimdallForks, ReadsAPrivateChainsHeights) {
  const auto json = parse_json(R"({"rio": 384, "tally_fix": 0, "phuket": 60})").value();
  const auto forks = HeimdallForks::from_json(json).value();
  EXPECT_FALSE(forks.is_rio(383));
  EXPECT_TRUE(forks.is_rio(384));
  EXPECT_TRUE(forks.is_active(kTallyFix, 0));
  EXPECT_FALSE(forks.is_zurich(1'000'000));
  EXPECT_FALSE(HeimdallForks::from_json(parse_json(R"({"berlin": 1})").value()).ok());
  EXPECT_FALSE(HeimdallForks::from_json(parse_json(R"({"rio": -1})").value()).ok());
  EXPECT_FALSE(HeimdallForks::from_json(parse_json(R"({"rio": "1"})").value()).ok());
}

}  // namespace
}  // namespace buri::protocol
