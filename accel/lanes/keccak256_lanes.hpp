#pragma once

#include <cstdint>

#include "accel/lanes/lane_digests.hpp"

/// What the many-lane Keccak-256 kernels take. Plain data without functions: both portable and wide
/// units include it.

namespace buri::accel {

inline constexpr std::uint32_t kKeccak256RateBytes = 136;

/// One block for each lane: 136 bytes of a message that goes on, or its fewer last bytes.
template <unsigned kLanes>
struct KeccakBlocks {
  const std::uint8_t* bytes[kLanes];  ///< not null
  std::uint32_t length[kLanes];       ///< 136: absorb only; less: pad, and the digest is ready
  std::uint32_t starts_message;       ///< bit l: lane l begins with a zero state
};

}  // namespace buri::accel
