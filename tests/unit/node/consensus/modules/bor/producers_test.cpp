#include "node/consensus/modules/bor/producers.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/modules/world.hpp"

namespace buri::consensus::modules::bor {
namespace {

using enum protocol::HeimdallFork;
using Ids = std::vector<std::uint64_t>;

Ids elected(World& world, std::int64_t height = 1) {
  return elected_producers(world.at(height)).value();
}

TEST(ElectedProducers, NeedTwoThirdsOfWhatTheirPlaceCanGet) {
  World world({100, 100, 100});
  EXPECT_EQ(elected(world), Ids{});
  world.vote(1, {1, 2, 3});
  world.vote(2, {1, 2, 3});
  // 600 of 900 at the first place, one short.
  EXPECT_EQ(elected(world), Ids{});
  world.vote(3, {3, 1});
  EXPECT_EQ(elected(world), (Ids{1, 3, 2}));
  world.vote(3, {1, 2});
  // The third has 200 of 300, one short.
  EXPECT_EQ(elected(world), (Ids{1, 2}));
}

TEST(ElectedProducers, OfEqualScoresStandById) {
  World world({100, 100, 100, 100});
  world.vote(1, {7, 5});
  world.vote(2, {7, 5});
  world.vote(3, {5, 7});
  world.vote(4, {5, 7});
  EXPECT_EQ(elected(world), (Ids{5, 7}));
}

TEST(ElectedProducers, IgnoreVotesBeyondTheSizeOfTheSet) {
  World world({100, 100});
  world.vote(1, {1, 2, 3});
  world.vote(2, {1, 2, 3});
  EXPECT_EQ(elected(world), (Ids{1, 2}));
}

TEST(ElectedProducers, AreThreeThenFour) {
  World world({100, 100, 100, 100, 100, 100});
  world.set_fork(kProducerDowntime, 20);
  for (std::uint64_t id = 1; id <= 6; ++id) world.vote(id, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(elected(world, 19), (Ids{1, 2, 3}));
  EXPECT_EQ(elected(world, 20), (Ids{1, 2, 3, 4}));
}

TEST(ElectedProducers, AreVotedByMembersAloneFromZurich) {
  World world({100, 100, 100});
  world.set_fork(kZurich, 20);
  // A validator that left: its record still has power.
  world.put_record(validator_of(9, 1000));
  world.vote(9, {9, 8});
  EXPECT_EQ(elected(world, 19), (Ids{9, 8}));
  EXPECT_EQ(elected(world, 20), Ids{});
  // A member counts with the power of the set from then on.
  for (const std::uint64_t id : {1U, 2U, 3U}) world.vote(id, {id});
  world.vote(9, {});
  world.put_record(validator_of(1, 900));
  EXPECT_EQ(elected(world, 19), Ids{1});
  EXPECT_EQ(elected(world, 20), Ids{});
}

/// With one member the need of the second place is 1 and that of the third negative.
TEST(ElectedProducers, PassEasilyBehindTheSizeOfTheSet) {
  World world({100});
  world.put_record(validator_of(2, 1));
  world.vote(1, {1});
  world.vote(2, {2});
  EXPECT_EQ(elected(world), (Ids{1, 2}));
}

TEST(FallbackProducers, AreThoseOfTheNetwork) {
  EXPECT_EQ(fallback_producers("heimdallv2-137"), (Ids{91, 92, 93, 94}));
  EXPECT_EQ(fallback_producers("heimdallv2-80002"), (Ids{4, 5}));
  EXPECT_EQ(fallback_producers("devnet"), (Ids{1, 2, 3, 4}));
}

TEST(LikelyProducers, AreTheLastSpansTheElectedAndTheFallbackOnes) {
  World world({100, 100, 100, 100, 100, 100, 100, 100});
  EXPECT_FALSE(likely_producers(world.at(1)).ok()) << "no span";
  world.add_span(1, {0, 99}, 5);
  EXPECT_EQ(likely_producers(world.at(1)).value(), (Producers{1, 2, 3, 4, 5}));
  for (std::uint64_t id = 1; id <= 8; ++id) world.vote(id, {7, 6});
  EXPECT_EQ(likely_producers(world.at(1)).value(), (Producers{1, 2, 3, 4, 5, 6, 7}));
  world.add_span(2, {100, 199}, 8);
  EXPECT_EQ(likely_producers(world.at(1)).value(), (Producers{1, 2, 3, 4, 6, 7, 8}));
}

/// Five validators that elect 1, 2, 3 and 4.
class NextProducer : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.set_fork(kProducerDowntime, 0);
    world_.set_fork(kZurich, 20);
    world_.set_fork(kIthaca, 30);
    for (std::uint64_t id = 1; id <= 5; ++id) world_.vote(id, {1, 2, 3, 4});
  }
  /// 0 if nobody can be chosen.
  std::uint64_t next(const SpanPlan& plan, std::int64_t height = 1) {
    const auto chosen = next_producer(world_.at(height), plan);
    return chosen.ok() ? *chosen : 0;
  }
  static SpanPlan plan(std::uint64_t current, Producers active, Producers excluded = {}) {
    return {.current_producer = current,
            .blocks = {100, 199},
            .bor_chain_id = "15001",
            .active = std::move(active),
            .excluded = std::move(excluded)};
  }

  World world_{{100, 100, 100, 100, 100}};
};

TEST_F(NextProducer, IsTheNextActiveOneInTurn) {
  EXPECT_EQ(next(plan(1, {1, 2, 3, 4})), 2U);
  EXPECT_EQ(next(plan(1, {1, 3, 4})), 3U);
  EXPECT_EQ(next(plan(4, {1, 2, 3, 4})), 1U);
  EXPECT_EQ(next(plan(2, {2})), 2U);
  // Whoever produces without being active starts the round again.
  EXPECT_EQ(next(plan(3, {1, 2, 4})), 1U);
  EXPECT_EQ(next(plan(9, {2, 4})), 2U);
}

TEST_F(NextProducer, IsAnotherElectedOneIfNobodyIsActive) {
  EXPECT_EQ(next(plan(1, {})), 2U);
  EXPECT_EQ(next(plan(2, {5})), 1U);
  EXPECT_EQ(next(plan(1, {}, {2, 3})), 4U);
  EXPECT_EQ(next(plan(1, {}, {2, 3, 4})), 0U);
}

TEST_F(NextProducer, IsNotExcluded) {
  EXPECT_EQ(next(plan(1, {1, 2, 3}, {1, 2})), 3U);
  EXPECT_EQ(next(plan(1, {2}, {2})), 3U);
}

TEST_F(NextProducer, IsNotDownInTheSpan) {
  const Keeper keeper;
  ASSERT_TRUE(keeper.set_downtime(world_.at(1), 2, {199, 300}).ok());
  EXPECT_EQ(next(plan(1, {1, 2, 3})), 3U);
  ASSERT_TRUE(keeper.set_downtime(world_.at(1), 2, {200, 300}).ok());
  EXPECT_EQ(next(plan(1, {1, 2, 3})), 2U);
  for (const std::uint64_t id : {1U, 2U, 3U}) {
    ASSERT_TRUE(keeper.set_downtime(world_.at(1), id, {0, 100}).ok());
  }
  EXPECT_EQ(next(plan(1, {1, 2, 3})), 1U);
}

TEST_F(NextProducer, ComesFromTheNetworksListIfNobodyIsElected) {
  for (std::uint64_t id = 1; id <= 5; ++id) world_.vote(id, {});
  EXPECT_EQ(next(plan(4, {1, 2, 3, 4, 5})), 1U);
  world_.set_fork(kProducerDowntime, 20);
  EXPECT_EQ(next(plan(3, {1, 2, 3, 4, 5}), 19), 1U);
  EXPECT_EQ(next(plan(3, {1, 2, 3, 4, 5}), 20), 4U);
}

TEST_F(NextProducer, IsTheTargetFromZurich) {
  SpanPlan wanted = plan(1, {1, 2, 3, 4});
  wanted.target_producer = 4;
  EXPECT_EQ(next(wanted, 19), 2U);
  EXPECT_EQ(next(wanted, 20), 4U);
  wanted.target_producer = 1;
  EXPECT_EQ(next(wanted, 20), 2U);
  wanted.target_producer = 5;
  EXPECT_EQ(next(wanted, 20), 2U);
  wanted.target_producer = 4;
  ASSERT_TRUE(Keeper().set_downtime(world_.at(1), 4, {150, 160}).ok());
  EXPECT_EQ(next(wanted, 20), 2U);
  // Where Zurich never comes, the stock daemon's comparison with height 0 lets targets through.
  ASSERT_TRUE(Keeper().set_downtime(world_.at(1), 4, {1000, 1001}).ok());
  world_.set_fork(kZurich, std::nullopt);
  EXPECT_EQ(next(wanted, 19), 4U);
}

TEST_F(NextProducer, HasPowerInTheSetFromIthaca) {
  stake::ValidatorSet set = world_.set();
  std::erase_if(set.validators, [](const auto& member) { return member.val_id == 2; });
  world_.write_set(set);
  for (std::uint64_t id = 1; id <= 5; ++id) world_.vote(id, {1, 2, 3});
  EXPECT_EQ(next(plan(1, {1, 2, 3}), 29), 2U);
  EXPECT_EQ(next(plan(1, {1, 2, 3}), 30), 3U);
  // The second choice obeys, too.
  EXPECT_EQ(next(plan(1, {}), 29), 2U);
  EXPECT_EQ(next(plan(1, {}), 30), 3U);
}

TEST_F(NextProducer, IsASupporterInTheLastResortFromIthaca) {
  for (std::uint64_t id = 1; id <= 5; ++id) world_.vote(id, {1});
  SpanPlan alone = plan(1, {3, 5, 9});
  EXPECT_EQ(next(alone, 30), 0U);
  alone.may_fall_back = true;
  EXPECT_EQ(next(alone, 29), 0U);
  EXPECT_EQ(next(alone, 30), 3U);
  // Supporters without power in the set do not count; then the whole set does.
  alone.active = {9};
  EXPECT_EQ(next(alone, 30), 2U);
}

TEST_F(NextProducer, GetsASpanWithItsRecordAndTheCurrentSet) {
  world_.add_span(7, {0, 99}, 1);
  world_.put_record(validator_of(2, 55));
  ASSERT_TRUE(add_producer_span(world_.at(12), plan(1, {1, 2})).ok());
  const Span span = Keeper().last_span(world_.at(12)).value();
  EXPECT_EQ(span.id, 8U);
  EXPECT_EQ(span.start_block, 100U);
  EXPECT_EQ(span.end_block, 199U);
  EXPECT_EQ(span.validator_set, world_.set());
  ASSERT_EQ(span.selected_producers.size(), 1U);
  EXPECT_EQ(span.selected_producers[0].val_id, 2U);
  EXPECT_EQ(span.selected_producers[0].voting_power, 55);
  EXPECT_EQ(span.bor_chain_id, "15001");
  EXPECT_EQ(Keeper().last_span_height(world_.at(12)).value(), 12U);
}

TEST_F(NextProducer, MustHavePowerInItsRecordFromIthaca) {
  world_.add_span(7, {0, 99}, 1);
  world_.put_record(validator_of(2, 0));
  EXPECT_FALSE(add_producer_span(world_.at(30), plan(1, {1, 2})).ok());
  EXPECT_EQ(Keeper().last_span(world_.at(30))->id, 7U);
  EXPECT_TRUE(add_producer_span(world_.at(29), plan(1, {1, 2})).ok());
  EXPECT_EQ(Keeper().last_span(world_.at(29))->id, 8U);
}

}  // namespace
}  // namespace buri::consensus::modules::bor
