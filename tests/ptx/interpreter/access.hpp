#pragma once

#include <cstdint>
#include <cstring>
#include <optional>

#include "tests/ptx/interpreter/warp.hpp"

/// Finds the bytes behind an address, checking bounds, alignment and races on the way.

namespace buri::ptx {

/// A place one lane may touch. Private memory is interleaved between lanes, so it has no pointer.
struct Place {
  Space space = Space::kGlobal;   ///< never kGeneric
  std::uint64_t offset = 0;       ///< in shared, private and constant memory
  std::uint8_t* bytes = nullptr;  ///< null for private memory and after a fault
};

/// The address an instruction forms in one lane.
inline std::uint64_t effective_address(Warp& warp, const Instruction& i, unsigned lane) {
  const auto offset = static_cast<std::uint64_t>(i.immediate);
  if (i.short_address) {
    return static_cast<std::uint32_t>(warp.words(i.a)[lane] + static_cast<std::uint32_t>(offset));
  }
  return warp.lanes<std::uint64_t>(i.a)[lane] + offset;
}

/// What one lane wants to do.
struct AccessRequest {
  unsigned lane = 0;
  std::uint64_t address = 0;
  unsigned bytes = 0;  ///< 1, 2, 4 or 8
  Access access = Access::kRead;
};

/// Resolves an access; a fault is reported and gives nothing.
std::optional<Place> resolve(Warp& warp, const Instruction& i, const AccessRequest& request);

/// Copies a value of at most 8 bytes out of or into a lane's private memory.
std::uint64_t load_private(const Warp& warp, unsigned lane, std::uint64_t offset, unsigned bytes);
void store_private(Warp& warp, unsigned lane, std::uint64_t offset, unsigned bytes,
                   std::uint64_t value);

/// Whether the lane has written all of these private bytes; and a note that it has, or that what it
/// wrote derives from undefined data.
bool private_is_defined(const Warp& warp, unsigned lane, std::uint64_t offset, unsigned bytes);
void define_private(Warp& warp, unsigned lane, std::uint64_t offset, unsigned bytes,
                    bool is_defined);

/// The same for shared memory of the block.
bool shared_is_defined(const Block& block, std::uint64_t offset, unsigned bytes);
void define_shared(Block& block, std::uint64_t offset, unsigned bytes, bool is_defined);

}  // namespace buri::ptx
