#pragma once

#include <cstring>
#include <span>

#include "accel/lanes/by_lanes.hpp"
#include "accel/lanes/sha256_lanes.hpp"
#include "accel/scalar/sha256.hpp"

/// SHA-256 through many-lane kernels. For portable units only.

namespace buri::accel {

/// SHA-256 as by_lanes.hpp wants it: blocks come padded.
struct Sha256ByLanes {
  template <unsigned kLanes>
  using Blocks = Sha256Blocks<kLanes>;

  class Cursor {
   public:
    void start(ByteView message) {
      at_ = message.data();
      whole_blocks_ = message.size() / kSha256BlockBytes;
      pad(message);
    }
    template <unsigned kLanes>
    void describe(Blocks<kLanes>& blocks, unsigned lane) const {
      blocks.bytes[lane] = whole_blocks_ > 0 ? at_ : tail_;
    }
    bool advance() {
      if (whole_blocks_ > 0) {
        at_ += kSha256BlockBytes;
        --whole_blocks_;
        return false;
      }
      if (tail_blocks_ == 2) std::memcpy(tail_, tail_ + kSha256BlockBytes, kSha256BlockBytes);
      return --tail_blocks_ == 0;
    }

   private:
    /// FIPS 180-4, 5.1.1: a one bit, zeros, and the length in bits as a 64-bit big-endian number.
    void pad(ByteView message) {
      const std::size_t rest = message.size() % kSha256BlockBytes;
      tail_blocks_ = rest < kSha256BlockBytes - 8 ? 1 : 2;
      const std::size_t end = std::size_t{tail_blocks_} * kSha256BlockBytes;
      if (rest != 0) std::memcpy(tail_, message.data() + message.size() - rest, rest);
      std::memset(tail_ + rest, 0, end - rest);
      tail_[rest] = 0x80;
      const std::uint64_t bits = __builtin_bswap64(std::uint64_t{message.size()} * 8);
      std::memcpy(tail_ + end - 8, &bits, 8);
    }

    const std::uint8_t* at_ = nullptr;
    std::size_t whole_blocks_ = 0;                   ///< left to compress straight from the message
    unsigned tail_blocks_ = 0;                       ///< then as many from `tail_`
    std::uint8_t tail_[2 * kSha256BlockBytes] = {};  ///< the end of the message, padded
  };

  static void hash(ByteView message, Hash256& digest) { scalar::sha256(message, digest); }
};

/// parents[i] = sha256(0x01 || nodes[2i] || nodes[2i + 1]) through `of_nodes`, which
/// takes the places of the left nodes. `parents` may be the front of `nodes`.
template <unsigned kLanes>
void sha256_pairs_by_lanes(std::span<const Hash256> nodes, std::span<Hash256> parents,
                           GroupKernel<kLanes>& of_nodes) {
  CHECK(nodes.size() == 2 * parents.size(), "a level has half the nodes of the level below");
  hash_groups_by_lanes(
      parents.size(), [&](std::size_t i) { return nodes[2 * i].data(); },
      [&](std::size_t i) { return parents[i].data(); }, of_nodes);
}

}  // namespace buri::accel
