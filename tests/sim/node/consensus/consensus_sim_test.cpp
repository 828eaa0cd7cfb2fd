#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/sim/node/consensus/world.hpp"
#include "tests/support/long_run.hpp"

/// No schedule of partitions, lost, late, doubled and reordered messages, crashes at every write
/// and every effect, torn logs, clock jumps, and validators with less than a third of the power
/// that equivocate, forget or lie makes two nodes decide differently or lose a height; once the
/// network is healed, it goes on. BURI_TEST_LONG=1 plays 10^5 schedules, from the n-th on with
/// BURI_TEST_FROM=n, BURI_SIM_SEED=n plays one.

namespace buri::consensus::sim {
namespace {

constexpr std::uint64_t kSchedules = 1'000;  // in every run
constexpr std::uint64_t kLongSchedules = 100'000;
constexpr std::uint64_t kSchedulesPerLine = 5'000;  // of a long run, so that it can be watched

void print(std::uint64_t schedules, const Report& total) {
  std::cout << schedules << " schedules: " << total.heights << " heights, " << total.events
            << " events; " << total.counts.crashes << " crashes, " << total.counts.replayed_records
            << " records replayed; " << total.counts.rounds_above_zero << " later rounds, "
            << total.counts.unlocks << " unlocks; " << total.cuts << " messages lost; "
            << total.counts.evidence << " pieces of evidence, " << total.counts.refused_signatures
            << " signatures refused" << std::endl;
}

TEST(ConsensusSimulation, NoForkNoLostHeightAndOnItGoes) {
  const char* one = std::getenv("BURI_SIM_SEED");
  const std::uint64_t count = is_long_run() ? kLongSchedules : kSchedules;
  const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : long_run_begin();
  const std::uint64_t end = one != nullptr ? first + 1 : count;
  Report total;
  for (std::uint64_t seed = first; seed < end; ++seed) {
    const Report report = play(seed);
    ASSERT_EQ(report.story, "") << "replay with BURI_SIM_SEED=" << seed;
    total.add(report);
    if ((seed + 1) % kSchedulesPerLine == 0) print(seed + 1 - first, total);
  }
  print(end - first, total);
  if (one != nullptr) return;
  // No schedule shows anything if nothing happens in it.
  EXPECT_GT(total.heights, 2 * kSchedules);
  EXPECT_GT(total.counts.crashes, kSchedules);
  EXPECT_GT(total.counts.replayed_records, kSchedules);
  EXPECT_GT(total.counts.rounds_above_zero, kSchedules);
  EXPECT_GT(total.counts.unlocks, 0u);
  EXPECT_GT(total.counts.evidence, 0u);
}

}  // namespace
}  // namespace buri::consensus::sim
