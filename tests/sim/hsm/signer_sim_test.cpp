#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/sim/hsm/world.hpp"
#include "tests/support/long_run.hpp"

/// T41, T42, T50 and T54 as one claim: no schedule of crashes, torn and rotten sectors, failing
/// calls, lost, late, doubled and overtaking fence messages, restored and cloned disks, clock
/// jumps, replays and hostile requests makes the key contradict itself, sign what nobody asked for
/// or sign the bytes of one purpose for another (T32). BURI_TEST_LONG=1 plays 10^6 schedules,
/// BURI_TEST_FROM=n begins with the n-th, BURI_SIM_SEED=n plays one.

namespace buri::hsm::sim {
namespace {

constexpr std::uint64_t kSchedules = 3000;  // of each kind, in every run
constexpr std::uint64_t kLongSchedules = 500'000;
constexpr std::uint64_t kSchedulesPerLine = 20'000;  // of a long run, so that it can be watched

std::uint64_t count_of(const Report& report, wire::Purpose purpose) {
  return report.by_purpose[static_cast<std::size_t>(purpose)];
}

void print(std::uint64_t schedules, const Report& total) {
  std::cout << schedules << " schedules: " << total.conflicts << " conflicts; " << total.released
            << " answers, " << total.replayed_unequal << " of them signed again, " << total.approved
            << " approved by administrators; " << total.refused << " refusals, " << total.hostile
            << " of hostile requests; " << total.crashes << " crashes, " << total.halts
            << " halts, " << total.unopened << " refused starts, " << total.fenced_off
            << " times fenced off; signatures:";
  for (const wire::Purpose purpose : wire::kAllPurposes) {
    std::cout << " " << wire::purpose_name(purpose) << " " << count_of(total, purpose);
  }
  std::cout << std::endl;
}

Report play_all(bool is_fenced) {
  const char* one = std::getenv("BURI_SIM_SEED");
  const std::uint64_t count = is_long_run() ? kLongSchedules : kSchedules;
  const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : long_run_begin();
  const std::uint64_t end = one != nullptr ? first + 1 : count;
  Report total;
  for (std::uint64_t seed = first; seed < end; ++seed) {
    const Report report = play({seed, is_fenced});
    EXPECT_EQ(report.conflicts, 0u) << report.story << "; replay with BURI_SIM_SEED=" << seed;
    EXPECT_EQ(report.wrong_replies, 0u) << "replay with BURI_SIM_SEED=" << seed;
    EXPECT_EQ(report.stranded, 0u) << report.story << "; replay with BURI_SIM_SEED=" << seed;
    EXPECT_EQ(report.broken_logs, 0u) << "replay with BURI_SIM_SEED=" << seed;
    if (testing::Test::HasFailure()) break;
    total.add(report);
    if ((seed + 1) % kSchedulesPerLine == 0) print(seed + 1 - first, total);
  }
  print(end - first, total);
  return total;
}

/// No schedule shows anything if nothing happens in it.
void expect_all_happened(const Report& total) {
  for (const wire::Purpose purpose : wire::kAllPurposes) {
    EXPECT_GT(count_of(total, purpose), kSchedules / 100) << wire::purpose_name(purpose);
  }
  EXPECT_GT(total.released, 3 * kSchedules);
  EXPECT_GT(total.replayed_unequal, 0u);
  EXPECT_GT(total.refused, 0u);
  EXPECT_GT(total.hostile, kSchedules / 2);
  EXPECT_GT(total.approved, 0u);
  EXPECT_GT(total.halts, 0u);
  EXPECT_GT(total.unopened, 0u);
}

TEST(SignerSimulation, T41OneSignerNeverContradictsItself) {
  const Report total = play_all(false);
  if (std::getenv("BURI_SIM_SEED") == nullptr) expect_all_happened(total);
}

TEST(SignerSimulation, T50TwoSignersBehindAFenceNeverContradictEachOther) {
  const Report total = play_all(true);
  if (std::getenv("BURI_SIM_SEED") != nullptr) return;
  expect_all_happened(total);
  EXPECT_GT(total.fenced_off, kSchedules);
}

TEST(SignerSimulation, SameSeedIsTheSameSchedule) {
  for (const bool is_fenced : {false, true}) {
    EXPECT_EQ(play({77, is_fenced}), play({77, is_fenced}));
  }
}

}  // namespace
}  // namespace buri::hsm::sim
