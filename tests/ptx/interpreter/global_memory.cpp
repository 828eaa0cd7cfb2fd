#include "tests/ptx/interpreter/global_memory.hpp"

#include <algorithm>

namespace buri::ptx {
namespace {

bool begins_before(const Allocation& allocation, std::uint64_t address) {
  return allocation.begin < address;
}

}  // namespace

void GlobalMemory::add(const void* start, std::uint64_t bytes) {
  const auto address = reinterpret_cast<std::uint64_t>(start);
  const auto at =
      std::lower_bound(allocations_.begin(), allocations_.end(), address, begins_before);
  if (at != allocations_.end() && at->begin == address) return;
  allocations_.insert(at, {address, address + bytes, std::make_unique<RaceShadow>(bytes)});
}

void GlobalMemory::remove(const void* start) {
  const auto address = reinterpret_cast<std::uint64_t>(start);
  const auto at =
      std::lower_bound(allocations_.begin(), allocations_.end(), address, begins_before);
  if (at != allocations_.end() && at->begin == address) allocations_.erase(at);
}

Allocation* GlobalMemory::search(std::uint64_t address, unsigned bytes, std::uint32_t& hint) {
  const auto after =
      std::lower_bound(allocations_.begin(), allocations_.end(), address + 1, begins_before);
  if (after == allocations_.begin()) return nullptr;
  const auto found = after - 1;
  if (address + bytes > found->end) return nullptr;
  hint = static_cast<std::uint32_t>(found - allocations_.begin());
  return &*found;
}

}  // namespace buri::ptx
