#pragma once

#include <array>
#include <cstring>
#include <span>

#include "accel/lanes/sha256_lanes.hpp"
#include "accel/scalar/sha256.hpp"
#include "base/bytes.hpp"
#include "base/check.hpp"

/// Keeps the lanes of a SHA-256 kernel busy. For portable units only.

namespace buri::accel {

/// Deals messages of any lengths to lanes: a lane that finishes a message takes the next one at
/// once, so that lanes idle only at the end of a batch.
template <unsigned kLanes>
class Sha256Scheduler {
 public:
  Sha256Scheduler(std::span<const ByteView> messages, std::span<Hash256> digests)
      : messages_(messages), digests_(digests) {}

  /// Describes the next block of each lane; false when every message is done.
  bool next_blocks(Sha256Blocks<kLanes>& blocks) {
    if (busy_ == 0 && messages_.size() - next_ == 1) hash_last_message();
    blocks.starts_message = 0;
    for (unsigned i = 0; i < kLanes; ++i) {
      Lane& lane = lanes_[i];
      if (!lane.busy && next_ < messages_.size()) start(lane);
      blocks.starts_message |= std::uint32_t{lane.fresh} << i;
      blocks.bytes[i] = lane.whole_blocks > 0 ? lane.at : lane.tail;
    }
    return busy_ != 0;
  }

  /// Takes the digests of the lanes that compressed the end of a message.
  void collect(const Sha256Digests<kLanes>& digests) {
    for (unsigned i = 0; i < kLanes; ++i) {
      Lane& lane = lanes_[i];
      if (!lane.busy) continue;
      lane.fresh = false;
      if (lane.whole_blocks > 0) {
        lane.at += kSha256BlockBytes;
        --lane.whole_blocks;
      } else if (lane.tail_blocks == 2) {
        std::memcpy(lane.tail, lane.tail + kSha256BlockBytes, kSha256BlockBytes);
        lane.tail_blocks = 1;
      } else {
        std::memcpy(digests_[lane.message].data(), digests.bytes[i], Hash256::kSize);
        lane.busy = false;
        lane.fresh = true;
        --busy_;
      }
    }
  }

 private:
  struct Lane {
    const std::uint8_t* at = nullptr;
    std::size_t whole_blocks = 0;  ///< left to compress straight from the message
    std::size_t message = 0;
    unsigned tail_blocks = 0;  ///< then as many from `tail`
    bool busy = false;
    bool fresh = true;
    std::uint8_t tail[2 * kSha256BlockBytes] = {};  ///< the end of the message, padded
  };

  void start(Lane& lane) {
    const ByteView message = messages_[next_];
    lane.at = message.data();
    lane.whole_blocks = message.size() / kSha256BlockBytes;
    lane.message = next_;
    lane.busy = true;
    pad(lane, message);
    ++next_;
    ++busy_;
  }

  /// FIPS 180-4, 5.1.1: a one bit, zeros, and the length in bits as a 64-bit big-endian number.
  static void pad(Lane& lane, ByteView message) {
    const std::size_t rest = message.size() % kSha256BlockBytes;
    lane.tail_blocks = rest < kSha256BlockBytes - 8 ? 1 : 2;
    const std::size_t end = std::size_t{lane.tail_blocks} * kSha256BlockBytes;
    if (rest != 0) std::memcpy(lane.tail, message.data() + message.size() - rest, rest);
    std::memset(lane.tail + rest, 0, end - rest);
    lane.tail[rest] = 0x80;
    const std::uint64_t bits = __builtin_bswap64(std::uint64_t{message.size()} * 8);
    std::memcpy(lane.tail + end - 8, &bits, 8);
  }

  /// One message alone is as fast without lanes.
  void hash_last_message() {
    scalar::sha256(messages_[next_], digests_[next_]);
    ++next_;
  }

  std::span<const ByteView> messages_;
  std::span<Hash256> digests_;
  std::array<Lane, kLanes> lanes_;
  std::size_t next_ = 0;  ///< first message no lane has taken
  unsigned busy_ = 0;
};

/// SHA-256 of a batch through `compress`, a kernel of kLanes lanes.
template <unsigned kLanes, class Compress>
void sha256_batch_by_lanes(std::span<const ByteView> messages, std::span<Hash256> digests,
                           Compress compress) {
  CHECK(messages.size() == digests.size(), "a batch needs one digest for each message");
  Sha256Scheduler<kLanes> scheduler(messages, digests);
  Sha256Lanes<kLanes> lanes;
  Sha256Blocks<kLanes> blocks;
  Sha256Digests<kLanes> done;
  while (scheduler.next_blocks(blocks)) {
    compress(lanes, blocks, done);
    scheduler.collect(done);
  }
}

/// parents[i] = sha256(0x01 || nodes[2i] || nodes[2i + 1]) through `of_nodes`, a kernel of kLanes
/// node and digest pointers. `parents` may be the front of `nodes`.
template <unsigned kLanes, class Kernel>
void sha256_pairs_by_lanes(std::span<const Hash256> nodes, std::span<Hash256> parents,
                           Kernel of_nodes) {
  CHECK(nodes.size() == 2 * parents.size(), "a level has half the nodes of the level below");
  const std::uint8_t* from[kLanes];
  std::uint8_t* to[kLanes];
  std::size_t i = 0;
  for (; i + kLanes <= parents.size(); i += kLanes) {
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      from[lane] = nodes[2 * (i + lane)].data();
      to[lane] = parents[i + lane].data();
    }
    of_nodes(from, to);
  }
  if (i == parents.size()) return;
  Hash256 unused;
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    const bool used = i + lane < parents.size();
    from[lane] = nodes[2 * (used ? i + lane : i)].data();
    to[lane] = used ? parents[i + lane].data() : unused.data();
  }
  of_nodes(from, to);
}

}  // namespace buri::accel
