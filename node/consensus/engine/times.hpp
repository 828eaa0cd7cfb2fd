#pragma once

#include <cstdint>

#include "node/consensus/engine/types.hpp"

/// Arithmetic on points in time, for durations in nanoseconds.

namespace buri::consensus::engine {

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

/// `time` and `nanos` more, which may be negative. Seconds wrap around at the ends of int64: times
/// of peers can be anything.
constexpr Timestamp plus_nanos(const Timestamp& time, std::int64_t nanos) {
  std::int64_t rest = time.nanos + nanos % kNanosPerSecond;
  std::int64_t carry = nanos / kNanosPerSecond;
  if (rest < 0) {
    rest += kNanosPerSecond;
    --carry;
  } else if (rest >= kNanosPerSecond) {
    rest -= kNanosPerSecond;
    ++carry;
  }
  const auto seconds = static_cast<std::uint64_t>(time.seconds) + static_cast<std::uint64_t>(carry);
  return {static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(rest)};
}

/// Nanoseconds from `earlier` to `later`, the nearest end of int64 if there are more.
constexpr std::int64_t nanos_between(const Timestamp& earlier, const Timestamp& later) {
  const __int128 seconds = static_cast<__int128>(later.seconds) - earlier.seconds;
  const __int128 nanos = seconds * kNanosPerSecond + later.nanos - earlier.nanos;
  if (nanos > INT64_MAX) return INT64_MAX;
  if (nanos < INT64_MIN) return INT64_MIN;
  return static_cast<std::int64_t>(nanos);
}

}  // namespace buri::consensus::engine
