#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/ptx/interpreter/race_shadow.hpp"

/// The device's global memory: a list of host buffers. A device address is the host address.

namespace buri::ptx {

/// One buffer kernels may touch.
struct Allocation {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::unique_ptr<RaceShadow> shadow;
};

/// Not thread-safe; the buffers are the caller's and must outlive their entry.
class GlobalMemory {
 public:
  /// Makes [start, start + bytes) accessible. Adding a start twice is harmless.
  void add(const void* start, std::uint64_t bytes);
  /// Takes back what add() made accessible.
  void remove(const void* start);

  /// The allocation that holds all of [address, address + bytes), or null. `hint` remembers where
  /// the last search ended.
  Allocation* find(std::uint64_t address, unsigned bytes, std::uint32_t& hint) {
    if (hint < allocations_.size()) {
      Allocation& guess = allocations_[hint];
      if (address >= guess.begin && address + bytes <= guess.end) return &guess;
    }
    return search(address, bytes, hint);
  }

  /// The first epoch of a new launch, block or barrier phase; see Accessor. Epochs belong to the
  /// memory because its shadows outlive launches.
  std::uint32_t next_epoch() { return ++epoch_; }

 private:
  Allocation* search(std::uint64_t address, unsigned bytes, std::uint32_t& hint);

  std::vector<Allocation> allocations_;  ///< by address
  std::uint32_t epoch_ = 0;
};

}  // namespace buri::ptx
