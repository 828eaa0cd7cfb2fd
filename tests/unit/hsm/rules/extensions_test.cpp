#include "hsm/rules/extensions.hpp"

#include <gtest/gtest.h>

#include "hsm/wire/plain_extension.hpp"
#include "hsm/wire/vote_extension.hpp"
#include "tests/unit/hsm/rules/samples.hpp"

namespace buri::hsm::rules {
namespace {

using testing::block;
using testing::checkpoint;
using testing::extend;
using testing::hash_of;
using testing::outcome;
using testing::precommit_at;
using testing::World;

/// A precommit that promises a checkpoint.
wire::SignVote promise(std::int64_t height, const wire::Checkpoint& promised) {
  wire::SignVote vote = precommit_at(height, 0);
  vote.plain_extension = wire::plain_checkpoint(promised);
  return vote;
}

/// A precommit whose extension was changed.
template <class Change>
wire::SignVote with_extension(const Change& change) {
  wire::SignVote vote = precommit_at(200, 0);
  wire::VoteExtension extension = wire::decode_vote_extension(*vote.extension).value();
  change(extension);
  vote.extension = wire::encode_vote_extension(extension);
  return vote;
}

TEST(VoteExtensionRule, APrecommitHasThreeSlotsAndReplaysThemAll) {
  World world;
  const Decision first = world.sign(precommit_at(200, 0));
  ASSERT_EQ(outcome(first), "granted");
  ASSERT_EQ(first->slots.size(), 3u);
  EXPECT_EQ(first->slots[0].purpose, wire::Purpose::kVote);
  EXPECT_EQ(first->slots[1].purpose, wire::Purpose::kVoteExtension);
  EXPECT_EQ(first->slots[2].purpose, wire::Purpose::kPlainExtension);
  EXPECT_EQ(outcome(world.sign(precommit_at(200, 0))), "replayed");
}

TEST(VoteExtensionRule, ExtensionsStandOnPrecommitsOfABlockAndInPairsOnly) {
  const World world;
  wire::SignVote vote = precommit_at(200, 0);
  vote.type = wire::VoteType::kPrevote;
  EXPECT_EQ(outcome(world.ask(vote)), "vote_extension");
  vote = precommit_at(200, 0);
  vote.block_id = {};
  EXPECT_EQ(outcome(world.ask(vote)), "vote_extension");
  vote = precommit_at(200, 0);
  vote.plain_extension.reset();
  EXPECT_EQ(outcome(world.ask(vote)), "vote_extension");
}

TEST(VoteExtensionRule, MustSpeakOfTheVotedBlockAndHeight) {
  const World world;
  EXPECT_EQ(outcome(world.ask(with_extension([](auto& e) { e.height += 1; }))), "vote_extension");
  EXPECT_EQ(outcome(world.ask(with_extension([](auto& e) { e.block_hash[0] ^= 1; }))),
            "vote_extension");
  EXPECT_EQ(outcome(world.ask(with_extension([](auto& e) { e.block_hash.clear(); }))),
            "vote_extension");
}

TEST(VoteExtensionRule, MilestoneLimitsHold) {
  World world;
  world.policy.vote_extension.max_milestone_blocks = 2;
  const auto proposing = [](std::size_t count, std::size_t difficulties, std::uint64_t start) {
    return with_extension([&](wire::VoteExtension& extension) {
      extension.milestone.emplace();
      for (std::size_t i = 0; i < count; ++i) {
        extension.milestone->block_hashes.push_back(hash_of(i));
      }
      extension.milestone->block_total_difficulties.assign(difficulties, 7);
      extension.milestone->start_block_number = start;
    });
  };
  EXPECT_EQ(outcome(world.ask(proposing(2, 2, 5))), "granted");
  EXPECT_EQ(outcome(world.ask(proposing(3, 3, 5))), "vote_extension");
  EXPECT_EQ(outcome(world.ask(proposing(0, 0, 5))), "vote_extension");
  EXPECT_EQ(outcome(world.ask(proposing(2, 1, 5))), "vote_extension");
  EXPECT_EQ(outcome(world.ask(proposing(2, 2, ~0ULL))), "vote_extension");
  world.policy.vote_extension.max_side_tx_responses = 3;
  wire::SignVote vote = precommit_at(200, 0);
  extend(vote, 3);
  EXPECT_EQ(outcome(world.ask(vote)), "granted");
  extend(vote, 4);
  EXPECT_EQ(outcome(world.ask(vote)), "vote_extension");
}

TEST(VoteExtensionRule, CompactFormHoldsFromItsHeight) {
  World world;
  world.policy.vote_extension.compact_from_height = 200;
  EXPECT_EQ(outcome(world.ask(precommit_at(200, 0))), "vote_extension");
  EXPECT_EQ(outcome(world.ask(precommit_at(199, 0))), "granted");
  wire::SignVote vote = with_extension([](wire::VoteExtension& extension) {
    extension.height = 0;
    extension.block_hash.resize(8);
  });
  EXPECT_EQ(outcome(world.ask(vote)), "plain_extension");
  vote.plain_extension = wire::plain_dummy(wire::ExtensionForm::kCompact, 200, vote.chain_id);
  EXPECT_EQ(outcome(world.ask(vote)), "granted");
}

TEST(VoteExtensionRule, AnotherExtensionIsSignedWithAlarmsUntilTheLimit) {
  World world;
  ASSERT_TRUE(world.sign(precommit_at(200, 0)).ok());
  wire::SignVote vote = precommit_at(200, 0);
  for (std::size_t i = 1; i <= 3; ++i) {
    extend(vote, i);
    const Decision decision = world.sign(vote);
    ASSERT_EQ(outcome(decision), "granted");
    EXPECT_EQ(decision->alarms, std::vector{Alarm::kOtherExtension});
    EXPECT_TRUE(decision->slots[0].known);
    EXPECT_FALSE(decision->slots[1].known);
  }
  extend(vote, 4);
  EXPECT_EQ(outcome(world.sign(vote)), "extension_tier");
  extend(vote, 2);
  EXPECT_EQ(outcome(world.sign(vote)), "replayed");
}

TEST(VoteExtensionRule, TheStrictTierSignsOneExtension) {
  World world;
  world.policy.vote_extension.tier = ExtensionTier::kStrict;
  ASSERT_TRUE(world.sign(precommit_at(200, 0)).ok());
  wire::SignVote vote = precommit_at(200, 0);
  extend(vote, 1);
  EXPECT_EQ(outcome(world.sign(vote)), "extension_tier");
  EXPECT_EQ(outcome(world.sign(precommit_at(200, 0))), "replayed");
}

TEST(T46Checkpoint, AnotherRootForASignedRangeIsRefusedUnlessOverridden) {
  World world;
  ASSERT_EQ(outcome(world.sign(promise(200, checkpoint(0, 255)))), "granted");
  wire::Checkpoint other = checkpoint(0, 255);
  other.root_hash = hash_of(77);
  EXPECT_EQ(outcome(world.sign(promise(201, other))), "checkpoint_conflict");
  world.policy.checkpoint.allow_conflicting_root = true;
  const Decision decision = world.sign(promise(201, other));
  ASSERT_EQ(outcome(decision), "granted");
  EXPECT_EQ(decision->alarms, std::vector{Alarm::kConflictingCheckpoint});
}

TEST(T46Checkpoint, OtherProposersEndsAndAccountRootsAreRecordedAndSigned) {
  World world;
  wire::Checkpoint one = checkpoint(0, 255);
  ASSERT_EQ(outcome(world.sign(promise(200, one))), "granted");
  one.proposer = {};
  ASSERT_EQ(outcome(world.sign(promise(201, one))), "granted");
  one.account_root_hash = hash_of(3);
  ASSERT_EQ(outcome(world.sign(promise(202, one))), "granted");
  one.end_block = 511;
  ASSERT_EQ(outcome(world.sign(promise(203, one))), "granted");
  EXPECT_EQ(world.ledgers.consensus.checkpoints.size(), 4u);
  ASSERT_EQ(outcome(world.sign(promise(204, one))), "granted");
  EXPECT_EQ(world.ledgers.consensus.checkpoints.size(), 4u);
}

TEST(T46Checkpoint, RangesAreBoundedAndGrow) {
  World world;
  EXPECT_EQ(outcome(world.ask(promise(200, checkpoint(10, 9)))), "checkpoint_range");
  EXPECT_EQ(outcome(world.ask(promise(200, checkpoint(0, 8192)))), "checkpoint_range");
  EXPECT_EQ(outcome(world.ask(promise(200, checkpoint(0, 8191)))), "granted");
  wire::Checkpoint foreign = checkpoint(0, 255);
  foreign.bor_chain_id = 1;
  EXPECT_EQ(outcome(world.ask(promise(200, foreign))), "chain");

  ASSERT_TRUE(world.sign(wire::ReportCheckpoint{1000}).ok());
  EXPECT_EQ(outcome(world.ask(promise(200, checkpoint(745, 1000)))), "checkpoint_range");
  EXPECT_EQ(outcome(world.ask(promise(200, checkpoint(1001, 1256)))), "granted");
  EXPECT_EQ(outcome(world.ask(promise(200, checkpoint(1'001'001, 1'001'001)))), "checkpoint_range");
  EXPECT_EQ(outcome(world.sign(wire::ReportCheckpoint{999})), "checkpoint_range");
  EXPECT_EQ(outcome(world.sign(wire::ReportCheckpoint{1'001'001})), "checkpoint_range");
  EXPECT_TRUE(world.sign(wire::ReportCheckpoint{1000}).ok());
}

TEST(T46Checkpoint, WhatIsForgottenCannotBeContradicted) {
  World world;
  for (std::uint64_t i = 0; i < kMaxCheckpoints + 1; ++i) {
    const auto height = static_cast<std::int64_t>(200 + i);
    ASSERT_EQ(outcome(world.sign(promise(height, checkpoint(i * 256, i * 256 + 255)))), "granted");
  }
  EXPECT_EQ(world.ledgers.consensus.checkpoints.size(), kMaxCheckpoints);
  EXPECT_EQ(world.ledgers.consensus.checkpoint_floor, 255u);
  wire::Checkpoint other = checkpoint(0, 255);
  other.root_hash = hash_of(77);
  EXPECT_EQ(outcome(world.sign(promise(300, other))), "checkpoint_range");
}

TEST(PlainExtensionRule, TheDummyIsThatOfTheHeightAndChain) {
  const World world;
  wire::SignVote vote = precommit_at(200, 0);
  vote.plain_extension = wire::plain_dummy(wire::ExtensionForm::kBanner, 201, testing::kChainId);
  EXPECT_EQ(outcome(world.ask(vote)), "plain_extension");
  vote.plain_extension = wire::plain_dummy(wire::ExtensionForm::kBanner, 200, "other");
  EXPECT_EQ(outcome(world.ask(vote)), "plain_extension");
  vote.plain_extension = Bytes();
  EXPECT_EQ(outcome(world.ask(vote)), "plain_extension");
}

}  // namespace
}  // namespace buri::hsm::rules
