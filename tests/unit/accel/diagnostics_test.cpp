#include "accel/diagnostics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accel/engine/parts.hpp"
#include "tests/unit/accel/engine/unreliable_device.hpp"

namespace buri::accel {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

engine::Parts only(const std::shared_ptr<Backend>& backend) {
  engine::Parts parts;
  parts.backends.push_back({backend, nullptr});
  return parts;
}

TEST(Selftest, ADeviceThatHangsFailsItsFirstOperationAndIsAskedNothingMore) {
  const auto device = std::make_shared<UnreliableDevice>();
  device->hang();
  const SelftestReport report = run_selftest(BackendFilter::kAll, only(device), 20ms);
  device->release();
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_FALSE(report.results[0].passed);
  EXPECT_THAT(report.results[0].detail, HasSubstr("deadline"));
}

TEST(Selftest, AsksForEveryOperationThatADeviceOffers) {
  const auto device = std::make_shared<UnreliableDevice>();
  const SelftestReport report = run_selftest(BackendFilter::kAll, only(device), 60s);
  EXPECT_EQ(report.results.size(), 2u) << "toy answers are wrong, but each operation was asked";
  EXPECT_TRUE(run_selftest(BackendFilter::kCpu, only(device), 60s).results.empty());
}

TEST(MeasureRates, ListsADeviceThatHangsAsMissing) {
  const auto device = std::make_shared<UnreliableDevice>();
  device->hang();
  int figures = 0;
  const auto missing = measure_rates(
      BackendFilter::kAll, [&](const BackendRate&) { ++figures; }, only(device), 20ms);
  device->release();
  EXPECT_EQ(figures, 0);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].name, "cuda:0");
  EXPECT_THAT(missing[0].reason, HasSubstr("hung"));
}

}  // namespace
}  // namespace buri::accel
