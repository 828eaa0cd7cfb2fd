#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/sim/hsm/world.hpp"

/// T41, T42, T50 and T54 as one claim: no schedule of crashes, torn and rotten sectors, failing
/// calls, lost, late, doubled and overtaking fence messages, restored and cloned disks, replays and
/// hostile requests makes the key contradict itself. BURI_TEST_LONG=1 plays 10^6 schedules,
/// BURI_SIM_SEED=n plays one.

namespace buri::hsm::sim {
namespace {

constexpr std::uint64_t kSchedules = 3000;  // of each kind, in every run
constexpr std::uint64_t kLongSchedules = 500'000;

Report play_all(bool is_fenced) {
  const char* one = std::getenv("BURI_SIM_SEED");
  const std::uint64_t count =
      std::getenv("BURI_TEST_LONG") != nullptr ? kLongSchedules : kSchedules;
  const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : 0;
  const std::uint64_t end = one != nullptr ? first + 1 : count;
  Report total;
  for (std::uint64_t seed = first; seed < end; ++seed) {
    const Report report = play({seed, is_fenced});
    EXPECT_EQ(report.conflicts, 0u) << report.story << "; replay with BURI_SIM_SEED=" << seed;
    EXPECT_EQ(report.wrong_replies, 0u) << "replay with BURI_SIM_SEED=" << seed;
    EXPECT_EQ(report.stranded, 0u) << "replay with BURI_SIM_SEED=" << seed;
    EXPECT_EQ(report.broken_logs, 0u) << "replay with BURI_SIM_SEED=" << seed;
    if (testing::Test::HasFailure()) break;
    total.add(report);
  }
  std::cout << (end - first) << " schedules: " << total.released << " answers, "
            << total.replayed_unequal << " of them signed again, " << total.refused << " refusals, "
            << total.crashes << " crashes, " << total.halts << " halts, " << total.unopened
            << " refused starts, " << total.fenced_off << " times in standby\n";
  return total;
}

TEST(SignerSimulation, OneSignerNeverContradictsItself) {
  const Report total = play_all(false);
  if (std::getenv("BURI_SIM_SEED") != nullptr) return;
  EXPECT_GT(total.released, 3 * kSchedules);
  EXPECT_GT(total.replayed_unequal, 0u);
  EXPECT_GT(total.refused, 0u);
  EXPECT_GT(total.halts, 0u);
  EXPECT_GT(total.unopened, 0u);
}

TEST(SignerSimulation, TwoSignersBehindAFenceNeverContradictEachOther) {
  const Report total = play_all(true);
  if (std::getenv("BURI_SIM_SEED") != nullptr) return;
  EXPECT_GT(total.released, 2 * kSchedules);
  EXPECT_GT(total.replayed_unequal, 0u);
  EXPECT_GT(total.refused, 0u);
  EXPECT_GT(total.fenced_off, kSchedules);
}

TEST(SignerSimulation, SameSeedIsTheSameSchedule) {
  for (const bool is_fenced : {false, true}) {
    const Report a = play({77, is_fenced});
    const Report b = play({77, is_fenced});
    EXPECT_EQ(std::tie(a.released, a.refused, a.crashes, a.halts, a.fenced_off),
              std::tie(b.released, b.refused, b.crashes, b.halts, b.fenced_off));
  }
}

}  // namespace
}  // namespace buri::hsm::sim
