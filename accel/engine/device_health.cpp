#include "accel/engine/device_health.hpp"

#include <algorithm>

namespace buri::accel {
namespace {

std::size_t index(Operation operation) { return static_cast<std::size_t>(operation); }

/// Good calls in a row after which a device that ran out of memory is tried with twice the size.
constexpr unsigned kCallsBeforeGrowth = 64;

}  // namespace

bool DeviceHealth::accepts(Operation operation) const {
  return state_ == DeviceState::kActive && supports_[index(operation)];
}

bool DeviceHealth::trusted(Operation operation) const {
  return policy_.sampling.rate < 1.0 && checked_[index(operation)] >= policy_.probation_items;
}

std::uint64_t DeviceHealth::limit(Operation operation) const {
  const std::uint64_t limit = limit_[index(operation)];
  const bool on_probation = checked_[index(operation)] < policy_.probation_items;
  return on_probation ? std::min(limit, policy_.probation_share) : limit;
}

void DeviceHealth::on_checked(Operation operation, std::uint64_t items) {
  checked_[index(operation)] += items;
  if (checked_[index(operation)] >= policy_.probation_items) pause_ = policy_.first_pause;
}

void DeviceHealth::on_answered(Operation operation) {
  launch_failures_ = 0;
  const std::size_t i = index(operation);
  if (limit_[i] == UINT64_MAX || ++answered_[i] < kCallsBeforeGrowth) return;
  answered_[i] = 0;
  limit_[i] = limit_[i] > UINT64_MAX / 2 ? UINT64_MAX : limit_[i] * 2;
}

void DeviceHealth::on_fault(BackendFault fault, Operation operation, std::uint64_t items,
                            MonotonicTime now) {
  const std::size_t i = index(operation);
  switch (fault) {
    case BackendFault::kUnsupported:
      supports_[i] = false;
      return;
    case BackendFault::kOutOfMemory:
      limit_[i] = std::max<std::uint64_t>(1, items / 2);
      answered_[i] = 0;
      return;
    case BackendFault::kLaunchFailed:
      if (++launch_failures_ >= policy_.launch_failures) lose(now);
      return;
    case BackendFault::kDeviceLost:
    case BackendFault::kTimeout:
      lose(now);
      return;
  }
}

void DeviceHealth::on_hang() {
  if (state_ != DeviceState::kQuarantined) state_ = DeviceState::kHung;
}

void DeviceHealth::on_return(MonotonicTime now) {
  if (state_ == DeviceState::kHung) lose(now);
}

void DeviceHealth::on_test_passed() {
  state_ = DeviceState::kActive;
  checked_.fill(0);
  launch_failures_ = 0;
}

void DeviceHealth::on_test_failed(MonotonicTime now) { lose(now); }

void DeviceHealth::lose(MonotonicTime now) {
  if (state_ == DeviceState::kQuarantined) return;
  state_ = DeviceState::kLost;
  retry_at_ = now + pause_;
  pause_ = std::min(pause_ * 2, policy_.longest_pause);
}

}  // namespace buri::accel
