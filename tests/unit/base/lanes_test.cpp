#include "base/lanes.hpp"

#include <gtest/gtest.h>

#include <array>

namespace buri {
namespace {

TEST(ThreadLanes, RunEveryLaneOfEveryJob) {
  struct Counter final : LaneJob {
    std::array<std::atomic<int>, 3> calls{};
    void work(std::size_t lane) override { ++calls[lane]; }
  };
  ThreadLanes lanes(3);
  Counter counter;
  for (int i = 0; i < 100; ++i) lanes.run(counter);
  for (const auto& calls : counter.calls) EXPECT_EQ(calls.load(), 100);
}

}  // namespace
}  // namespace buri
