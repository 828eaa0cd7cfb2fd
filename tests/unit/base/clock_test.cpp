#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace buri {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(SystemClock, MonotonicTimeNeverGoesBack) {
  MonotonicTime last = system_clock().monotonic();
  for (int i = 0; i < 1000; ++i) {
    const MonotonicTime now = system_clock().monotonic();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(ManualClock, StandsStillUntilAdvanced) {
  ManualClock clock(WallTime(seconds(1000)));
  const MonotonicTime start = clock.monotonic();
  EXPECT_EQ(clock.monotonic(), start);
  clock.advance(nanoseconds(5));
  EXPECT_EQ(clock.monotonic() - start, nanoseconds(5));
  EXPECT_EQ(clock.wall(), WallTime(seconds(1000)) + nanoseconds(5));
}

TEST(ManualClock, WallMayJumpBackWhileMonotonicDoesNot) {
  ManualClock clock(WallTime(seconds(1000)));
  clock.advance(seconds(1));
  const MonotonicTime before = clock.monotonic();
  clock.set_wall(WallTime(seconds(5)));
  EXPECT_EQ(clock.monotonic(), before);
  EXPECT_EQ(clock.wall(), WallTime(seconds(5)));
}

TEST(ManualClockDeathTest, RefusesToMoveBack) {
  ManualClock clock;
  EXPECT_DEATH(clock.advance(nanoseconds(-1)), "moved back");
}

}  // namespace
}  // namespace buri
