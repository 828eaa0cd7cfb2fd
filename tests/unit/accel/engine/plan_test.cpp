#include "accel/engine/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "base/random.hpp"

namespace buri::accel {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t kNoLimit = UINT64_MAX;

LatencyCurve linear(std::uint64_t fixed_ns, std::uint64_t per_item_ns) {
  return LatencyCurve::from_points(
             {{1, fixed_ns + per_item_ns}, {1001, fixed_ns + 1001 * per_item_ns}})
      .value();
}

TEST(PlanWhole, PicksTheLaneThatFinishesFirstAndCountsItsQueue) {
  const LatencyCurve cpu = linear(0, 1000);
  const LatencyCurve device = linear(50'000, 10);
  const Lane idle[] = {{&cpu, 0, kNoLimit}, {&device, 0, kNoLimit}};
  EXPECT_THAT(plan_whole(10, idle).items, ElementsAre(10, 0));
  EXPECT_THAT(plan_whole(1000, idle).items, ElementsAre(0, 1000));
  const Lane queued[] = {{&cpu, 0, kNoLimit}, {&device, 2'000'000, kNoLimit}};
  EXPECT_THAT(plan_whole(1000, queued).items, ElementsAre(1000, 0));
}

TEST(PlanWhole, RespectsLimits) {
  const LatencyCurve cpu = linear(0, 1000);
  const LatencyCurve device = linear(0, 10);
  const Lane lanes[] = {{&cpu, 0, kNoLimit}, {&device, 0, 99}};
  EXPECT_THAT(plan_whole(100, lanes).items, ElementsAre(100, 0));
  EXPECT_THAT(plan_whole(99, lanes).items, ElementsAre(0, 99));
}

TEST(PlanSplit, HalvesALargeBatchBetweenEqualLanes) {
  const LatencyCurve cpu = linear(0, 1000);
  const Lane lanes[] = {{&cpu, 0, kNoLimit}, {&cpu, 0, kNoLimit}};
  const Plan plan = plan_split(1600, 16, lanes);
  EXPECT_NEAR(static_cast<double>(plan.items[0]), 800, 24);
  EXPECT_EQ(plan.items[0] + plan.items[1], 1600u);
}

TEST(PlanSplit, KeepsASmallBatchTogetherWhenHandOverCostsMore) {
  const LatencyCurve cpu = linear(0, 1000);
  const Lane lanes[] = {{&cpu, 0, kNoLimit}, {&cpu, 20'000, kNoLimit, 3}};
  EXPECT_THAT(plan_split(16, 16, lanes).items, ElementsAre(16, 0));
}

TEST(PlanSplit, DividesByRateBetweenUnequalLanes) {
  const LatencyCurve cpu = linear(0, 100);
  const LatencyCurve device = linear(10'000, 25);
  const Lane lanes[] = {{&cpu, 0, kNoLimit}, {&device, 0, kNoLimit}};
  const Plan plan = plan_split(10'000, 16, lanes);
  // 100 x = 10000 + 25 (10000 - x) at x = 2080.
  EXPECT_NEAR(static_cast<double>(plan.items[0]), 2080, 40);
}

TEST(PlanSplit, PlacesEveryItemOnceNeverOverALimitNeverWorseThanWhole) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    std::vector<LatencyCurve> curves;
    for (int i = 0; i < 4; ++i) curves.push_back(linear(random.below(9000), 1 + random.below(500)));
    const std::uint64_t items = 1 + random.below(5000);
    std::vector<Lane> lanes;
    for (const LatencyCurve& curve : curves) {
      const std::uint64_t limit = lanes.empty() ? items : random.below(2 * items);
      lanes.push_back({&curve, random.below(50'000), limit, 1 + random.below(3)});
    }
    const Plan plan = plan_split(items, 16, lanes);
    ASSERT_EQ(std::accumulate(plan.items.begin(), plan.items.end(), std::uint64_t{0}), items);
    for (std::size_t i = 0; i < lanes.size(); ++i) ASSERT_LE(plan.items[i], lanes[i].limit);
    ASSERT_LE(plan.finish_ns, plan_whole(items, lanes).finish_ns);
  }
}

}  // namespace
}  // namespace buri::accel
