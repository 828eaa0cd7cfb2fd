#include "tests/ptx/interpreter/race_shadow.hpp"

namespace buri::ptx {

bool RaceShadow::Stamp::conflicts_with(const Accessor& who) const {
  if (epoch < who.launch_begin) return false;
  if (many_blocks || epoch < who.block_begin) return true;
  if (epoch != who.epoch) return false;
  if (many_warps || thread / 32 != who.thread / 32) return true;
  if (warp_epoch != who.warp_epoch) return false;
  return many_threads || thread != who.thread;
}

void RaceShadow::Stamp::update(const Accessor& who) {
  Stamp next{who.epoch, who.warp_epoch, who.thread};
  if (epoch >= who.launch_begin) {
    next.many_blocks = many_blocks || epoch < who.block_begin;
    if (epoch == who.epoch) {
      const bool same_warp = thread / 32 == who.thread / 32;
      next.many_warps = many_warps || !same_warp;
      if (same_warp && warp_epoch == who.warp_epoch) {
        next.many_threads = many_threads || thread != who.thread;
      }
    }
  }
  *this = next;
}

void RaceShadow::split_into_bytes(Page& page) {
  for (auto& stamps : page.stamps) {
    if (stamps == nullptr) continue;
    auto by_byte = std::make_unique<Stamp[]>(kPageBytes);
    for (std::uint64_t i = 0; i < kPageBytes; ++i) by_byte[i] = stamps[i / kWordBytes];
    stamps = std::move(by_byte);
  }
  page.by_byte = true;
}

bool RaceShadow::conflict(const Page& page, Kind kind, std::uint64_t slot, const Accessor& who) {
  return page.stamps[kind] != nullptr && page.stamps[kind][slot].conflicts_with(who);
}

bool RaceShadow::touch_slot(Page& page, std::uint64_t slot, Access access, const Accessor& who) {
  // A read through the read-only path must not meet any write of the same launch, not even one by
  // its own thread.
  bool raced = conflict(page, kWrites, slot, who);
  if (access == Access::kReadOnly && page.stamps[kWrites] != nullptr) {
    raced = raced || page.stamps[kWrites][slot].epoch >= who.launch_begin;
  }
  if (access == Access::kWrite || access == Access::kAtomic) {
    raced = raced || conflict(page, kReads, slot, who);
  }
  if (access != Access::kAtomic) raced = raced || conflict(page, kAtomics, slot, who);
  const Kind kind = access == Access::kWrite    ? kWrites
                    : access == Access::kAtomic ? kAtomics
                                                : kReads;
  auto& stamps = page.stamps[kind];
  if (stamps == nullptr) {
    stamps = std::make_unique<Stamp[]>(page.by_byte ? kPageBytes : kPageBytes / kWordBytes);
  }
  stamps[slot].update(who);
  return raced;
}

bool RaceShadow::touch(std::uint64_t offset, unsigned bytes, Access access, const Accessor& who) {
  Page& page = pages_[offset / kPageBytes];
  const std::uint64_t within = offset % kPageBytes;
  if (bytes < kWordBytes && !page.by_byte) split_into_bytes(page);
  bool raced = false;
  if (page.by_byte) {
    for (unsigned i = 0; i < bytes; ++i) raced |= touch_slot(page, within + i, access, who);
  } else {
    for (unsigned i = 0; i < bytes / kWordBytes; ++i) {
      raced |= touch_slot(page, within / kWordBytes + i, access, who);
    }
  }
  return raced;
}

}  // namespace buri::ptx
