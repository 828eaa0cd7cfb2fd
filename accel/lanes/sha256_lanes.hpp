#pragma once

#include <cstdint>

#include "accel/lanes/lane_digests.hpp"

/// What the many-lane SHA-256 kernels take. Plain data without functions: both portable and wide
/// units include it.

namespace buri::accel {

inline constexpr std::uint32_t kSha256BlockBytes = 64;

/// Chaining values between two blocks, in the kernel's own order of words.
template <unsigned kLanes>
struct alignas(64) Sha256Lanes {
  std::uint32_t words[kLanes][8];
};

/// One full block for each lane; padding is the caller's work.
template <unsigned kLanes>
struct Sha256Blocks {
  const std::uint8_t* bytes[kLanes];  ///< 64 bytes each
  std::uint32_t starts_message;       ///< bit l: lane l begins with the initial value
};

}  // namespace buri::accel
