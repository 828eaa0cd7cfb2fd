#pragma once

#include <array>
#include <cstring>
#include <span>

#include "accel/lanes/lane_digests.hpp"
#include "base/bytes.hpp"
#include "base/check.hpp"

/// Keeps the lanes of a hash kernel busy, whatever the hash. For portable units only.

namespace buri::accel {

/// Deals messages of any lengths to lanes: a lane that finishes a message takes the next one at
/// once, so that lanes idle only at the end of a batch.
///
/// Hash has
/// - Blocks<kLanes>, which the kernel takes, with a bit set `starts_message`;
/// - Cursor, the place in one message: start(message), describe(blocks, lane) for the next block,
///   advance() past it, true where that was the last;
/// - hash(message, digest) for a message alone.
template <class Hash, unsigned kLanes>
class LaneScheduler {
 public:
  using Blocks = typename Hash::template Blocks<kLanes>;

  LaneScheduler(std::span<const ByteView> messages, std::span<Hash256> digests)
      : messages_(messages), digests_(digests) {}

  /// Describes the next block of each lane; false when every message is done.
  bool next_blocks(Blocks& blocks) {
    if (busy_ == 0 && messages_.size() - next_ == 1) hash_last_message();
    blocks.starts_message = 0;
    for (unsigned i = 0; i < kLanes; ++i) {
      Lane& lane = lanes_[i];
      if (!lane.busy && next_ < messages_.size()) start(lane);
      blocks.starts_message |= std::uint32_t{lane.fresh} << i;
      lane.cursor.describe(blocks, i);
    }
    return busy_ != 0;
  }

  /// Takes the digests of the lanes that absorbed the end of a message.
  void collect(const LaneDigests<kLanes>& digests) {
    for (unsigned i = 0; i < kLanes; ++i) {
      Lane& lane = lanes_[i];
      if (!lane.busy) continue;
      const bool is_done = lane.cursor.advance();
      lane.fresh = is_done;
      lane.busy = !is_done;
      if (!is_done) continue;
      std::memcpy(digests_[lane.message].data(), digests.bytes[i], Hash256::kSize);
      --busy_;
    }
  }

 private:
  struct Lane {
    typename Hash::Cursor cursor;
    std::size_t message = 0;
    bool busy = false;
    bool fresh = true;  ///< the next block is the first of its message
  };

  void start(Lane& lane) {
    lane.cursor.start(messages_[next_]);
    lane.message = next_;
    lane.busy = true;
    ++next_;
    ++busy_;
  }

  /// One message alone is at least as fast without lanes.
  void hash_last_message() {
    Hash::hash(messages_[next_], digests_[next_]);
    ++next_;
  }

  std::span<const ByteView> messages_;
  std::span<Hash256> digests_;
  std::array<Lane, kLanes> lanes_;
  std::size_t next_ = 0;  ///< first message no lane has taken
  unsigned busy_ = 0;
};

/// Digests of a batch through `absorb`, a kernel that takes the states of kLanes lanes between two
/// blocks, the blocks, and room for digests.
template <class Hash, unsigned kLanes, class States>
void hash_batch_by_lanes(std::span<const ByteView> messages, std::span<Hash256> digests,
                         void (*absorb)(States&, const typename Hash::template Blocks<kLanes>&,
                                        LaneDigests<kLanes>&)) {
  CHECK(messages.size() == digests.size(), "a batch needs one digest for each message");
  LaneScheduler<Hash, kLanes> scheduler(messages, digests);
  States states;
  typename Hash::template Blocks<kLanes> blocks;
  LaneDigests<kLanes> done;
  while (scheduler.next_blocks(blocks)) {
    absorb(states, blocks, done);
    scheduler.collect(done);
  }
}

/// A kernel for messages of one length: where kLanes messages and their digests lie.
template <unsigned kLanes>
using GroupKernel = void(const std::uint8_t* const (&messages)[kLanes],
                         std::uint8_t* const (&digests)[kLanes]);

/// Hashes `count` messages of the one length that `kernel` takes. `message(i)` and `digest(i)` say
/// where they lie; digest(i) may overlap messages up to i, not later ones.
template <unsigned kLanes, class MessageAt, class DigestAt>
void hash_groups_by_lanes(std::size_t count, MessageAt message, DigestAt digest,
                          GroupKernel<kLanes>& kernel) {
  const std::uint8_t* from[kLanes];
  std::uint8_t* to[kLanes];
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      from[lane] = message(i + lane);
      to[lane] = digest(i + lane);
    }
    kernel(from, to);
  }
  if (i == count) return;
  Hash256 unused;
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    const bool used = i + lane < count;
    from[lane] = message(used ? i + lane : i);
    to[lane] = used ? digest(i + lane) : unused.data();
  }
  kernel(from, to);
}

}  // namespace buri::accel
