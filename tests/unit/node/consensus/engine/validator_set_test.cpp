#include "node/consensus/engine/validator_set.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/hex.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::engine {
namespace {

Validator member(std::string_view name, std::int64_t power, std::int64_t priority = 0) {
  Validator validator;
  std::copy(name.begin(), name.end(), validator.address.bytes.begin());
  validator.voting_power = power;
  validator.proposer_priority = priority;
  return validator;
}

std::string name_of(const Address& address) {
  return {address.bytes.begin(), std::find(address.bytes.begin(), address.bytes.end(), 0)};
}

std::vector<std::int64_t> priorities(std::span<const Validator> validators) {
  std::vector<std::int64_t> list;
  for (const Validator& validator : validators) list.push_back(validator.proposer_priority);
  return list;
}

ValidatorSet set_of(std::vector<Validator> validators) {
  return ValidatorSet::restore(std::move(validators)).value();
}

// types/validator_set_test.go of CometBFT v0.38, TestProposerSelection1.
TEST(ValidatorSet, RotatesLikeTheReference) {
  const Validator members[] = {member("foo", 1000), member("bar", 300), member("baz", 330)};
  ValidatorSet set = ValidatorSet::create(members).value();
  std::string proposers = "foo";  // of the step that create() makes
  for (int i = 1; i < 99; ++i) {
    proposers += " " + name_of(set.increment_proposer_priority(1).address);
  }
  EXPECT_EQ(proposers,
            "foo baz foo bar foo foo baz foo bar foo foo baz foo foo bar foo baz foo foo bar foo "
            "foo baz foo bar foo foo baz foo bar foo foo baz foo foo bar foo baz foo foo bar foo "
            "baz foo foo bar foo baz foo foo bar foo baz foo foo foo baz bar foo foo foo baz foo "
            "bar foo foo baz foo bar foo foo baz foo bar foo foo baz foo bar foo foo baz foo foo "
            "bar foo baz foo foo bar foo baz foo foo bar foo baz foo foo");
}

TEST(ValidatorSet, KnowsWhoPaidLast) {
  const Validator members[] = {member("foo", 1000), member("bar", 300), member("baz", 330)};
  ValidatorSet set = ValidatorSet::create(members).value();
  EXPECT_EQ(name_of(set.proposer().address), "foo");
  for (int i = 0; i < 50; ++i) {
    const Address paid = set.increment_proposer_priority(1).address;
    EXPECT_EQ(set.proposer().address, paid);
  }
  const std::vector<Validator> list(set.validators().begin(), set.validators().end());
  const Address bar = member("bar", 0).address;
  EXPECT_EQ(ValidatorSet::restore(list, bar)->proposer().address, bar);
  ValidatorSet unknown = ValidatorSet::restore(list).value();
  EXPECT_EQ(unknown.proposer().proposer_priority, std::ranges::max(priorities(list)));
  Validator gone = member("bar", 0);
  ASSERT_TRUE(unknown.update_with_change_set({&gone, 1}).ok());
  EXPECT_NE(unknown.proposer().address, bar);
}

// tests/golden/cometbft/README.md: 665 steps between two mainnet heights.
TEST(ValidatorSet, ReproducesMainnetPriorities) {
  ValidatorSet set = buri::testing::golden_commits()[1].validators;
  for (int i = 0; i < 665; ++i) set.increment_proposer_priority(1);
  const ValidatorSet& end = buri::testing::golden_commits()[2].validators;
  EXPECT_TRUE(std::equal(set.validators().begin(), set.validators().end(), end.validators().begin(),
                         end.validators().end()));
}

TEST(ValidatorSet, TiesGoToTheSmallerAddress) {
  ValidatorSet set = set_of({member("a", 10), member("b", 10)});
  EXPECT_EQ(name_of(set.increment_proposer_priority(1).address), "a");
  EXPECT_EQ(name_of(set.increment_proposer_priority(1).address), "b");
}

TEST(ValidatorSet, RotationRescalesWhatIsTooFarApart) {
  ValidatorSet set = set_of({member("a", 10, 500), member("b", 10, -500)});
  // Spread 1000 over 2 * 20: divided by 25; then both gain 10 and a pays 20.
  set.increment_proposer_priority(1);
  EXPECT_EQ(priorities(set.validators()), (std::vector<std::int64_t>{10, -10}));
}

TEST(ValidatorSet, NewcomersStartBelowTheTotalBeforeRemovals) {
  ValidatorSet set = set_of({member("a", 800), member("b", 200)});
  const Validator changes[] = {member("c", 600), member("b", 0)};
  ASSERT_TRUE(set.update_with_change_set(changes).ok());
  // T = 800 + 200 + 600; c starts at -(1600 + 200), the mean of {0, -1800} is -900.
  EXPECT_EQ(set.total_voting_power(), 1400);
  EXPECT_EQ(priorities(set.validators()), (std::vector<std::int64_t>{900, -900}));
}

TEST(ValidatorSet, AChangeOfPowerKeepsThePriorityAndMovesTheMember) {
  ValidatorSet set = set_of({member("a", 10, 5), member("b", 9, -5)});
  const Validator change = member("b", 20, 777);
  ASSERT_TRUE(set.update_with_change_set({&change, 1}).ok());
  EXPECT_EQ(name_of(set.validators()[0].address), "b");
  EXPECT_EQ(priorities(set.validators()), (std::vector<std::int64_t>{-5, 5}));
}

TEST(ValidatorSet, RefusedChangesLeaveTheSetAlone) {
  const std::vector<Validator> members{member("a", 10, 1), member("b", 9, -1)};
  const std::pair<std::vector<Validator>, ValidatorSetError> cases[] = {
      {{member("c", 1), member("c", 2)}, ValidatorSetError::kDuplicateAddress},
      {{member("c", -1)}, ValidatorSetError::kPowerRange},
      {{member("c", kMaxTotalVotingPower + 1)}, ValidatorSetError::kPowerRange},
      {{member("c", 0)}, ValidatorSetError::kUnknownRemoval},
      {{member("a", 0), member("b", 0)}, ValidatorSetError::kEmpty},
      {{member("c", kMaxTotalVotingPower - 18)}, ValidatorSetError::kTotalPower}};
  for (const auto& [changes, error] : cases) {
    ValidatorSet set = set_of(members);
    EXPECT_EQ(set.update_with_change_set(changes).error(), error) << describe(error);
    EXPECT_EQ(priorities(set.validators()), priorities(members));
  }
}

TEST(ValidatorSet, TheLargestTotalIsAccepted) {
  ValidatorSet set = set_of({member("a", 10)});
  const Validator change = member("b", kMaxTotalVotingPower - 10);
  EXPECT_TRUE(set.update_with_change_set({&change, 1}).ok());
  EXPECT_EQ(set.total_voting_power(), kMaxTotalVotingPower);
}

TEST(ValidatorSet, RemovalMakesRoomForAnAddition) {
  ValidatorSet set = set_of({member("a", kMaxTotalVotingPower)});
  const Validator changes[] = {member("a", 0), member("b", kMaxTotalVotingPower)};
  EXPECT_TRUE(set.update_with_change_set(changes).ok());
}

TEST(ValidatorSet, RestoreDemandsSetOrder) {
  EXPECT_EQ(ValidatorSet::restore({}).error(), ValidatorSetError::kEmpty);
  EXPECT_EQ(ValidatorSet::restore({member("a", 1), member("b", 2)}).error(),
            ValidatorSetError::kOrder);
  EXPECT_EQ(ValidatorSet::restore({member("b", 1), member("a", 1)}).error(),
            ValidatorSetError::kOrder);
  EXPECT_EQ(ValidatorSet::restore({member("a", 0)}).error(), ValidatorSetError::kPowerRange);
  EXPECT_EQ(ValidatorSet::restore({member("a", 1), member("a", 1)}).error(),
            ValidatorSetError::kDuplicateAddress);
  EXPECT_EQ(ValidatorSet::restore({member("a", kMaxTotalVotingPower), member("b", 1)}).error(),
            ValidatorSetError::kTotalPower);
}

TEST(Priorities, SumsAndDifferencesStopAtTheEndsOfInt64) {
  EXPECT_EQ(add_clipped(INT64_MAX, 1), INT64_MAX);
  EXPECT_EQ(add_clipped(INT64_MIN, -1), INT64_MIN);
  EXPECT_EQ(add_clipped(INT64_MAX, INT64_MIN), -1);
  EXPECT_EQ(subtract_clipped(INT64_MIN, 1), INT64_MIN);
  EXPECT_EQ(subtract_clipped(INT64_MAX, -1), INT64_MAX);
  EXPECT_EQ(subtract_clipped(0, INT64_MIN), INT64_MAX);
}

TEST(Priorities, CentringRoundsTheMeanDown) {
  std::vector<Validator> negative{member("a", 1, -1), member("b", 1, 0)};
  center_priorities(negative);  // mean -0.5, rounded down to -1
  EXPECT_EQ(priorities(negative), (std::vector<std::int64_t>{0, 1}));
  std::vector<Validator> positive{member("a", 1, 1), member("b", 1, 0)};
  center_priorities(positive);
  EXPECT_EQ(priorities(positive), (std::vector<std::int64_t>{1, 0}));
}

TEST(Priorities, CentringSurvivesSumsBeyondInt64) {
  std::vector<Validator> high{member("a", 1, INT64_MAX), member("b", 1, INT64_MAX)};
  center_priorities(high);
  EXPECT_EQ(priorities(high), (std::vector<std::int64_t>{0, 0}));
}

TEST(Priorities, RescalingDividesTowardZeroByTheRatioRoundedUp) {
  std::vector<Validator> spread{member("a", 1, 7), member("b", 1, -8)};
  rescale_priorities(spread, 10);  // spread 15, ratio 2
  EXPECT_EQ(priorities(spread), (std::vector<std::int64_t>{3, -4}));
  rescale_priorities(spread, 7);  // spread 7 is allowed
  EXPECT_EQ(priorities(spread), (std::vector<std::int64_t>{3, -4}));
  rescale_priorities(spread, 0);
  EXPECT_EQ(priorities(spread), (std::vector<std::int64_t>{3, -4}));
}

TEST(Priorities, ASpreadBeyondInt64WrapsAsInGo) {
  // max - min = 2^64 - 1 wraps to -1, whose size is 1: nothing is rescaled.
  std::vector<Validator> extremes{member("a", 1, INT64_MAX), member("b", 1, INT64_MIN)};
  rescale_priorities(extremes, 10);
  EXPECT_EQ(priorities(extremes), (std::vector<std::int64_t>{INT64_MAX, INT64_MIN}));
}

}  // namespace
}  // namespace buri::consensus::engine
