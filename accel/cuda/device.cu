#include <thread>

#include "accel/cuda/device.cuh"
#include "base/check.hpp"

namespace buri::accel::cuda {
namespace {

constexpr auto kSpin = std::chrono::microseconds(200);
constexpr auto kPause = std::chrono::microseconds(50);
constexpr auto kDrainTime = std::chrono::seconds(2);

}  // namespace

Device::Device(int index, const DeviceOptions& options) : index_(index), options_(options) {
  CHECK(options_.exact != nullptr && options_.chunk_items > 0, "a device without its options");
}

Device::~Device() {
  const bool unreachable = hung_ || cudaSetDevice(index_) != cudaSuccess;
  for (Lane& lane : lanes_) {
    if (unreachable) {
      lane.host_input.abandon();
      lane.host_output.abandon();
      lane.device.abandon();
    } else if (lane.stream != nullptr) {
      cudaStreamDestroy(lane.stream);
    }
  }
}

CallStatus Device::open() {
  RETURN_IF_ERROR(check(cudaSetDevice(index_)));
  for (Lane& lane : lanes_)
    RETURN_IF_ERROR(check(cudaStreamCreateWithFlags(&lane.stream, cudaStreamNonBlocking)));
  return Unit{};
}

CallStatus Device::begin_call() {
  if (lost_) return Failure{BackendFault::kDeviceLost};
  deadline_ = std::chrono::steady_clock::now() + options_.deadline;
  return check(cudaSetDevice(index_));
}

CallStatus Device::check(cudaError_t error) {
  if (error == cudaSuccess) return Unit{};
  cudaGetLastError();  // a refused call leaves its code behind; the next launch must not see it
  if (is_sticky(error)) lost_ = true;
  return Failure{fault_of(error)};
}

CallStatus Device::grow(DeviceBuffer& buffer, std::size_t bytes) {
  if (bytes <= buffer.bytes()) return Unit{};
  const std::size_t others = held_bytes_ - buffer.bytes();
  if (bytes > options_.memory_cap_bytes || others > options_.memory_cap_bytes - bytes)
    return Failure{BackendFault::kOutOfMemory};
  const cudaError_t error = buffer.reserve(bytes);
  held_bytes_ = others + buffer.bytes();
  return check(error);
}

CallStatus Device::reserve(DeviceBuffer& buffer, std::size_t bytes) { return grow(buffer, bytes); }

void Device::release(DeviceBuffer& buffer) {
  if (buffer.bytes() == 0) return;
  held_bytes_ -= buffer.bytes();
  if (hung_ || cudaSetDevice(index_) != cudaSuccess) {
    buffer.abandon();
  } else {
    buffer.release();
  }
}

CallStatus Device::reserve(Lane& lane, const LaneBytes& bytes) {
  RETURN_IF_ERROR(check(lane.host_input.reserve(bytes.host_input)));
  RETURN_IF_ERROR(check(lane.host_output.reserve(bytes.host_output)));
  return grow(lane.device, bytes.device);
}

std::size_t Device::lane_budget_bytes() const {
  std::size_t tables = held_bytes_;
  for (const Lane& lane : lanes_) tables -= lane.device.bytes();
  return (options_.memory_cap_bytes - tables) / kLanes;
}

CallStatus Device::wait_until(const Lane& lane, std::chrono::steady_clock::time_point limit) {
  const auto started = std::chrono::steady_clock::now();
  for (;;) {
    const cudaError_t state = cudaStreamQuery(lane.stream);
    if (state != cudaErrorNotReady) return check(state);
    const auto now = std::chrono::steady_clock::now();
    if (now >= limit) return Failure{BackendFault::kTimeout};
    if (now - started > kSpin) std::this_thread::sleep_for(kPause);
  }
}

CallStatus Device::wait(const Lane& lane) {
  CallStatus status = wait_until(lane, deadline_);
  if (!status.ok() && status.error() == BackendFault::kTimeout) lost_ = hung_ = true;
  return status;
}

void Device::drain() {
  if (lost_) return;
  const auto limit = std::chrono::steady_clock::now() + kDrainTime;
  for (const Lane& lane : lanes_) {
    const CallStatus status = wait_until(lane, limit);
    if (!status.ok() && status.error() == BackendFault::kTimeout) lost_ = hung_ = true;
  }
}

}  // namespace buri::accel::cuda
