#include "accel/engine/device_health.hpp"

#include <gtest/gtest.h>

namespace buri::accel {
namespace {

using std::chrono::seconds;

constexpr Operation kOp = Operation::kRecover;
constexpr Operation kOther = Operation::kSha256;

HealthPolicy policy() {
  HealthPolicy policy;
  policy.sampling = {1.0 / 64, 8};
  policy.probation_items = 1000;
  policy.probation_share = 100;
  return policy;
}

DeviceHealth fresh(const HealthPolicy& with = policy()) {
  DeviceHealth::Supports all;
  all.fill(true);
  return DeviceHealth(with, all);
}

MonotonicTime at(int second) { return MonotonicTime(seconds(second)); }

TEST(DeviceHealth, EarnsTrustPerOperation) {
  DeviceHealth health = fresh();
  health.on_checked(kOp, 999);
  EXPECT_FALSE(health.trusted(kOp));
  EXPECT_EQ(health.limit(kOp), 100u);
  health.on_checked(kOp, 1);
  EXPECT_TRUE(health.trusted(kOp));
  EXPECT_EQ(health.limit(kOp), UINT64_MAX);
  EXPECT_FALSE(health.trusted(kOther));
}

TEST(DeviceHealth, IsNeverTrustedUnderAStrictPolicy) {
  HealthPolicy strict = policy();
  strict.sampling.rate = 1.0;
  DeviceHealth health = fresh(strict);
  health.on_checked(kOp, 1u << 30);
  EXPECT_FALSE(health.trusted(kOp));
}

TEST(DeviceHealth, QuarantineIsForLife) {
  DeviceHealth health = fresh();
  health.on_mismatch();
  health.on_fault(BackendFault::kDeviceLost, kOp, 1, at(0));
  health.on_hang();
  health.on_return(at(1));
  EXPECT_EQ(health.state(), DeviceState::kQuarantined);
  EXPECT_FALSE(health.accepts(kOp));
}

TEST(DeviceHealth, ALostDeviceIsTestedAfterGrowingPauses) {
  DeviceHealth health = fresh();
  health.on_fault(BackendFault::kDeviceLost, kOp, 1, at(10));
  EXPECT_EQ(health.state(), DeviceState::kLost);
  EXPECT_EQ(health.retry_at(), at(11));
  health.on_test_failed(at(20));
  EXPECT_EQ(health.retry_at(), at(22));
  for (int i = 0; i < 20; ++i) health.on_test_failed(at(30));
  EXPECT_EQ(health.retry_at(), at(30) + std::chrono::minutes(5));
}

TEST(DeviceHealth, AReturnedDeviceStartsOnProbationAgain) {
  DeviceHealth health = fresh();
  health.on_checked(kOp, 5000);
  health.on_fault(BackendFault::kDeviceLost, kOp, 1, at(0));
  EXPECT_FALSE(health.accepts(kOp));
  health.on_test_passed();
  EXPECT_TRUE(health.accepts(kOp));
  EXPECT_FALSE(health.trusted(kOp));
}

TEST(DeviceHealth, OutOfMemoryHalvesTheLimitUntilManyCallsWentWell) {
  DeviceHealth health = fresh();
  health.on_checked(kOp, 5000);
  health.on_fault(BackendFault::kOutOfMemory, kOp, 4096, at(0));
  EXPECT_EQ(health.state(), DeviceState::kActive);
  EXPECT_EQ(health.limit(kOp), 2048u);
  for (int i = 0; i < 64; ++i) health.on_answered(kOp);
  EXPECT_EQ(health.limit(kOp), 4096u);
}

TEST(DeviceHealth, LaunchFailuresInARowCountAsLoss) {
  DeviceHealth health = fresh();
  health.on_fault(BackendFault::kLaunchFailed, kOp, 1, at(0));
  health.on_fault(BackendFault::kLaunchFailed, kOp, 1, at(0));
  health.on_answered(kOp);
  health.on_fault(BackendFault::kLaunchFailed, kOp, 1, at(0));
  health.on_fault(BackendFault::kLaunchFailed, kOp, 1, at(0));
  EXPECT_EQ(health.state(), DeviceState::kActive);
  health.on_fault(BackendFault::kLaunchFailed, kOp, 1, at(0));
  EXPECT_EQ(health.state(), DeviceState::kLost);
}

TEST(DeviceHealth, AHungDeviceIsTestedOnlyAfterItsCallCameBack) {
  DeviceHealth health = fresh();
  health.on_hang();
  EXPECT_EQ(health.state(), DeviceState::kHung);
  health.on_return(at(100));
  EXPECT_EQ(health.state(), DeviceState::kLost);
  EXPECT_EQ(health.retry_at(), at(101));
}

TEST(DeviceHealth, AnUnsupportedOperationLeavesTheOthers) {
  DeviceHealth health = fresh();
  health.on_fault(BackendFault::kUnsupported, kOp, 1, at(0));
  EXPECT_FALSE(health.accepts(kOp));
  EXPECT_TRUE(health.accepts(kOther));
}

}  // namespace
}  // namespace buri::accel
