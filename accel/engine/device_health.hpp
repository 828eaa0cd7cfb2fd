#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "accel/backend.hpp"
#include "accel/engine/work.hpp"
#include "base/clock.hpp"

/// What the engine knows about one device: whether it may be given work, how much, and how closely
/// its answers are watched. Pure state; time comes in as an argument.

namespace buri::accel {

enum class DeviceState : std::uint8_t {
  kActive,       ///< takes work
  kLost,         ///< gone or failing; tested again after a growing pause
  kHung,         ///< a call overran its deadline and has not come back
  kQuarantined,  ///< gave a wrong answer; stays out for the life of this process
};

/// The rules of trust.
struct HealthPolicy {
  Sampling sampling;
  /// Items of an operation that must compare equal, in full, before its answers are only sampled.
  std::uint64_t probation_items = 1u << 16;
  /// Most items of one batch that go to a device on probation, since the CPU does them as well.
  std::uint64_t probation_share = 2048;
  /// Below this size, a range that the device had no memory for goes to the CPU.
  std::uint64_t smallest_retry = 1024;
  /// A call that runs longer counts as hung.
  std::chrono::nanoseconds deadline = std::chrono::seconds(2);
  /// Pause before a lost device is tested again: doubles from the first to the longest.
  std::chrono::nanoseconds first_pause = std::chrono::seconds(1);
  std::chrono::nanoseconds longest_pause = std::chrono::minutes(5);
  /// Launch failures in a row after which a device counts as lost.
  unsigned launch_failures = 3;
};

/// The state of one device. Not thread-safe.
class DeviceHealth {
 public:
  using Supports = std::array<bool, kOperationCount>;

  DeviceHealth(const HealthPolicy& policy, const Supports& supports)
      : policy_(policy), supports_(supports), pause_(policy.first_pause) {
    limit_.fill(UINT64_MAX);
  }

  [[nodiscard]] DeviceState state() const { return state_; }
  /// Whether work of this kind may be sent.
  [[nodiscard]] bool accepts(Operation operation) const;
  /// Whether its answers are sampled rather than recomputed in full.
  [[nodiscard]] bool trusted(Operation operation) const;
  /// Most items of one batch that it may be given.
  [[nodiscard]] std::uint64_t limit(Operation operation) const;
  /// When a lost device is to be tested. REQUIRES: state() == kLost.
  [[nodiscard]] MonotonicTime retry_at() const { return retry_at_; }

  /// `items` answers were recomputed and are equal.
  void on_checked(Operation operation, std::uint64_t items);
  /// A call came back with answers.
  void on_answered(Operation operation);
  /// A call of `items` came back with a fault.
  void on_fault(BackendFault fault, Operation operation, std::uint64_t items, MonotonicTime now);
  /// A call overran its deadline.
  void on_hang();
  /// The overdue call came back, with whatever result.
  void on_return(MonotonicTime now);
  /// An answer was wrong.
  void on_mismatch() { state_ = DeviceState::kQuarantined; }
  /// The known-answer test of a lost device: passed, or failed by a fault.
  void on_test_passed();
  void on_test_failed(MonotonicTime now);

 private:
  void lose(MonotonicTime now);

  HealthPolicy policy_;
  Supports supports_;
  DeviceState state_ = DeviceState::kActive;
  std::array<std::uint64_t, kOperationCount> checked_{};
  std::array<std::uint64_t, kOperationCount> limit_{};
  std::array<unsigned, kOperationCount> answered_{};
  unsigned launch_failures_ = 0;
  std::chrono::nanoseconds pause_;
  MonotonicTime retry_at_{};
};

}  // namespace buri::accel
