#include "node/protocol/endpoints/caller.hpp"

#include <gtest/gtest.h>

namespace buri::protocol::endpoints {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A world whose time passes only in pauses and in what tests say.
struct TestWorld {
  ManualClock clock;
  SeededRandom random{7};
  std::vector<std::chrono::nanoseconds> pauses;

  World world() {
    return {clock, random, [this](std::chrono::nanoseconds time) {
              pauses.push_back(time);
              clock.advance(time);
            }};
  }
};

CallTimes times(milliseconds attempt, milliseconds whole) {
  CallTimes result;
  result.attempt = attempt;
  result.whole = whole;
  return result;
}

TEST(Caller, AsksTheNextEndpointAtOnceWhenOneFails) {
  TestWorld test;
  Caller caller(3, times(seconds(1), seconds(3)), test.world());
  std::vector<std::size_t> asked;
  EXPECT_TRUE(caller.call([&](std::size_t endpoint, MonotonicTime) {
    asked.push_back(endpoint);
    return endpoint == 2;
  }));
  EXPECT_EQ(asked, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_TRUE(test.pauses.empty());
}

TEST(Caller, StartsTheNextCallWithAnEndpointThatWorks) {
  TestWorld test;
  Caller caller(2, times(seconds(1), seconds(2)), test.world());
  ASSERT_TRUE(caller.call([](std::size_t endpoint, MonotonicTime) { return endpoint == 1; }));
  std::vector<std::size_t> asked;
  EXPECT_TRUE(caller.call([&](std::size_t endpoint, MonotonicTime) {
    asked.push_back(endpoint);
    return true;
  }));
  EXPECT_EQ(asked, (std::vector<std::size_t>{1}));
}

TEST(Caller, ReturnsToTheFirstEndpointAfterItsRest) {
  TestWorld test;
  Caller caller(2, times(seconds(1), seconds(2)), test.world());
  ASSERT_TRUE(caller.call([](std::size_t endpoint, MonotonicTime) { return endpoint == 1; }));
  test.clock.advance(milliseconds(250));
  EXPECT_TRUE(caller.call([](std::size_t endpoint, MonotonicTime) { return endpoint == 0; }));
  EXPECT_EQ(caller.board().failures(0), 0u);
}

TEST(Caller, PausesLongerBetweenRoundsUntilTheTimeIsOver) {
  TestWorld test;
  CallTimes limits = times(seconds(1), seconds(2));
  limits.between_rounds = {milliseconds(100), milliseconds(400)};
  Caller caller(1, limits, test.world());
  int attempts = 0;
  EXPECT_FALSE(caller.call([&](std::size_t, MonotonicTime) { return ++attempts < 0; }));
  EXPECT_LE(test.clock.monotonic().time_since_epoch(), seconds(2));
  ASSERT_GE(test.pauses.size(), 4u);
  EXPECT_LE(test.pauses[0], milliseconds(100));
  EXPECT_GE(test.pauses[2], milliseconds(200));
  EXPECT_EQ(attempts, static_cast<int>(test.pauses.size()) + 1);
}

TEST(Caller, GivesEachAttemptItsOwnTimeButNeverMoreThanTheCallHas) {
  TestWorld test;
  Caller caller(3, times(milliseconds(1000), milliseconds(1500)), test.world());
  std::vector<milliseconds> granted;
  EXPECT_FALSE(caller.call([&](std::size_t, MonotonicTime deadline) {
    const auto left = deadline - test.clock.monotonic();
    granted.push_back(std::chrono::duration_cast<milliseconds>(left));
    test.clock.advance(left);
    return false;
  }));
  EXPECT_EQ(granted, (std::vector<milliseconds>{milliseconds(1000), milliseconds(500)}));
}

TEST(Caller, NeverPassesTheLimitOfItsWorld) {
  TestWorld test;
  TimeLimit limit;
  World world = test.world();
  world.limit = &limit;
  Caller caller(1, times(seconds(1), seconds(3)), world);
  limit.set(test.clock.monotonic() + milliseconds(700));
  MonotonicTime granted;
  EXPECT_TRUE(caller.call([&](std::size_t, MonotonicTime deadline) {
    granted = deadline;
    return true;
  }));
  EXPECT_EQ(granted, limit.moment());
  test.clock.advance(milliseconds(700));
  EXPECT_FALSE(caller.call([](std::size_t, MonotonicTime) { return true; }));
  limit.clear();
  EXPECT_TRUE(caller.call([](std::size_t, MonotonicTime) { return true; }));
}

TEST(Caller, DoesNotHoldUpAVoteWhereNobodyAnswers) {
  TestWorld test;
  TimeLimit limit;
  World world = test.world();
  world.limit = &limit;
  Caller caller(2, times(seconds(1), seconds(3)), world);
  int attempts = 0;
  const auto refuse = [&](std::size_t, MonotonicTime) { return ++attempts < 0; };
  limit.set(test.clock.monotonic() + milliseconds(800));
  EXPECT_FALSE(caller.call(refuse));
  EXPECT_EQ(attempts, 4) << "twice the list: what fails once may be a connection that had ended";
  EXPECT_LE(test.clock.monotonic().time_since_epoch(), milliseconds(50));
  EXPECT_FALSE(caller.call(refuse));
  EXPECT_EQ(attempts, 6) << "the list once, since all are at rest";
  EXPECT_EQ(test.pauses.size(), 1u);
}

TEST(Caller, RepeatsExactlyUnderTheSameSeed) {
  const auto pauses = [] {
    TestWorld test;
    Caller caller(2, times(seconds(1), seconds(3)), test.world());
    (void)caller.call([](std::size_t, MonotonicTime) { return false; });
    return test.pauses;
  };
  EXPECT_EQ(pauses(), pauses());
}

}  // namespace
}  // namespace buri::protocol::endpoints
