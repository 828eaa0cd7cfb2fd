#include <gtest/gtest.h>

#include "tests/ptx/kernels/scheduled_device.hpp"
#include "tests/ptx/kernels/small_batch.hpp"

/// The signature kernels under every schedule, against the CPU. The suites of tests/unit/accel run
/// over the first schedule in full.

namespace buri::ptx {
namespace {

class SignatureKernels : public testing::TestWithParam<std::size_t> {
 protected:
  SignatureKernels() : exact_(device_options().exact) { runtime::reset({}); }

  void expect_right_answers(std::size_t items, std::uint64_t seed) {
    SCOPED_TRACE(std::to_string(items) + " items, seed " + std::to_string(seed));
    const SmallBatch batch(items, seed, *exact_);
    ScheduledDevice device(test_schedules()[GetParam()]);
    for (const accel::Operation operation :
         {accel::Operation::kRecover, accel::Operation::kVerify, accel::Operation::kVerifyKnown}) {
      bool right = false;
      EXPECT_TRUE(batch.run(device, operation, right).ok()) << operation_name(operation);
      EXPECT_TRUE(right) << operation_name(operation);
    }
  }

  std::shared_ptr<accel::Backend> exact_;
};

TEST_P(SignatureKernels, AgreeWithTheCpu) { expect_right_answers(45, 61); }

TEST_P(SignatureKernels, DoASingleItem) { expect_right_answers(1, 62); }

INSTANTIATE_TEST_SUITE_P(Schedules, SignatureKernels,
                         testing::Range(std::size_t{0}, test_schedules().size()),
                         [](const testing::TestParamInfo<std::size_t>& info) {
                           return std::string(test_schedules()[info.param].name);
                         });

TEST(CudaBackend, OffersEveryOperation) {
  runtime::reset({});
  const auto device = open_device(device_options());
  ASSERT_NE(device, nullptr);
  for (std::size_t k = 0; k < accel::kOperationCount; ++k) {
    const auto operation = static_cast<accel::Operation>(k);
    EXPECT_TRUE(device->supports(operation)) << operation_name(operation);
  }
}

}  // namespace
}  // namespace buri::ptx
