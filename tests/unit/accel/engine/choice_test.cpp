#include "accel/engine/choice.hpp"

#include <gtest/gtest.h>

namespace buri::accel::engine {
namespace {

LatencyCurve curve(std::vector<LatencyCurve::Point> points) {
  return LatencyCurve::from_points(std::move(points)).value();
}

TEST(CpuChoice, FollowsTheFasterCurveAtEverySize) {
  const CpuChoice choice({{nullptr, curve({{1, 40}, {1000, 40'000}})},
                          {nullptr, curve({{1, 60}, {8, 64}, {1000, 8'000}})}});
  EXPECT_EQ(choice.index_for(1), 0u);
  EXPECT_EQ(choice.index_for(2), 1u);
  EXPECT_EQ(choice.index_for(256), 1u);
  EXPECT_EQ(choice.index_for(257), 1u);
  EXPECT_EQ(choice.index_for(std::uint64_t{1} << 40), 1u);
}

TEST(CpuChoice, ChangesSidesBeyondTheFineTableToo) {
  const CpuChoice choice({{nullptr, curve({{1, 10}, {10'000, 100'000}})},
                          {nullptr, curve({{1, 20'000}, {10'000, 30'000}})}});
  EXPECT_EQ(choice.index_for(256), 0u);
  EXPECT_EQ(choice.index_for(1000), 0u);
  EXPECT_EQ(choice.index_for(10'000), 1u);
}

TEST(CpuChoice, LeavesNearTiesToTheEarlierBackend) {
  const CpuChoice choice({{nullptr, curve({{1, 1010}})}, {nullptr, curve({{1, 1000}})}});
  EXPECT_EQ(choice.index_for(1), 0u);
  const CpuChoice clear({{nullptr, curve({{1, 1050}})}, {nullptr, curve({{1, 1000}})}});
  EXPECT_EQ(clear.index_for(1), 1u);
}

}  // namespace
}  // namespace buri::accel::engine
