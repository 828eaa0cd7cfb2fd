#include "tests/ptx/kernels/mutants.hpp"

#include <gtest/gtest.h>

#include <cstdio>

#include "tests/ptx/kernels/scheduled_device.hpp"
#include "tests/ptx/kernels/small_batch.hpp"

/// Every mutant must be noticed, by a fault or by a wrong answer; the unchanged kernels by neither.

namespace buri::ptx {
namespace {

/// Results of 32 bytes end where their allocation does, and half a block has nothing to do.
constexpr std::size_t kItems = 64;
constexpr std::uint64_t kSeed = 51;

/// What noticed that something is wrong under `schedule`; empty when nothing did.
std::string what_notices(const SmallBatch& batch, accel::Operation operation,
                         const NamedSchedule& schedule,
                         const std::function<std::string(std::string)>& edit_ptx) {
  LaunchOptions options;
  options.schedule = schedule.schedule;
  options.instruction_budget = 2'000'000'000;
  runtime::reset({.launch = options, .edit_ptx = edit_ptx});
  const auto device = open_device(device_options());
  bool right = false;
  const auto answer = batch.run(*device, operation, right);
  const runtime::Usage usage = runtime::usage();
  if (!usage.parse_error.empty()) return "refused: " + usage.parse_error;
  if (usage.fault) return std::string(fault_name(usage.fault->kind));
  if (!answer.ok()) return "refused launch";
  return right ? "" : "wrong answer";
}

class Mutants : public testing::TestWithParam<std::size_t> {
 protected:
  static const SmallBatch& batch() {
    static const SmallBatch instance(kItems, kSeed, *device_options().exact);
    return instance;
  }
};

TEST_P(Mutants, AreCaught) {
  const Mutant& mutant = all_mutants()[GetParam()];
  bool applied = false;
  const auto edit = [&](std::string ptx) { return mutate(mutant, std::move(ptx), applied); };
  std::string noticed;
  for (const NamedSchedule& schedule : test_schedules()) {
    noticed = what_notices(batch(), mutant.operation, schedule, edit);
    ASSERT_TRUE(applied) << "the kernels have no such place any more: " << mutant.name;
    if (noticed.empty()) continue;
    std::printf("  caught   %-50s by %s under %s\n", std::string(mutant.name).c_str(),
                noticed.c_str(), std::string(schedule.name).c_str());
    break;
  }
  EXPECT_FALSE(noticed.empty()) << mutant.name;
  EXPECT_FALSE(noticed.starts_with("refused")) << "the mutant is no valid PTX: " << noticed;
}

INSTANTIATE_TEST_SUITE_P(All, Mutants, testing::Range(std::size_t{0}, all_mutants().size()));

TEST(MutantsControl, UnchangedKernelsRaiseNothing) {
  const SmallBatch batch(kItems, kSeed, *device_options().exact);
  for (std::size_t k = 0; k < accel::kOperationCount; ++k) {
    const auto operation = static_cast<accel::Operation>(k);
    EXPECT_EQ(what_notices(batch, operation, test_schedules().front(), {}), "")
        << operation_name(operation);
  }
}

}  // namespace
}  // namespace buri::ptx
