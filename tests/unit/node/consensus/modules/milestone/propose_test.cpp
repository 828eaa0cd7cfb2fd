#include "node/consensus/modules/milestone/propose.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/app/scripted_facts.hpp"
#include "tests/unit/node/consensus/modules/world.hpp"

namespace buri::consensus::modules::milestone {
namespace {

using enum protocol::HeimdallFork;

class ProposedMilestone : public ::testing::Test {
 protected:
  /// Blocks up to `head`, sealed by validator 1.
  void extend_to(std::uint64_t head) {
    while (bor_.known.empty() || bor_.known.rbegin()->first < head) bor_.extend(address_of(1));
  }
  /// The last milestone ends at a block that Bor knows.
  void add_milestone_to(std::uint64_t block) {
    const Hash256& hash = bor_.known.at(block).block.hash;
    world_.add_milestone(0, block, {hash.bytes.begin(), hash.bytes.end()});
  }
  std::optional<MilestoneProposition> proposed(std::int64_t height = 1) {
    auto made = propose(world_.at(height), bor_);
    EXPECT_TRUE(made.ok());
    return made.ok() ? *made : std::nullopt;
  }

  World world_{{100, 100}};
  protocol::ScriptedBorChain bor_;
};

TEST_F(ProposedMilestone, BeginsWithBlockZero) {
  extend_to(20);
  const auto made = proposed();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->start_block_number, 0U);
  EXPECT_EQ(made->block_hashes.size(), 10U);
  EXPECT_EQ(made->block_tds.front(), 1U);
  EXPECT_TRUE(made->parent_hash.empty());
  EXPECT_EQ(made->latest_block_number, 0U);
}

TEST_F(ProposedMilestone, FollowsTheLastOne) {
  extend_to(20);
  add_milestone_to(15);
  const auto made = proposed();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->start_block_number, 16U);
  EXPECT_EQ(made->block_hashes.size(), 5U);
  EXPECT_EQ(made->parent_hash, Keeper().last(world_.at(1))->hash);
}

TEST_F(ProposedMilestone, IsNoneWithoutNewBlocksOrBor) {
  EXPECT_FALSE(proposed());
  extend_to(20);
  add_milestone_to(20);
  EXPECT_FALSE(proposed());
  extend_to(21);
  EXPECT_TRUE(proposed());
  bor_.is_down = true;
  EXPECT_FALSE(proposed());
}

TEST_F(ProposedMilestone, IsNoneOnAnotherFork) {
  extend_to(20);
  world_.add_milestone(0, 15, hash_of(1));
  EXPECT_FALSE(proposed());
}

TEST_F(ProposedMilestone, JumpsWhenBorIsFarAhead) {
  extend_to(1005);
  add_milestone_to(5);
  EXPECT_EQ(proposed()->start_block_number, 6U);
  extend_to(1006);
  const auto made = proposed();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->start_block_number, 105U);
  EXPECT_EQ(made->parent_hash, Keeper().last(world_.at(1))->hash);
}

TEST_F(ProposedMilestone, EndsAtAForeignAuthorOnceProducersAreElected) {
  world_.add_span(0, {0, 99}, 1);
  extend_to(12);
  bor_.extend(address_of(2));
  bor_.extend(address_of(1));
  add_milestone_to(10);
  EXPECT_EQ(proposed()->block_hashes.size(), 4U);
  world_.set_fork(kRio, 101);
  EXPECT_EQ(proposed()->block_hashes.size(), 4U);
  world_.set_fork(kRio, 100);
  EXPECT_EQ(proposed()->block_hashes.size(), 2U);
  add_milestone_to(12);
  EXPECT_FALSE(proposed());
}

TEST_F(ProposedMilestone, NamesTheHeadFromIthaca) {
  world_.set_fork(kIthaca, 20);
  extend_to(30);
  add_milestone_to(5);
  EXPECT_TRUE(proposed(19)->latest_block_hash.empty());
  const auto made = proposed(20);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->latest_block_number, 30U);
  EXPECT_EQ(made->latest_block_hash.size(), 32U);
}

TEST_F(ProposedMilestone, IsCompactFromTheForkOn) {
  world_.set_fork(kIthaca, 0);
  world_.set_fork(kCompactVoteExtension, 20);
  extend_to(12);
  add_milestone_to(5);
  EXPECT_EQ(proposed(19)->parent_hash.size(), 32U);
  EXPECT_EQ(proposed(19)->latest_block_hash.size(), 32U);
  const auto made = proposed(20);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->parent_hash.size(), 8U);
  EXPECT_EQ(made->latest_block_number, 12U);
  EXPECT_TRUE(made->latest_block_hash.empty());
}

}  // namespace
}  // namespace buri::consensus::modules::milestone
