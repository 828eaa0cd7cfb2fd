#pragma once

#include <cstdint>

namespace buri::accel::cuda {

/// Where a message lies in the arena: it starts at an 8-byte boundary and is zero-filled to one.
struct MessageSlot {
  std::uint32_t first_word64;
  std::uint32_t bytes;
};

}  // namespace buri::accel::cuda
