#pragma once

#include <cstdint>

/// What every many-lane hash kernel gives. Plain data without functions: both portable and wide
/// units include it.

namespace buri::accel {

/// A digest for each lane.
template <unsigned kLanes>
struct LaneDigests {
  std::uint8_t bytes[kLanes][32];
};

}  // namespace buri::accel
