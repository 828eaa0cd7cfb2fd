#include "tests/ptx/runtime/fake_runtime.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/ptx/runtime/sample_kernels.hpp"

namespace buri::ptx::runtime {
namespace {

constexpr std::uint32_t kCount = 300;
constexpr std::size_t kBytes = kCount * sizeof(std::uint32_t);

/// A stream, a pinned buffer that counts 0, 1, 2, ... and a device buffer of the same size.
class FakeRuntime : public testing::Test {
 protected:
  void start(Settings settings = {}) {
    reset(std::move(settings));
    ASSERT_EQ(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), cudaSuccess);
    ASSERT_EQ(cudaMallocHost(reinterpret_cast<void**>(&host_), kBytes), cudaSuccess);
    ASSERT_EQ(cudaMalloc(reinterpret_cast<void**>(&device_), kBytes), cudaSuccess);
    std::iota(host_, host_ + kCount, 0u);
  }

  cudaError_t upload() {
    return cudaMemcpyAsync(device_, host_, kBytes, cudaMemcpyHostToDevice, stream_);
  }
  cudaError_t download() {
    return cudaMemcpyAsync(host_, device_, kBytes, cudaMemcpyDeviceToHost, stream_);
  }
  /// Copies in, multiplies by the factor, copies out; none of it has happened when this returns.
  void enqueue_all() {
    ASSERT_EQ(upload(), cudaSuccess);
    ASSERT_EQ(launch_scale(device_, kCount, 3, 128, stream_), cudaSuccess);
    ASSERT_EQ(download(), cudaSuccess);
  }
  bool scaled_by(std::uint32_t factor) const {
    for (std::uint32_t i = 0; i < kCount; ++i) {
      if (host_[i] != factor * i) return false;
    }
    return true;
  }

  cudaStream_t stream_ = nullptr;
  std::uint32_t* host_ = nullptr;
  std::uint32_t* device_ = nullptr;
};

TEST_F(FakeRuntime, RunsTheProgramsOwnKernel) {
  start();
  enqueue_all();
  ASSERT_EQ(cudaStreamSynchronize(stream_), cudaSuccess);
  EXPECT_TRUE(scaled_by(3));
  EXPECT_EQ(usage().launches, 1u);
  EXPECT_GT(usage().thread_instructions, kCount);
}

TEST_F(FakeRuntime, NothingRunsBeforeTheHostAsks) {
  start();
  enqueue_all();
  EXPECT_TRUE(scaled_by(1));
  EXPECT_EQ(cudaStreamQuery(stream_), cudaErrorNotReady);
  EXPECT_EQ(cudaStreamQuery(stream_), cudaErrorNotReady);
  EXPECT_TRUE(scaled_by(1));
  EXPECT_EQ(cudaStreamQuery(stream_), cudaSuccess);
  EXPECT_TRUE(scaled_by(3));
}

TEST_F(FakeRuntime, EventsMarkAPlaceInTheStream) {
  start();
  cudaEvent_t event = nullptr;
  ASSERT_EQ(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), cudaSuccess);
  enqueue_all();
  ASSERT_EQ(cudaEventRecord(event, stream_), cudaSuccess);
  ASSERT_EQ(launch_scale(device_, kCount, 3, 128, stream_), cudaSuccess);
  EXPECT_EQ(cudaEventQuery(event), cudaErrorNotReady);
  EXPECT_EQ(cudaEventSynchronize(event), cudaSuccess);
  EXPECT_TRUE(scaled_by(3));
  EXPECT_EQ(usage().launches, 1u);
  EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
}

TEST_F(FakeRuntime, ConstantsCanBeWrittenAndStartAfresh) {
  start();
  ASSERT_EQ(set_factor(10), cudaSuccess);
  enqueue_all();
  ASSERT_EQ(cudaStreamSynchronize(stream_), cudaSuccess);
  EXPECT_TRUE(scaled_by(10));
  start();
  enqueue_all();
  ASSERT_EQ(cudaStreamSynchronize(stream_), cudaSuccess);
  EXPECT_TRUE(scaled_by(3));
}

TEST_F(FakeRuntime, AKernelFaultIsStickyAndComesLate) {
  start();
  EXPECT_EQ(launch_scale(device_, kCount + 1, 3, 128, stream_), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(stream_), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaMalloc(reinterpret_cast<void**>(&device_), 16), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
  ASSERT_TRUE(usage().fault.has_value());
  EXPECT_EQ(usage().fault->kind, FaultKind::kOutOfBounds);
}

TEST_F(FakeRuntime, TheNthCallFailsOnce) {
  start({.faults = {{Api::kMemcpy, 2, cudaErrorInvalidValue}}});
  EXPECT_EQ(upload(), cudaSuccess);
  EXPECT_EQ(upload(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_EQ(upload(), cudaSuccess);
  EXPECT_EQ(calls(Api::kMemcpy), 3u);
}

TEST_F(FakeRuntime, ALostDeviceAnswersNothingAnyMore) {
  start({.faults = {{Api::kLaunchKernel, 1, cudaErrorDevicesUnavailable, true}}});
  EXPECT_EQ(launch_scale(device_, kCount, 3, 128, stream_), cudaErrorDevicesUnavailable);
  EXPECT_EQ(cudaStreamSynchronize(stream_), cudaErrorDevicesUnavailable);
  EXPECT_EQ(cudaFree(device_), cudaErrorDevicesUnavailable);
  EXPECT_EQ(usage().device_allocations, 0u);
}

TEST_F(FakeRuntime, AHungStreamIsNeverReady) {
  start({.hung_operation = 2});
  enqueue_all();
  for (int i = 0; i < 100; ++i) ASSERT_EQ(cudaStreamQuery(stream_), cudaErrorNotReady);
  EXPECT_EQ(usage().endless_waits, 0u);
  EXPECT_NE(cudaStreamSynchronize(stream_), cudaSuccess);
  EXPECT_EQ(usage().endless_waits, 1u);
}

TEST_F(FakeRuntime, RefusesImpossibleLaunches) {
  start();
  EXPECT_EQ(launch_scale(device_, kCount, 1, 1025, stream_), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_scale(device_, kCount, 0, 128, stream_), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_scale(device_, kCount, 1, 512, stream_), cudaErrorInvalidValue);
  EXPECT_EQ(launch_scale(device_, kCount, 1, 128, stream_), cudaSuccess);
}

TEST_F(FakeRuntime, RefusesCopiesWhoseEndsAreElsewhere) {
  start();
  EXPECT_EQ(cudaMemcpyAsync(host_, host_, 4, cudaMemcpyHostToDevice, stream_),
            cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpyAsync(device_, host_, kBytes + 1, cudaMemcpyHostToDevice, stream_),
            cudaErrorInvalidValue);
  std::uint32_t pageable[4] = {7, 7, 7, 7};
  EXPECT_EQ(cudaMemcpyAsync(device_, pageable, 16, cudaMemcpyHostToDevice, stream_), cudaSuccess);
  EXPECT_EQ(usage().pageable_copies, 1u);
}

TEST_F(FakeRuntime, MemoryRunsOutAtTheCapacity) {
  start({.device_bytes = 2 * kBytes});
  void* more = nullptr;
  EXPECT_EQ(cudaMalloc(&more, kBytes + 1), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaMalloc(&more, kBytes), cudaSuccess);
  EXPECT_EQ(cudaMalloc(&more, 1), cudaErrorMemoryAllocation);
}

TEST_F(FakeRuntime, CountsWhatIsAlive) {
  start();
  EXPECT_FALSE(usage().holds_nothing());
  EXPECT_EQ(cudaFree(device_), cudaSuccess);
  EXPECT_EQ(cudaFree(device_), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFreeHost(host_), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(stream_), cudaSuccess);
  EXPECT_TRUE(usage().holds_nothing());
}

TEST_F(FakeRuntime, ChangedPtxIsWhatRuns) {
  start({.edit_ptx = [](std::string ptx) {
    const std::size_t at = ptx.find("mul.lo.s32");
    return at == std::string::npos ? ptx : ptx.replace(at, 10, "add.s32   ");
  }});
  enqueue_all();
  ASSERT_EQ(cudaStreamSynchronize(stream_), cudaSuccess);
  EXPECT_EQ(host_[10], 13u);
}

using FakeRuntimeDeathTest = FakeRuntime;

TEST_F(FakeRuntimeDeathTest, TheHostCannotTouchDeviceMemory) {
  start();
  EXPECT_DEATH({ *static_cast<volatile std::uint32_t*>(device_) = 1; }, "");
}

}  // namespace
}  // namespace buri::ptx::runtime
