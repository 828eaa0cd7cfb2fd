#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

/// Remembers who last touched which byte, and finds accesses that nothing orders.
///
/// Blocks run one after the other and threads in some schedule, so a race may well give the right
/// answer here; it is found by its lack of synchronisation instead. Two accesses, at least one of
/// them a plain write (or one atomic and one plain), conflict unless they come from
///  - the same thread,
///  - one block with a barrier between them,
///  - one warp with a warp-wide synchronising instruction between them.
/// Nothing but the end of a launch orders two blocks.

namespace buri::ptx {

enum class Access : std::uint8_t { kRead, kWrite, kAtomic, kReadOnly };

/// Where an access stands in the order of things. Epochs are numbered over the life of the shadow;
/// every launch, block and barrier starts a new one.
struct Accessor {
  std::uint32_t epoch = 0;
  std::uint32_t launch_begin = 0;  ///< first epoch of this launch
  std::uint32_t block_begin = 0;   ///< first epoch of this block
  std::uint32_t warp_epoch = 0;    ///< counts the warp's synchronising instructions
  std::uint16_t thread = 0;        ///< index in the block
};

class RaceShadow {
 public:
  explicit RaceShadow(std::uint64_t bytes) : pages_((bytes + kPageBytes - 1) / kPageBytes) {}

  /// Records the access and returns true when it conflicts with an earlier one.
  /// REQUIRES: `offset` is a multiple of `bytes`, which is 1, 2, 4 or 8.
  bool touch(std::uint64_t offset, unsigned bytes, Access access, const Accessor& who);

 private:
  static constexpr std::uint64_t kPageBytes = 4096;
  static constexpr std::uint64_t kWordBytes = 4;

  /// The accesses of one kind to one byte, as far as later accesses need to know them.
  struct Stamp {
    std::uint32_t epoch = 0;
    std::uint32_t warp_epoch = 0;
    std::uint16_t thread = 0;
    bool many_blocks = false;   ///< also by an earlier block of the launch
    bool many_warps = false;    ///< also by another warp since the last barrier
    bool many_threads = false;  ///< also by another lane since the warp's last synchronisation

    [[nodiscard]] bool conflicts_with(const Accessor& who) const;
    void update(const Accessor& who);
  };

  enum Kind : std::uint8_t { kReads, kWrites, kAtomics, kKindCount };

  /// One stamp per word, until a narrower access makes it one per byte.
  struct Page {
    std::array<std::unique_ptr<Stamp[]>, kKindCount> stamps;
    bool by_byte = false;
  };

  static void split_into_bytes(Page& page);
  static bool conflict(const Page& page, Kind kind, std::uint64_t slot, const Accessor& who);
  static bool touch_slot(Page& page, std::uint64_t slot, Access access, const Accessor& who);

  std::vector<Page> pages_;
};

}  // namespace buri::ptx
