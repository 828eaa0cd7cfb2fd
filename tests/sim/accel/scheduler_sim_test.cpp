#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "tests/sim/accel/world.hpp"
#include "tests/support/long_run.hpp"

/// What the engine promises about devices, each promise over its share of 10^5 seeded schedules.
/// BURI_TEST_LONG=1 plays ten times as many; BURI_SIM_SEED=n plays one.

namespace buri::accel::sim {
namespace {

constexpr double kSampled = 1.0 / 8;

/// Faults by the seed's low bits, so that every mixture is played equally often.
Vices mixture(std::uint64_t seed, Lie lie, double probability, bool only_when_trusted) {
  return {(seed & 1) != 0, (seed & 2) != 0, (seed & 4) != 0, lie, only_when_trusted, probability};
}

void add(Report& total, const Report& one) {
  total.items += one.items;
  total.device_items += one.device_items;
  total.wrong += one.wrong;
  total.sampled_lying_calls += one.sampled_lying_calls;
  total.caught_by_sample += one.caught_by_sample;
  total.expected_unseen_calls += one.expected_unseen_calls;
  total.unseen_variance += one.unseen_variance;
  total.quarantines += one.quarantines;
  total.hangs += one.hangs;
  total.losses += one.losses;
  total.returns += one.returns;
  total.out_of_memory += one.out_of_memory;
}

/// Plays `count` schedules and holds each to what is promised whatever the policy: every batch
/// ends, nothing right is rejected, nothing wrong stays that was or should have been rechecked.
template <class Options>
Report play_all(std::uint64_t count, Options options_of) {
  const char* one = std::getenv("BURI_SIM_SEED");
  if (is_long_run()) count *= 10;
  std::uint64_t seed = one != nullptr ? std::strtoull(one, nullptr, 10) : 0;
  const std::uint64_t end = one != nullptr ? seed + 1 : count;
  Report total;
  for (; seed < end; ++seed) {
    WorldOptions options = options_of(seed);
    options.seed = seed;
    const Report report = play(options);
    EXPECT_FALSE(report.stuck) << "replay with BURI_SIM_SEED=" << seed;
    EXPECT_EQ(report.false_rejections, 0u) << "replay with BURI_SIM_SEED=" << seed;
    EXPECT_EQ(report.inexcusable, 0u) << "replay with BURI_SIM_SEED=" << seed;
    if (testing::Test::HasFailure()) break;
    add(total, report);
  }
  return total;
}

TEST(SchedulerSimulation, StrictPolicyGivesNoWrongAnswerWhateverDevicesDo) {
  const Report total = play_all(40000, [](std::uint64_t seed) {
    const auto lie = static_cast<Lie>(seed / 8 % 4);
    const double probability = seed / 32 % 2 == 0 ? 0.02 : 1.0;
    return WorldOptions{0, 1.0, mixture(seed, lie, probability, false)};
  });
  EXPECT_EQ(total.wrong, 0u);
  EXPECT_GT(total.quarantines, 0u);
  EXPECT_GT(total.hangs, 0u);
  EXPECT_GT(total.losses, 0u);
  EXPECT_GT(total.returns, 0u);
  EXPECT_GT(total.out_of_memory, 0u);
}

TEST(SchedulerSimulation, SampledPolicyGivesNoWrongAnswerFromDevicesThatOnlyFail) {
  const Report total = play_all(20000, [](std::uint64_t seed) {
    return WorldOptions{0, kSampled, mixture(seed, Lie::kNone, 0, false)};
  });
  EXPECT_EQ(total.wrong, 0u);
  EXPECT_EQ(total.quarantines, 0u);
  EXPECT_GT(total.device_items, total.items / 20);
  EXPECT_GT(total.hangs, 0u);
  EXPECT_GT(total.returns, 0u);
}

TEST(SchedulerSimulation, SampledPolicyGivesNoWrongAnswerFromDevicesThatRejectWhatIsRight) {
  const Report total = play_all(10000, [](std::uint64_t seed) {
    return WorldOptions{0, kSampled, mixture(seed, Lie::kReject, 0.05, seed / 8 % 2 == 0)};
  });
  EXPECT_EQ(total.wrong, 0u);
  EXPECT_GT(total.quarantines, 0u);
}

TEST(SchedulerSimulation, SampledPolicyGivesNoWrongAnswerFromDevicesThatAcceptEverything) {
  const Report total = play_all(10000, [](std::uint64_t seed) {
    return WorldOptions{0, kSampled, mixture(seed, Lie::kAcceptAll, 1.0, seed / 8 % 2 == 0)};
  });
  EXPECT_EQ(total.wrong, 0u);
  EXPECT_GT(total.quarantines, 0u);
}

TEST(SchedulerSimulation, SampledPolicyGivesNoWrongAnswerFromDevicesWhollyWrong) {
  const Report total = play_all(5000, [](std::uint64_t seed) {
    return WorldOptions{0, kSampled, mixture(seed, Lie::kSpoil, 1.0, false)};
  });
  EXPECT_EQ(total.wrong, 0u);
  EXPECT_GT(total.quarantines, 0u);
}

// The one thing sampling cannot exclude: a device that earned trust and then spoils single answers.
// Each call with k of them passes unseen with a probability of at most (1 - rate)^k.
TEST(SchedulerSimulation, TrustedLiarsPassUnseenNoMoreOftenThanTheSampleRatePromises) {
  const Report total = play_all(15000, [](std::uint64_t seed) {
    const double probability = seed / 8 % 2 == 0 ? 0.01 : 0.1;
    return WorldOptions{0, kSampled, mixture(seed, Lie::kSpoil, probability, true)};
  });
  const auto unseen = static_cast<double>(total.sampled_lying_calls - total.caught_by_sample);
  EXPECT_GT(total.sampled_lying_calls, 100u);
  EXPECT_LE(unseen, total.expected_unseen_calls + 5 * std::sqrt(total.unseen_variance));
  RecordProperty("lying_calls", std::to_string(total.sampled_lying_calls));
  RecordProperty("unseen_calls", std::to_string(unseen));
}

TEST(SchedulerSimulation, OneSeedPlaysOneSchedule) {
  WorldOptions options{12345, kSampled, mixture(7, Lie::kSpoil, 0.1, true)};
  const Report first = play(options);
  const Report second = play(options);
  EXPECT_EQ(first.items, second.items);
  EXPECT_EQ(first.device_items, second.device_items);
  EXPECT_EQ(first.hangs, second.hangs);
  EXPECT_EQ(first.wrong, second.wrong);
}

}  // namespace
}  // namespace buri::accel::sim
