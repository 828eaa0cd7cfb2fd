#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"

/// How many bytes may flow now: a bucket that fills at a constant rate up to a burst.

namespace buri::consensus::p2p {

/// Not thread-safe. Time comes from the caller.
class RateLimit {
 public:
  /// Starts full. REQUIRES: both positive and at most 2^40.
  RateLimit(std::int64_t bytes_per_s, std::int64_t burst_bytes, MonotonicTime now)
      : bytes_per_s_(bytes_per_s), burst_(burst_bytes), level_(burst_bytes), last_(now) {}

  /// Bytes that may flow at `now`; negative or zero: none.
  std::int64_t available(MonotonicTime now) {
    constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;
    const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(now - last_);
    const std::int64_t passed_us = std::clamp<std::int64_t>(passed.count(), 0, 60'000'000);
    const std::int64_t gained =
        bytes_per_s_ * (passed_us / kMicrosecondsPerSecond) +
        bytes_per_s_ * (passed_us % kMicrosecondsPerSecond) / kMicrosecondsPerSecond;
    if (gained > 0) {
      level_ = std::min(burst_, level_ + gained);
      last_ = now;
    }
    return level_;
  }
  /// Takes what has flowed, also beyond what was available: the debt is waited for.
  void take(std::size_t bytes) { level_ -= static_cast<std::int64_t>(bytes); }

 private:
  std::int64_t bytes_per_s_;
  std::int64_t burst_;
  std::int64_t level_;
  MonotonicTime last_;
};

}  // namespace buri::consensus::p2p
