#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

/// Time as a dependency. Code that must replay under simulation asks an injected Clock and never
/// the kernel.

namespace buri {

using MonotonicTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

/// A source of time. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Never goes back; its origin is arbitrary. For durations and deadlines.
  [[nodiscard]] virtual MonotonicTime monotonic() const = 0;
  /// UTC as the machine knows it; may jump either way. For timestamps that people or peers read.
  [[nodiscard]] virtual WallTime wall() const = 0;
};

/// The kernel's clocks.
const Clock& system_clock();

/// A clock that stands still until it is told to move: for tests and simulation. Thread-safe.
class ManualClock final : public Clock {
 public:
  ManualClock() = default;
  explicit ManualClock(WallTime wall) : wall_ns_(wall.time_since_epoch() / kNanosecond) {}

  [[nodiscard]] MonotonicTime monotonic() const override {
    return MonotonicTime(std::chrono::nanoseconds(monotonic_ns_.load()));
  }
  [[nodiscard]] WallTime wall() const override {
    return WallTime(std::chrono::nanoseconds(wall_ns_.load()));
  }
  /// Moves both clocks forward. REQUIRES: step is not negative.
  void advance(std::chrono::nanoseconds step);
  /// Sets the wall clock alone, as an operator or a time server does.
  void set_wall(WallTime wall) { wall_ns_ = wall.time_since_epoch() / kNanosecond; }

 private:
  static constexpr std::chrono::nanoseconds kNanosecond{1};
  std::atomic<std::int64_t> monotonic_ns_{0};
  std::atomic<std::int64_t> wall_ns_{0};
};

}  // namespace buri
