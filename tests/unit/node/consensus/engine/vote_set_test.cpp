#include "node/consensus/engine/vote_set.hpp"

#include <gtest/gtest.h>

#include "node/consensus/engine/height_vote_sets.hpp"

namespace buri::consensus::engine {
namespace {

/// Four validators of powers 40, 30, 20, 10: more than two thirds is 67.
ValidatorSet four() {
  std::vector<Validator> validators(4);
  for (std::size_t i = 0; i < 4; ++i) {
    validators[i].address.bytes[0] = static_cast<std::uint8_t>(i + 1);
    validators[i].voting_power = 40 - 10 * static_cast<std::int64_t>(i);
  }
  return ValidatorSet::restore(validators).value();
}

BlockId block(std::uint8_t name) {
  BlockId id;
  id.hash.emplace().bytes.fill(name);
  id.parts = {1, Hash256{}};
  return id;
}

Vote vote_of(std::int32_t index, const BlockId& id, std::int32_t round = 0,
             VoteType type = VoteType::kPrecommit) {
  Vote vote;
  vote.type = type;
  vote.height = 5;
  vote.round = round;
  vote.block_id = id;
  vote.validator_address.bytes[0] = static_cast<std::uint8_t>(index + 1);
  vote.validator_index = index;
  vote.signature = Bytes(65, static_cast<std::uint8_t>(index + 1));
  return vote;
}

class VoteSets : public ::testing::Test {
 protected:
  ValidatorSet validators_ = four();
  VoteSet set_{{5, 0, VoteType::kPrecommit}, validators_};
  BlockId a_ = block(0xa);
  BlockId b_ = block(0xb);
};

TEST_F(VoteSets, MoreThanTwoThirdsForOneBlockAreAMajority) {
  EXPECT_TRUE(set_.add(vote_of(0, a_)).is_added);
  EXPECT_FALSE(set_.has_two_thirds_any());
  set_.add(vote_of(1, b_));
  EXPECT_TRUE(set_.has_two_thirds_any());
  EXPECT_EQ(set_.majority(), std::nullopt);
  set_.add(vote_of(2, a_));
  EXPECT_EQ(set_.majority(), std::nullopt) << "60 of 100";
  set_.add(vote_of(3, a_));
  EXPECT_EQ(set_.majority(), a_);
  EXPECT_TRUE(set_.has_all());
  EXPECT_EQ(set_.voters_for(a_)->count(), 3U);
  EXPECT_EQ(set_.voters_for(block(0xc)), nullptr);
}

TEST_F(VoteSets, NilHasMajoritiesToo) {
  set_.add(vote_of(0, {}));
  set_.add(vote_of(1, {}));
  ASSERT_TRUE(set_.majority().has_value());
  EXPECT_TRUE(set_.majority()->is_nil());
}

TEST_F(VoteSets, KnowsWhatItHas) {
  set_.add(vote_of(0, a_));
  EXPECT_EQ(set_.look(vote_of(0, a_)), VoteStanding::kKnown);
  Vote other = vote_of(0, a_);
  other.signature.back() ^= 1;
  EXPECT_EQ(set_.look(other), VoteStanding::kOtherSignature) << "V is not authenticated";
  EXPECT_EQ(set_.look(vote_of(0, b_)), VoteStanding::kNew) << "a conflict is news";
  EXPECT_EQ(set_.look(vote_of(1, a_, 1)), VoteStanding::kOtherRound);
  EXPECT_EQ(set_.look(vote_of(1, a_, 0, VoteType::kPrevote)), VoteStanding::kOtherRound);
  EXPECT_EQ(set_.look(vote_of(4, a_)), VoteStanding::kUnknownValidator);
  Vote stranger = vote_of(1, a_);
  stranger.validator_index = 2;
  EXPECT_EQ(set_.look(stranger), VoteStanding::kUnknownValidator);
}

TEST_F(VoteSets, ConflictIsEvidenceAndDoesNotCount) {
  set_.add(vote_of(0, a_));
  const VoteAdded added = set_.add(vote_of(0, b_));
  EXPECT_FALSE(added.is_added);
  ASSERT_TRUE(added.conflict.has_value());
  EXPECT_EQ(added.conflict->block_id, a_);
  set_.add(vote_of(1, b_));
  EXPECT_EQ(set_.majority(), std::nullopt) << "30 of 100 for b";
  EXPECT_EQ(set_.voters().count(), 2U);
}

TEST_F(VoteSets, ConflictCountsForABlockThatAPeerClaims) {
  set_.add(vote_of(0, a_));
  EXPECT_TRUE(set_.claim_majority("peer", b_));
  EXPECT_TRUE(set_.claim_majority("peer", b_));
  EXPECT_FALSE(set_.claim_majority("peer", a_)) << "one claim a peer";
  const VoteAdded added = set_.add(vote_of(0, b_));
  EXPECT_TRUE(added.is_added);
  EXPECT_TRUE(added.conflict.has_value());
  EXPECT_EQ(set_.vote(0)->block_id, a_) << "no majority yet";
  EXPECT_EQ(set_.look(vote_of(0, b_)), VoteStanding::kKnown);
  set_.add(vote_of(1, b_));
  EXPECT_EQ(set_.majority(), b_);
  EXPECT_EQ(set_.vote(0)->block_id, b_) << "the commit needs this one";
  EXPECT_EQ(set_.look(vote_of(0, a_)), VoteStanding::kKnown) << "the first vote is not forgotten";
}

TEST_F(VoteSets, VoteForTheMajorityReplacesAConflictingOne) {
  set_.add(vote_of(3, a_));
  set_.claim_majority("peer", b_);
  set_.add(vote_of(0, b_));
  set_.add(vote_of(1, b_));
  EXPECT_EQ(set_.majority(), b_);
  EXPECT_TRUE(set_.add(vote_of(3, b_)).is_added);
  EXPECT_EQ(set_.vote(3)->block_id, b_);
}

TEST_F(VoteSets, CommitHoldsVotesForTheBlockAndNilOnes) {
  Vote first = vote_of(0, a_);
  first.extension = {1};
  first.extension_signature = Bytes(65, 8);
  first.non_rp_extension = {2};
  first.non_rp_signature = Bytes(65, 9);
  set_.add(first);
  set_.add(vote_of(1, a_));
  set_.add(vote_of(2, {}));
  set_.add(vote_of(3, b_));
  const ExtendedCommitRecord commit = set_.extended_commit();
  EXPECT_EQ(commit.height, 5);
  EXPECT_EQ(commit.block_id, a_);
  ASSERT_EQ(commit.signatures.size(), 4U);
  EXPECT_EQ(commit.signatures[0].vote.flag, BlockIdFlag::kCommit);
  EXPECT_EQ(commit.signatures[0].extension, Bytes({1}));
  EXPECT_EQ(commit.signatures[0].non_rp_signature, Bytes(65, 9));
  EXPECT_EQ(commit.signatures[2].vote.flag, BlockIdFlag::kNil);
  EXPECT_EQ(commit.signatures[3].vote.flag, BlockIdFlag::kAbsent);
  EXPECT_EQ(commit.signatures[3].vote.signature, Bytes());
}

TEST_F(VoteSets, PeersOpenTwoRoundsEach) {
  HeightVoteSets sets(5, validators_);
  sets.enter_round(0);
  EXPECT_NE(sets.set_for(vote_of(0, a_, 1), "p"), nullptr) << "the next round is for everybody";
  EXPECT_NE(sets.set_for(vote_of(0, a_, 7), "p"), nullptr);
  EXPECT_NE(sets.set_for(vote_of(0, a_, INT32_MAX), "p"), nullptr);
  EXPECT_NE(sets.set_for(vote_of(1, a_, 7), "p"), nullptr) << "open already";
  EXPECT_EQ(sets.set_for(vote_of(0, a_, 8), "p"), nullptr);
  EXPECT_EQ(sets.find(8, VoteType::kPrevote), nullptr);
  EXPECT_NE(sets.set_for(vote_of(0, a_, 8), "q"), nullptr);
}

TEST_F(VoteSets, LatestPolkaIsOfTheRoundsSoFar) {
  HeightVoteSets sets(5, validators_);
  const auto polka = [&](std::int32_t round, const BlockId& id) {
    for (const std::int32_t index : {0, 1}) {
      const Vote vote = vote_of(index, id, round, VoteType::kPrevote);
      sets.set_for(vote, "p")->add(vote);
    }
  };
  EXPECT_FALSE(sets.latest_polka().has_value());
  sets.enter_round(1);
  polka(0, a_);
  polka(2, b_);
  EXPECT_EQ(sets.latest_polka()->block_id, a_) << "round 2 is yet to come";
  sets.enter_round(4);
  ASSERT_TRUE(sets.latest_polka().has_value());
  EXPECT_EQ(sets.latest_polka()->round, 2);
  EXPECT_EQ(sets.latest_polka()->block_id, b_);
  EXPECT_NE(sets.prevotes(5), nullptr);
  EXPECT_NE(sets.precommits(3), nullptr);
}

}  // namespace
}  // namespace buri::consensus::engine
