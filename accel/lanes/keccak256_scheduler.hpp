#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "accel/lanes/keccak256_lanes.hpp"
#include "accel/scalar/keccak256.hpp"
#include "base/bytes.hpp"
#include "base/check.hpp"

/// Keeps the lanes of a Keccak-256 kernel busy. For portable units only.

namespace buri::accel {

/// Deals messages of any lengths to lanes: a lane that finishes a message takes the next one at
/// once, so that lanes idle only at the end of a batch.
template <unsigned kLanes>
class KeccakScheduler {
 public:
  KeccakScheduler(std::span<const ByteView> messages, std::span<Hash256> digests)
      : messages_(messages), digests_(digests) {}

  /// Describes the next block of each lane; false when every message is done.
  bool next_blocks(KeccakBlocks<kLanes>& blocks) {
    if (busy_ == 0 && messages_.size() - next_ == 1) hash_last_message();
    blocks.starts_message = 0;
    for (unsigned i = 0; i < kLanes; ++i) {
      Lane& lane = lanes_[i];
      if (!lane.busy && next_ < messages_.size()) start(lane);
      blocks.bytes[i] = lane.busy && lane.left != 0 ? lane.at : kNothing;
      blocks.length[i] = static_cast<std::uint32_t>(std::min<std::size_t>(lane.left, kRate));
      blocks.starts_message |= std::uint32_t{lane.fresh} << i;
    }
    return busy_ != 0;
  }

  /// Takes the digests of the lanes that absorbed the end of a message.
  void collect(const KeccakBlocks<kLanes>& blocks, const KeccakDigests<kLanes>& digests) {
    for (unsigned i = 0; i < kLanes; ++i) {
      Lane& lane = lanes_[i];
      if (!lane.busy) continue;
      if (blocks.length[i] == kRate) {
        lane.at += kRate;
        lane.left -= kRate;
        lane.fresh = false;
      } else {
        std::memcpy(digests_[lane.message].data(), digests.bytes[i], Hash256::kSize);
        lane = Lane{};
        --busy_;
      }
    }
  }

 private:
  static constexpr std::size_t kRate = kKeccak256RateBytes;
  static constexpr std::uint8_t kNothing[1] = {};

  struct Lane {
    const std::uint8_t* at = nullptr;
    std::size_t left = 0;
    std::size_t message = 0;
    bool busy = false;
    bool fresh = true;
  };

  void start(Lane& lane) {
    const ByteView message = messages_[next_];
    lane = {message.data(), message.size(), next_, true, true};
    ++next_;
    ++busy_;
  }

  /// One message alone is faster without lanes.
  void hash_last_message() {
    scalar::keccak256(messages_[next_], digests_[next_]);
    ++next_;
  }

  std::span<const ByteView> messages_;
  std::span<Hash256> digests_;
  std::array<Lane, kLanes> lanes_;
  std::size_t next_ = 0;  ///< first message no lane has taken
  unsigned busy_ = 0;
};

/// Hashes `count` messages of 64 bytes with `kernel`, a function of kLanes message and digest
/// pointers. `message(i)` and `digest(i)` say where they lie; digest(i) may overlap messages up to
/// i, not later ones.
template <unsigned kLanes, class MessageAt, class DigestAt, class Kernel>
void keccak256_of_64_bytes_by_lanes(std::size_t count, MessageAt message, DigestAt digest,
                                    Kernel kernel) {
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
  if (count - i == 1) {
    Hash256 last;
    scalar::keccak256({message(i), 64}, last);
    std::memcpy(digest(i), last.data(), Hash256::kSize);
  } else if (i < count) {
    Hash256 unused;
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      const bool used = i + lane < count;
      from[lane] = message(used ? i + lane : i);
      to[lane] = used ? digest(i + lane) : unused.data();
    }
    kernel(from, to);
  }
}

/// Keccak-256 of a batch: the kernel of k64Lanes lanes where every message has 64 bytes, else
/// `absorb` of kLanes.
template <unsigned kLanes, unsigned k64Lanes, class Absorb, class Kernel>
void keccak256_batch_by_lanes(std::span<const ByteView> messages, std::span<Hash256> digests,
                              Absorb absorb, Kernel of_64_bytes) {
  CHECK(messages.size() == digests.size(), "a batch needs one digest for each message");
  if (std::ranges::all_of(messages, [](ByteView message) { return message.size() == 64; })) {
    keccak256_of_64_bytes_by_lanes<k64Lanes>(
        messages.size(), [&](std::size_t i) { return messages[i].data(); },
        [&](std::size_t i) { return digests[i].data(); }, of_64_bytes);
    return;
  }
  KeccakScheduler<kLanes> scheduler(messages, digests);
  KeccakLanes<kLanes> lanes;
  KeccakBlocks<kLanes> blocks;
  KeccakDigests<kLanes> done;
  while (scheduler.next_blocks(blocks)) {
    absorb(lanes, blocks, done);
    scheduler.collect(blocks, done);
  }
}

/// parents[i] = keccak256(nodes[2i] || nodes[2i + 1]). `parents` may be the front of `nodes`.
template <unsigned kLanes, class Kernel>
void keccak256_pairs_by_lanes(std::span<const Hash256> nodes, std::span<Hash256> parents,
                              Kernel of_64_bytes) {
  CHECK(nodes.size() == 2 * parents.size(), "a level has half the nodes of the level below");
  keccak256_of_64_bytes_by_lanes<kLanes>(
      parents.size(), [&](std::size_t i) { return nodes[2 * i].data(); },
      [&](std::size_t i) { return parents[i].data(); }, of_64_bytes);
}

}  // namespace buri::accel
