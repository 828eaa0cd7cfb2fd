#include "tests/ptx/interpreter/access.hpp"

#include <algorithm>

namespace buri::ptx {
namespace {

/// Splits a generic address into its space and the offset there.
Space split_generic(std::uint64_t& address) {
  const std::uint64_t window = address & (0xffull << 56);
  if (window == 0) return Space::kGlobal;
  address -= window;
  if (window == kSharedWindow) return Space::kShared;
  if (window == kPrivateWindow) return Space::kPrivate;
  if (window == kConstantWindow) return Space::kConstant;
  return Space::kGeneric;
}

bool inside(const Layout& layout, std::uint64_t offset, unsigned bytes) {
  if (offset + bytes > layout.size() || offset + bytes < offset) return false;
  return layout.valid[offset] && layout.valid[offset + bytes - 1];
}

/// Shared memory holds the static arrays first and the dynamic one right behind them; in the
/// kernel's eyes the latter begins at kDynamicSharedBase.
bool find_shared(const Block& block, std::uint64_t& offset, unsigned bytes) {
  if (offset < kDynamicSharedBase) {
    return inside(block.launch.module.shared_layout, offset, bytes);
  }
  offset = offset - kDynamicSharedBase + block.static_shared_bytes;
  return offset + bytes <= block.shared.size() && offset + bytes > offset;
}

std::string_view race_text(Access access) {
  switch (access) {
    case Access::kRead:
      return "read of data that another thread writes without synchronisation";
    case Access::kWrite:
      return "write of data that another thread reads or writes without synchronisation";
    case Access::kAtomic:
      return "atomic on data that another thread touches plainly without synchronisation";
    case Access::kReadOnly:
      return "read-only load of data that this launch writes";
  }
  return "race";
}

std::optional<Place> fail(Warp& warp, const Instruction& i, const AccessRequest& request,
                          FaultKind kind, std::string_view what) {
  warp.fail(kind, i, request.lane, what, request.address);
  return std::nullopt;
}

std::optional<Place> resolve_global(Warp& warp, const Instruction& i, const AccessRequest& request,
                                    std::uint64_t address) {
  LaunchState& launch = warp.block->launch;
  Allocation* allocation = launch.memory.find(address, request.bytes, i.allocation_hint);
  if (allocation == nullptr) {
    return fail(warp, i, request, FaultKind::kOutOfBounds,
                "global access outside every allocation");
  }
  if (launch.options.check_races &&
      allocation->shadow->touch(address - allocation->begin, request.bytes, request.access,
                                warp.accessor(request.lane))) {
    return fail(warp, i, request, FaultKind::kGlobalRace, race_text(request.access));
  }
  return Place{Space::kGlobal, 0, reinterpret_cast<std::uint8_t*>(address)};
}

std::optional<Place> resolve_shared(Warp& warp, const Instruction& i, const AccessRequest& request,
                                    std::uint64_t offset) {
  Block& block = *warp.block;
  if (!find_shared(block, offset, request.bytes)) {
    return fail(warp, i, request, FaultKind::kOutOfBounds, "access outside every shared array");
  }
  // Every block has its own shared memory: what earlier blocks did to it does not count.
  Accessor who = warp.accessor(request.lane);
  who.launch_begin = who.block_begin;
  if (block.launch.options.check_races &&
      block.shared_shadow.touch(offset, request.bytes, request.access, who)) {
    return fail(warp, i, request, FaultKind::kSharedRace, race_text(request.access));
  }
  return Place{Space::kShared, offset, block.shared.data() + offset};
}

std::optional<Place> resolve_constant(Warp& warp, const Instruction& i,
                                      const AccessRequest& request, std::uint64_t offset) {
  std::vector<std::uint8_t>& constants = warp.block->launch.module.constants;
  if (request.access != Access::kRead || offset + request.bytes > constants.size() ||
      offset + request.bytes < offset) {
    return fail(warp, i, request, FaultKind::kOutOfBounds, "access outside every constant");
  }
  return Place{Space::kConstant, offset, constants.data() + offset};
}

}  // namespace

std::optional<Place> resolve(Warp& warp, const Instruction& i, const AccessRequest& request) {
  if (request.address % request.bytes != 0) {
    return fail(warp, i, request, FaultKind::kMisaligned, "misaligned access");
  }
  std::uint64_t offset = request.address;
  switch (i.space == Space::kGeneric ? split_generic(offset) : i.space) {
    case Space::kGlobal:
      return resolve_global(warp, i, request, offset);
    case Space::kShared:
      return resolve_shared(warp, i, request, offset);
    case Space::kConstant:
      return resolve_constant(warp, i, request, offset);
    case Space::kPrivate:
      if (inside(warp.block->launch.module.private_layout, offset, request.bytes)) {
        return Place{Space::kPrivate, offset, nullptr};
      }
      break;
    case Space::kGeneric:
      break;
  }
  return fail(warp, i, request, FaultKind::kOutOfBounds, "access outside every local array");
}

std::uint64_t load_private(const Warp& warp, unsigned lane, std::uint64_t offset, unsigned bytes) {
  const std::uint32_t* words = &warp.private_words[offset / 4 * kLanes + lane];
  if (bytes == 8) return std::uint64_t{words[kLanes]} << 32 | words[0];
  const std::uint32_t shifted = words[0] >> (offset % 4 * 8);
  return bytes == 4 ? shifted : shifted & ((1u << (bytes * 8)) - 1);
}

void store_private(Warp& warp, unsigned lane, std::uint64_t offset, unsigned bytes,
                   std::uint64_t value) {
  std::uint32_t* words = &warp.private_words[offset / 4 * kLanes + lane];
  if (bytes >= 4) {
    words[0] = static_cast<std::uint32_t>(value);
    if (bytes == 8) words[kLanes] = static_cast<std::uint32_t>(value >> 32);
    return;
  }
  const std::uint64_t shift = offset % 4 * 8;
  const std::uint32_t mask = ((1u << (bytes * 8)) - 1) << shift;
  words[0] = (words[0] & ~mask) | (static_cast<std::uint32_t>(value) << shift & mask);
}

bool private_is_defined(const Warp& warp, unsigned lane, std::uint64_t offset, unsigned bytes) {
  std::uint32_t all = kAllLanes;
  for (unsigned k = 0; k < bytes; ++k) all &= warp.private_defined[offset + k];
  return all >> lane & 1;
}

void define_private(Warp& warp, unsigned lane, std::uint64_t offset, unsigned bytes,
                    bool is_defined) {
  for (unsigned k = 0; k < bytes; ++k) {
    std::uint32_t& mask = warp.private_defined[offset + k];
    mask = (mask & ~(1u << lane)) | std::uint32_t{is_defined} << lane;
  }
}

bool shared_is_defined(const Block& block, std::uint64_t offset, unsigned bytes) {
  const auto begin = block.shared_defined.begin() + static_cast<std::ptrdiff_t>(offset);
  return std::all_of(begin, begin + bytes, [](std::uint8_t byte) { return byte != 0; });
}

void define_shared(Block& block, std::uint64_t offset, unsigned bytes, bool is_defined) {
  std::fill_n(block.shared_defined.begin() + static_cast<std::ptrdiff_t>(offset), bytes,
              std::uint8_t{is_defined});
}

}  // namespace buri::ptx
