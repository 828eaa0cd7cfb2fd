#include "base/random.hpp"

#include <gtest/gtest.h>

namespace buri {
namespace {

// The first outputs of xoshiro256** whose state is the first four outputs of splitmix64(0);
// computed from the published reference algorithms with Python integers.
TEST(SeededRandom, FollowsThePublishedAlgorithm) {
  SeededRandom random(0);
  EXPECT_EQ(random.next(), 0x99ec5f36cb75f2b4u);
  EXPECT_EQ(random.next(), 0xbf6e1f784956452au);
  EXPECT_EQ(random.next(), 0x1a5f849d4933e6e0u);
}

TEST(SeededRandom, RepeatsUnderOneSeedAndDiffersUnderAnother) {
  SeededRandom first(7);
  SeededRandom same(7);
  SeededRandom other(8);
  std::array<std::uint8_t, 13> a{};
  std::array<std::uint8_t, 13> b{};
  std::array<std::uint8_t, 13> c{};
  first.fill(a);
  same.fill(b);
  other.fill(c);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
}

TEST(Random, BelowReachesEveryValueAndNoOther) {
  SeededRandom random(1);
  std::array<int, 6> seen{};
  for (int i = 0; i < 6000; ++i) ++seen.at(random.below(6));
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
}

TEST(Random, ChanceIsExactAtBothEnds) {
  SeededRandom random(1);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(random.chance(1.0));
    ASSERT_FALSE(random.chance(0.0));
  }
}

TEST(Random, ChanceComesOutAboutAsOftenAsAsked) {
  SeededRandom random(1);
  int hits = 0;
  for (int i = 0; i < 100000; ++i) hits += random.chance(0.25) ? 1 : 0;
  EXPECT_NEAR(hits, 25000, 700);
}

TEST(SystemRandom, FillsTheWholeSpanAndNeverRepeats) {
  std::array<std::uint8_t, 64> a{};
  std::array<std::uint8_t, 64> b{};
  system_random().fill(a);
  system_random().fill(b);
  EXPECT_NE(a, b);
  EXPECT_NE(Hash256::from(ByteView(a).subspan(32)), Hash256{});
}

}  // namespace
}  // namespace buri
