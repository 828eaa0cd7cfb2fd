#include <gtest/gtest.h>

#include "tests/ptx/kernels/scheduled_device.hpp"
#include "tests/ptx/kernels/small_batch.hpp"

/// The shipped host code when CUDA calls fail: every call, one after the other, in every way.

namespace buri::ptx {
namespace {

using accel::BackendFault;
using accel::Operation;
using runtime::Api;

constexpr std::size_t kItems = 10;
constexpr std::size_t kChunkItems = 4;  // three chunks on two lanes

/// An error of CUDA and what the backend makes of it.
struct FaultCase {
  const char* name;
  cudaError_t error;
  bool sticky;  ///< the runtime answers nothing else afterwards
  BackendFault fault;
};

constexpr FaultCase kFaultCases[] = {
    {"out of memory", cudaErrorMemoryAllocation, false, BackendFault::kOutOfMemory},
    {"refused argument", cudaErrorInvalidValue, false, BackendFault::kLaunchFailed},
    {"too many resources", cudaErrorLaunchOutOfResources, false, BackendFault::kLaunchFailed},
    {"aborted kernel", cudaErrorLaunchFailure, true, BackendFault::kDeviceLost},
    {"device gone", cudaErrorDevicesUnavailable, true, BackendFault::kDeviceLost},
    {"memory error", cudaErrorECCUncorrectable, true, BackendFault::kDeviceLost},
    {"watchdog", cudaErrorLaunchTimeout, true, BackendFault::kTimeout},
};

constexpr Api kCallsOfAnOperation[] = {Api::kSetDevice, Api::kMalloc,       Api::kMallocHost,
                                       Api::kMemcpy,    Api::kLaunchKernel, Api::kStreamQuery};

class HostPath : public testing::TestWithParam<std::size_t> {
 protected:
  HostPath() : options_(device_options(kChunkItems)), batch_(kItems, 41, *options_.exact) {}

  static Operation operation() { return static_cast<Operation>(GetParam()); }

  /// Calls of `api` until the device is open, and until its first call is answered.
  struct CallRange {
    unsigned opened;
    unsigned answered;
  };
  CallRange clean_run(Api api) {
    runtime::reset({});
    const auto device = open_device(options_);
    const unsigned opened = runtime::calls(api);
    bool right = false;
    EXPECT_TRUE(batch_.run(*device, operation(), right).ok());
    EXPECT_TRUE(right);
    return {opened, runtime::calls(api)};
  }

  /// The nth call of `api` fails: the operation reports it, and the device is either as good as new
  /// or lost.
  void expect_documented_fault(const FaultCase& fault_case, Api api, unsigned nth) {
    SCOPED_TRACE(std::string(fault_case.name) + " at call " + std::to_string(nth) + " of " +
                 std::string(runtime::api_name(api)));
    runtime::reset({.faults = {{api, nth, fault_case.error, fault_case.sticky}}});
    {
      const auto device = open_device(options_);
      ASSERT_NE(device, nullptr);
      bool right = false;
      const auto answer = batch_.run(*device, operation(), right);
      ASSERT_FALSE(answer.ok());
      EXPECT_EQ(answer.error(), fault_case.fault);
      const auto again = batch_.run(*device, operation(), right);
      if (fault_case.sticky) {
        ASSERT_FALSE(again.ok());
        EXPECT_EQ(again.error(), BackendFault::kDeviceLost);
      } else {
        EXPECT_TRUE(again.ok() && right);
      }
    }
    // What a lost device held goes with its context: nothing the host could call gives it back.
    EXPECT_TRUE(fault_case.sticky || runtime::usage().holds_nothing());
    EXPECT_EQ(runtime::usage().endless_waits, 0u);
  }

  accel::cuda::DeviceOptions options_;
  SmallBatch batch_;
};

TEST_P(HostPath, EveryFailingCallEndsInTheDocumentedFault) {
  for (const Api api : kCallsOfAnOperation) {
    const auto [opened, answered] = clean_run(api);
    EXPECT_GT(answered, opened) << runtime::api_name(api) << " is not called any more";
    // A signature call takes long in the interpreter, so there every case meets every fifth call:
    // together the cases meet them all.
    const bool is_signature = operation() <= Operation::kVerifyKnown;
    const unsigned stride = is_signature ? 5 : 1;
    unsigned offset = 0;
    for (const FaultCase& fault_case : kFaultCases) {
      for (unsigned nth = opened + 1 + offset; nth <= answered; nth += stride) {
        expect_documented_fault(fault_case, api, nth);
      }
      offset = (offset + 1) % stride;
    }
  }
}

TEST_P(HostPath, ACleanCallLeavesNothingBehind) {
  clean_run(Api::kMalloc);
  EXPECT_TRUE(runtime::usage().holds_nothing());
  EXPECT_EQ(runtime::usage().pageable_copies, 0u);
  EXPECT_FALSE(runtime::usage().fault.has_value());
}

TEST_P(HostPath, AHungOperationEndsAtTheDeadline) {
  options_.deadline = std::chrono::milliseconds(30);
  for (std::uint64_t hung = 1; hung <= 3; ++hung) {
    runtime::reset({.hung_operation = hung});
    {
      const auto device = open_device(options_);
      ASSERT_NE(device, nullptr);
      bool right = false;
      const auto answer = batch_.run(*device, operation(), right);
      ASSERT_FALSE(answer.ok());
      EXPECT_EQ(answer.error(), BackendFault::kTimeout);
      const auto again = batch_.run(*device, operation(), right);
      ASSERT_FALSE(again.ok());
      EXPECT_EQ(again.error(), BackendFault::kDeviceLost);
    }
    // Memory is abandoned on purpose: to free it would mean to wait for the hung work.
    EXPECT_EQ(runtime::usage().endless_waits, 0u);
  }
}

TEST_P(HostPath, AKernelFaultLosesTheDevice) {
  // A kernel whose first instruction is a trap.
  runtime::reset({.edit_ptx = [](std::string ptx) {
    for (std::size_t at = ptx.find(".entry"); at != std::string::npos;
         at = ptx.find(".entry", at + 1)) {
      ptx.insert(ptx.find('{', at) + 1, " trap; ");
    }
    return ptx;
  }});
  {
    const auto device = open_device(options_);
    ASSERT_NE(device, nullptr);
    bool right = false;
    const auto answer = batch_.run(*device, operation(), right);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error(), BackendFault::kDeviceLost);
  }
  ASSERT_TRUE(runtime::usage().fault.has_value());
  EXPECT_EQ(runtime::usage().fault->kind, FaultKind::kTrap);
}

TEST_P(HostPath, TheMemoryCapHolds) {
  options_.memory_cap_bytes = 64;
  runtime::reset({});
  const auto device = open_device(options_);
  ASSERT_NE(device, nullptr);
  bool right = false;
  const auto answer = batch_.run(*device, operation(), right);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error(), BackendFault::kOutOfMemory);
}

/// The operations the backend offers.
std::vector<std::size_t> offered() {
  runtime::reset({});
  const auto device = open_device(device_options());
  std::vector<std::size_t> result;
  for (std::size_t k = 0; device != nullptr && k < accel::kOperationCount; ++k) {
    if (device->supports(static_cast<Operation>(k))) result.push_back(k);
  }
  return result;
}

INSTANTIATE_TEST_SUITE_P(Operations, HostPath, testing::ValuesIn(offered()),
                         [](const testing::TestParamInfo<std::size_t>& info) {
                           return std::string(operation_name(static_cast<Operation>(info.param)));
                         });

TEST(OpenDevices, EveryFailingCallMeansNoDeviceAndAReason) {
  for (const Api api :
       {Api::kGetDeviceCount, Api::kGetDeviceProperties, Api::kSetDevice, Api::kStreamCreate}) {
    runtime::reset({});
    auto device = open_device(device_options());
    ASSERT_NE(device, nullptr);
    const unsigned calls = runtime::calls(api);
    device = nullptr;
    ASSERT_GT(calls, 0u) << runtime::api_name(api);
    for (unsigned nth = 1; nth <= calls; ++nth) {
      SCOPED_TRACE(std::string(runtime::api_name(api)) + " call " + std::to_string(nth));
      runtime::reset({.faults = {{api, nth, cudaErrorInsufficientDriver}}});
      std::string reason;
      EXPECT_EQ(open_device(device_options(), &reason), nullptr);
      EXPECT_FALSE(reason.empty());
      EXPECT_TRUE(runtime::usage().holds_nothing());
    }
  }
}

TEST(OpenDevices, NoDeviceAndOldDevicesAreRefusedWithAReason) {
  for (const runtime::Settings& settings :
       {runtime::Settings{.device_count = 0}, runtime::Settings{.compute_major = 7}}) {
    runtime::reset(settings);
    std::string reason;
    EXPECT_EQ(open_device(device_options(), &reason), nullptr);
    EXPECT_FALSE(reason.empty());
  }
}

}  // namespace
}  // namespace buri::ptx
