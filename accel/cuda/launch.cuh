#pragma once

#include <cstdint>

/// Launch arithmetic shared by the kernel files.

namespace buri::accel::cuda {

/// Blocks of `per_block` threads that cover `count` items.
inline std::uint32_t blocks_for(std::uint32_t count, std::uint32_t per_block) {
  return count / per_block + (count % per_block != 0 ? 1 : 0);
}

}  // namespace buri::accel::cuda
