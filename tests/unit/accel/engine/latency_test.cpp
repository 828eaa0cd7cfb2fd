#include "accel/engine/latency.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace buri::accel {
namespace {

LatencyCurve curve(std::vector<LatencyCurve::Point> points) {
  return LatencyCurve::from_points(std::move(points)).value();
}

TEST(LatencyCurve, PassesThroughItsPointsAndIsLinearBetween) {
  const LatencyCurve c = curve({{1, 100}, {11, 200}, {101, 1100}});
  EXPECT_EQ(c.at(0), 0u);
  EXPECT_EQ(c.at(1), 100u);
  EXPECT_EQ(c.at(6), 150u);
  EXPECT_EQ(c.at(11), 200u);
  EXPECT_EQ(c.at(56), 650u);
}

TEST(LatencyCurve, GoesOnWithItsLastSlope) {
  EXPECT_EQ(curve({{1, 100}, {11, 200}}).at(21), 300u);
  EXPECT_EQ(curve({{1, 100}}).at(5), 500u);
  EXPECT_EQ(curve({{1, 100}, {11, 100}}).at(21), 101u) << "a flat end still costs something";
}

TEST(LatencyCurve, CapacityAnswersTheInverseQuestion) {
  const LatencyCurve c = curve({{1, 100}, {11, 200}, {101, 1100}});
  EXPECT_EQ(c.capacity(99), 0u);
  EXPECT_EQ(c.capacity(100), 1u);
  EXPECT_EQ(c.capacity(155), 6u);
  EXPECT_EQ(c.capacity(2100), 201u);
}

TEST(LatencyCurve, CapacityIsMonotoneAndKeepsItsBudget) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    std::vector<LatencyCurve::Point> points{{1, 1 + random.below(1000)}};
    for (int i = 0; i < 8; ++i) {
      points.push_back({points.back().items + 1 + random.below(1000),
                        points.back().nanoseconds + random.below(5000)});
    }
    const LatencyCurve c = curve(points);
    std::uint64_t last = 0;
    for (std::uint64_t budget = 0; budget < 60000; budget += 1 + random.below(300)) {
      const std::uint64_t items = c.capacity(budget);
      ASSERT_GE(items, last);
      ASSERT_LE(c.at(items), budget);
      last = items;
    }
  }
}

TEST(LatencyCurve, RefusesPointsThatAreNoCurve) {
  EXPECT_FALSE(LatencyCurve::from_points({}));
  EXPECT_FALSE(LatencyCurve::from_points({{2, 10}})) << "starts beyond one item";
  EXPECT_FALSE(LatencyCurve::from_points({{1, 0}})) << "takes no time";
  EXPECT_FALSE(LatencyCurve::from_points({{1, 10}, {1, 20}})) << "repeats a size";
  EXPECT_FALSE(LatencyCurve::from_points({{1, 10}, {2, 9}})) << "falls";
  EXPECT_FALSE(LatencyCurve::from_points({{1, std::uint64_t{1} << 41}})) << "beyond all measure";
  EXPECT_FALSE(LatencyCurve::from_points(std::vector<LatencyCurve::Point>(65, {1, 1})));
}

TEST(LatencyCurve, FasterOfFollowsTheLowerCurve) {
  const LatencyCurve scalar = curve({{1, 40}, {100, 4000}});
  const LatencyCurve wide = curve({{1, 60}, {8, 64}, {100, 700}});
  const LatencyCurve best = LatencyCurve::faster_of(scalar, wide);
  EXPECT_EQ(best.at(1), 40u);
  EXPECT_EQ(best.at(8), 64u);
  EXPECT_EQ(best.at(100), 700u);
}

}  // namespace
}  // namespace buri::accel
