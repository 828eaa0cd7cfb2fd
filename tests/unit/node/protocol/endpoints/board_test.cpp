#include "node/protocol/endpoints/board.hpp"

#include <gtest/gtest.h>

namespace buri::protocol::endpoints {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Order = std::vector<std::size_t>;

constexpr Backoff kBackoff{milliseconds(100), seconds(1)};

TEST(JitteredDelay, DoublesFromHalfOfTheFirstToTheLimit) {
  SeededRandom random(1);
  for (int i = 0; i < 1000; ++i) {
    const auto first = jittered_delay(kBackoff, 1, random);
    EXPECT_GE(first, milliseconds(50));
    EXPECT_LE(first, milliseconds(100));
    const auto third = jittered_delay(kBackoff, 3, random);
    EXPECT_GE(third, milliseconds(200));
    EXPECT_LE(third, milliseconds(400));
    const auto last = jittered_delay(kBackoff, UINT32_MAX, random);
    EXPECT_GE(last, milliseconds(500));
    EXPECT_LE(last, seconds(1));
  }
}

TEST(JitteredDelay, DiffersFromOneCallToTheNext) {
  SeededRandom random(2);
  EXPECT_NE(jittered_delay(kBackoff, 1, random), jittered_delay(kBackoff, 1, random));
}

TEST(Board, GivesTheListedOrderWhileAllAreWell) {
  SeededRandom random(3);
  const Board board(3, kBackoff, random);
  EXPECT_EQ(board.order({}), (Order{0, 1, 2}));
}

TEST(Board, PutsAnEndpointThatFailedLastUntilItsRestIsOver) {
  SeededRandom random(4);
  Board board(3, kBackoff, random);
  const MonotonicTime start{seconds(10)};
  board.failed(0, start);
  EXPECT_EQ(board.order(start), (Order{1, 2, 0}));
  EXPECT_EQ(board.order(start + milliseconds(49)), (Order{1, 2, 0}));
  EXPECT_EQ(board.order(start + milliseconds(100)), (Order{0, 1, 2}));
}

TEST(Board, OrdersThoseAtRestByTheEndOfTheirRest) {
  SeededRandom random(5);
  Board board(2, kBackoff, random);
  const MonotonicTime start{seconds(10)};
  for (int i = 0; i < 5; ++i) board.failed(0, start);
  board.failed(1, start);
  EXPECT_EQ(board.order(start), (Order{1, 0}));
}

TEST(Board, RestsLongerAfterEveryFailureAndForgetsThemOnSuccess) {
  SeededRandom random(6);
  Board board(2, kBackoff, random);
  const MonotonicTime start{seconds(10)};
  for (int i = 0; i < 4; ++i) board.failed(0, start);
  EXPECT_EQ(board.failures(0), 4u);
  EXPECT_EQ(board.order(start + milliseconds(399)), (Order{1, 0}));
  board.succeeded(0);
  EXPECT_EQ(board.failures(0), 0u);
  EXPECT_EQ(board.order(start), (Order{0, 1}));
}

}  // namespace
}  // namespace buri::protocol::endpoints
