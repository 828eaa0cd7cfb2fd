#include "node/consensus/modules/bor/rotation.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/modules/world.hpp"

namespace buri::consensus::modules::bor {
namespace {

using enum protocol::HeimdallFork;
using Ids = std::vector<std::uint64_t>;

/// Four validators that elect 1, 2 and 3; span 0 of producer 1 holds the blocks 0 to 99.
class Rotation : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.set_fork(kRio, 0);
    world_.set_fork(kZurich, 0);
    for (std::uint64_t id = 1; id <= 4; ++id) world_.vote(id, {1, 2, 3});
    world_.add_span(0, {0, 99}, 1);
  }
  Span last_span() { return keeper_.last_span(world_.at(1)).value(); }
  milestone::PendingHead pending() { return milestones_.pending_head(world_.at(1)).value(); }
  std::uint64_t last_height() { return milestones_.last_height(world_.at(1)).value(); }

  World world_{{100, 100, 100, 100}};
  Keeper keeper_;
  milestone::Keeper milestones_;
};

TEST_F(Rotation, SchedulesASpanOnceAMilestoneReachedTheLast) {
  world_.add_span(1, {100, 199}, 2);
  ASSERT_TRUE(keeper_.add_failed(world_.at(5), 3).ok());
  ASSERT_TRUE(add_future_span(world_.at(5), last_span(), 99, {1, 2, 3}).ok());
  EXPECT_EQ(last_span().id, 1U);
  ASSERT_TRUE(add_future_span(world_.at(5), last_span(), 100, {1, 2, 3}).ok());
  const Span span = last_span();
  EXPECT_EQ(span.id, 2U);
  EXPECT_EQ(span.start_block, 200U);
  EXPECT_EQ(span.end_block, 299U);
  EXPECT_EQ(span.selected_producers[0].val_id, 3U);
  EXPECT_EQ(keeper_.active(world_.at(5)).value(), (Producers{1, 2, 3}));
  EXPECT_EQ(keeper_.failed(world_.at(5)).value(), Producers{});
}

TEST_F(Rotation, SchedulesNoSpanBeforeRio) {
  world_.set_fork(kRio, 101);
  ASSERT_TRUE(add_future_span(world_.at(5), last_span(), 50, {1, 2, 3}).ok());
  EXPECT_EQ(last_span().id, 0U);
  world_.set_fork(kRio, 100);
  ASSERT_TRUE(add_future_span(world_.at(5), last_span(), 50, {1, 2, 3}).ok());
  EXPECT_EQ(last_span().id, 1U);
}

TEST_F(Rotation, KeepsAMilestoneWithoutANextProducerFromKyoto) {
  world_.set_fork(kKyoto, 20);
  for (std::uint64_t id = 1; id <= 4; ++id) world_.vote(id, {1});
  EXPECT_FALSE(add_future_span(world_.at(19), last_span(), 50, {2, 3}).ok());
  ASSERT_TRUE(add_future_span(world_.at(20), last_span(), 50, {2, 3}).ok());
  EXPECT_EQ(last_span().id, 0U);
  // Nor are the supporters noted.
  EXPECT_EQ(keeper_.active(world_.at(20)).value(), Producers{});
}

TEST_F(Rotation, TakesASupporterAfterAMilestoneFromIthaca) {
  world_.set_fork(kIthaca, 20);
  for (std::uint64_t id = 1; id <= 4; ++id) world_.vote(id, {1});
  EXPECT_FALSE(add_future_span(world_.at(19), last_span(), 50, {3, 4}).ok());
  ASSERT_TRUE(add_future_span(world_.at(20), last_span(), 50, {3, 4}).ok());
  EXPECT_EQ(last_span().selected_producers[0].val_id, 3U);
}

TEST_F(Rotation, WaitsForItsThreshold) {
  world_.set_fork(kProducerDowntime, 100);
  world_.add_milestone(0, 49, hash_of(1));
  // No clock runs before a producer's first milestone.
  ASSERT_TRUE(rotate_current_span(world_.at(90)).ok());
  EXPECT_EQ(last_span().id, 0U);
  struct Case {
    std::int64_t since;
    std::int64_t height;
    bool rotates;
    std::uint64_t next_height;
  };
  std::uint64_t id = 0;
  for (const Case& one : {Case{80, 85, false, 80}, Case{80, 86, true, 96}, Case{90, 100, false, 90},
                          Case{90, 101, true, 121}, Case{121, 101, false, 121}}) {
    SCOPED_TRACE(one.height);
    ASSERT_TRUE(
        milestones_.set_last_height(world_.at(1), static_cast<std::uint64_t>(one.since)).ok());
    ASSERT_TRUE(rotate_current_span(world_.at(one.height)).ok());
    id += one.rotates ? 1 : 0;
    EXPECT_EQ(last_span().id, id);
    EXPECT_EQ(last_height(), one.next_height);
  }
}

TEST_F(Rotation, GivesTheBlocksAfterTheMilestoneToAnother) {
  world_.add_milestone(0, 49, hash_of(1));
  ASSERT_TRUE(keeper_.reset_status(world_.at(1), {1, 2, 3}).ok());
  ASSERT_TRUE(keeper_.add_failed(world_.at(1), 2).ok());
  ASSERT_TRUE(milestones_.set_last_height(world_.at(1), 10).ok());
  ASSERT_TRUE(rotate_current_span(world_.at(16)).ok());
  const Span span = last_span();
  EXPECT_EQ(span.start_block, 50U);
  EXPECT_EQ(span.end_block, 99U);
  EXPECT_EQ(span.selected_producers[0].val_id, 3U);
  EXPECT_EQ(keeper_.failed(world_.at(16)).value(), (Producers{1, 2}));
  EXPECT_EQ(keeper_.last_span_height(world_.at(16)).value(), 16U);
}

TEST_F(Rotation, EndsTheSpanWithTheLastButNotTwoFurther) {
  struct Case {
    std::uint64_t milestone_end;
    std::uint64_t last_end;
    std::uint64_t end;
  };
  // Spans are 100 blocks long.
  for (const Case& one : {Case{49, 99, 99}, Case{49, 249, 249}, Case{49, 250, 150},
                          Case{49, 350, 150}, Case{49, 649, 249}, Case{98, 99, 99}}) {
    SCOPED_TRACE(one.last_end);
    SetUp();
    world_.add_milestone(0, one.milestone_end, hash_of(1));
    world_.add_span(0, {0, one.last_end}, 1);
    ASSERT_TRUE(milestones_.set_last_height(world_.at(1), 10).ok());
    ASSERT_TRUE(rotate_current_span(world_.at(16)).ok());
    EXPECT_EQ(last_span().id, 1U);
    EXPECT_EQ(last_span().start_block, one.milestone_end + 1);
    EXPECT_EQ(last_span().end_block, one.end);
  }
}

TEST_F(Rotation, ChangesNothingIfNobodyCanBeChosen) {
  for (std::uint64_t id = 1; id <= 4; ++id) world_.vote(id, {1});
  world_.add_milestone(0, 49, hash_of(1));
  ASSERT_TRUE(milestones_.set_last_height(world_.at(1), 10).ok());
  ASSERT_TRUE(rotate_current_span(world_.at(16)).ok());
  EXPECT_EQ(last_span().id, 0U);
  EXPECT_EQ(last_height(), 10U);
  EXPECT_EQ(keeper_.failed(world_.at(16)).value(), Producers{});
}

TEST_F(Rotation, FailsIfNobodyOwnsTheNextBlock) {
  world_.add_milestone(0, 99, hash_of(1));
  ASSERT_TRUE(milestones_.set_last_height(world_.at(1), 10).ok());
  EXPECT_FALSE(rotate_current_span(world_.at(16)).ok());
}

TEST_F(Rotation, MovesTheOtherClockFromIthaca) {
  world_.set_fork(kIthaca, 20);
  world_.add_milestone(0, 49, hash_of(1));
  ASSERT_TRUE(milestones_.set_pending_head(world_.at(1), {60, hash_of(2), 9}).ok());
  ASSERT_TRUE(milestones_.set_last_height(world_.at(1), 1).ok());
  ASSERT_TRUE(rotate_current_span(world_.at(19)).ok());
  EXPECT_EQ(pending().since_height, 9U);
  ASSERT_TRUE(milestones_.set_last_height(world_.at(1), 1).ok());
  ASSERT_TRUE(rotate_current_span(world_.at(20)).ok());
  EXPECT_EQ(pending(), (milestone::PendingHead{60, hash_of(2), 30}));
  // A clock that never ran is not started.
  ASSERT_TRUE(milestones_.set_pending_head(world_.at(1), {}).ok());
  ASSERT_TRUE(milestones_.set_last_height(world_.at(1), 1).ok());
  ASSERT_TRUE(rotate_current_span(world_.at(21)).ok());
  EXPECT_EQ(pending().since_height, 0U);
}

class PendingHead : public Rotation {
 protected:
  void SetUp() override {
    Rotation::SetUp();
    world_.set_fork(kIthaca, 0);
    ASSERT_TRUE(keeper_.reset_status(world_.at(1), {1, 2, 3}).ok());
  }
  void follow(std::int64_t height, std::uint64_t number, std::uint8_t hash) {
    const auto followed = follow_pending_head(world_.at(height), {number, hash_of(hash)});
    ASSERT_TRUE(followed.ok()) << followed.error().log;
  }
};

TEST_F(PendingHead, RestartsItsClockWhenItMoves) {
  follow(10, 60, 1);
  EXPECT_EQ(pending(), (milestone::PendingHead{60, hash_of(1), 10}));
  follow(14, 60, 1);
  EXPECT_EQ(pending().since_height, 10U);
  follow(15, 61, 1);
  EXPECT_EQ(pending(), (milestone::PendingHead{61, hash_of(1), 15}));
  follow(16, 61, 2);
  EXPECT_EQ(pending(), (milestone::PendingHead{61, hash_of(2), 16}));
  EXPECT_EQ(last_span().id, 0U);
}

TEST_F(PendingHead, ChangesTheProducerBehindItWhenItStands) {
  ASSERT_TRUE(keeper_.add_failed(world_.at(1), 2).ok());
  follow(10, 60, 1);
  follow(15, 60, 1);
  EXPECT_EQ(last_span().id, 0U);
  follow(16, 60, 1);
  const Span span = last_span();
  EXPECT_EQ(span.id, 1U);
  EXPECT_EQ(span.start_block, 61U);
  EXPECT_EQ(span.end_block, 99U);
  EXPECT_EQ(span.selected_producers[0].val_id, 3U);
  EXPECT_EQ(pending(), (milestone::PendingHead{60, hash_of(1), 26}));
  EXPECT_EQ(last_height(), 26U);
  EXPECT_EQ(keeper_.failed(world_.at(16)).value(), (Producers{1, 2}));
  // The new producer has its time.
  follow(31, 60, 1);
  EXPECT_EQ(last_span().id, 1U);
}

TEST_F(PendingHead, AtTheEndOfTheLastSpanStartsAnother) {
  follow(10, 99, 1);
  follow(16, 99, 1);
  EXPECT_EQ(last_span().start_block, 100U);
  EXPECT_EQ(last_span().end_block, 199U);
  EXPECT_EQ(last_span().selected_producers[0].val_id, 2U);
}

TEST_F(PendingHead, BlamesTheOwnerOfTheNextBlock) {
  world_.add_span(1, {100, 199}, 2);
  follow(10, 99, 1);
  follow(16, 99, 1);
  EXPECT_EQ(keeper_.failed(world_.at(16)).value(), Producers{2});
}

TEST_F(PendingHead, BeyondTheLastSpanIsNoStall) {
  ASSERT_TRUE(milestones_.set_pending_head(world_.at(1), {100, hash_of(1), 1}).ok());
  follow(16, 100, 1);
  EXPECT_EQ(last_span().id, 0U);
}

TEST_F(PendingHead, ChangesNothingIfNobodyCanBeChosen) {
  for (std::uint64_t id = 1; id <= 4; ++id) world_.vote(id, {1});
  follow(10, 60, 1);
  follow(16, 60, 1);
  EXPECT_EQ(last_span().id, 0U);
  EXPECT_EQ(pending().since_height, 10U);
}

}  // namespace
}  // namespace buri::consensus::modules::bor
