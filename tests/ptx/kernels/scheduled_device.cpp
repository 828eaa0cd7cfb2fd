#include "tests/ptx/kernels/scheduled_device.hpp"

#include <gtest/gtest.h>

#include <array>

#include "accel/scalar/backend.hpp"

namespace buri::ptx {

using accel::KeySet;
using accel::LowS;

std::span<const NamedSchedule> test_schedules() {
  static constexpr std::array<NamedSchedule, 5> kSchedules = {{
      {"lowest_pc", {}},
      {"highest_pc_reverse_warps", {LaneOrder::kHighestPc, true, true, 11}},
      {"lane_serial", {LaneOrder::kSerial, false, true, 12}},
      {"random", {LaneOrder::kRandom, false, true, 13}},
      {"random_reverse_warps", {LaneOrder::kRandom, true, true, 14}},
  }};
  return kSchedules;
}

accel::cuda::DeviceOptions device_options(std::size_t chunk_items) {
  accel::cuda::DeviceOptions options;
  options.exact = std::make_shared<accel::scalar::ScalarBackend>();
  options.chunk_items = chunk_items;
  options.deadline = std::chrono::minutes(5);  // the interpreter is no GPU
  return options;
}

std::unique_ptr<accel::Backend> open_device(const accel::cuda::DeviceOptions& options,
                                            std::string* reason) {
  accel::cuda::Devices devices = accel::cuda::open_devices(options);
  if (reason != nullptr) *reason = devices.reason;
  if (devices.backends.empty()) return nullptr;
  return std::move(devices.backends.front());
}

ScheduledDevice::ScheduledDevice(const NamedSchedule& schedule)
    : name_("cuda_" + std::string(schedule.name)) {
  options_.schedule = schedule.schedule;
}

accel::Backend& ScheduledDevice::device() const {
  if (device_ == nullptr) {
    std::string reason;
    device_ = open_device(device_options(), &reason);
    CHECK(device_ != nullptr, "the fake runtime's device could not be opened");
  }
  return *device_;
}

bool ScheduledDevice::supports(accel::Operation operation) const {
  return device().supports(operation);
}

template <class Call>
ScheduledDevice::Answer ScheduledDevice::run(Call call) {
  runtime::set_launch_options(options_);
  const Answer answer = call(device());
  const runtime::Usage usage = runtime::usage();
  if (usage.fault) ADD_FAILURE() << name_ << ": " << usage.fault->text;
  if (!usage.parse_error.empty()) ADD_FAILURE() << usage.parse_error;
  return answer;
}

ScheduledDevice::Answer ScheduledDevice::recover(std::span<const accel::RecoverRequest> requests,
                                                 LowS low_s,
                                                 std::span<accel::RecoverResult> results) {
  return run([&](accel::Backend& device) { return device.recover(requests, low_s, results); });
}
ScheduledDevice::Answer ScheduledDevice::verify(std::span<const accel::VerifyRequest> requests,
                                                LowS low_s,
                                                std::span<accel::SignatureStatus> results) {
  return run([&](accel::Backend& device) { return device.verify(requests, low_s, results); });
}
ScheduledDevice::Answer ScheduledDevice::verify_known(
    const KeySet& keys, std::span<const accel::KnownKeyRequest> requests, LowS low_s,
    std::span<accel::SignatureStatus> results) {
  return run(
      [&](accel::Backend& device) { return device.verify_known(keys, requests, low_s, results); });
}
ScheduledDevice::Answer ScheduledDevice::keccak256(std::span<const ByteView> messages,
                                                   std::span<Hash256> digests) {
  return run([&](accel::Backend& device) { return device.keccak256(messages, digests); });
}
ScheduledDevice::Answer ScheduledDevice::sha256(std::span<const ByteView> messages,
                                                std::span<Hash256> digests) {
  return run([&](accel::Backend& device) { return device.sha256(messages, digests); });
}
ScheduledDevice::Answer ScheduledDevice::checkpoint_root(std::span<const Hash256> leaves,
                                                         Hash256& root) {
  return run([&](accel::Backend& device) { return device.checkpoint_root(leaves, root); });
}
ScheduledDevice::Answer ScheduledDevice::rfc6962_root(std::span<const ByteView> leaves,
                                                      Hash256& root) {
  return run([&](accel::Backend& device) { return device.rfc6962_root(leaves, root); });
}

}  // namespace buri::ptx
