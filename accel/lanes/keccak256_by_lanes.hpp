#pragma once

#include <algorithm>
#include <cstring>
#include <span>

#include "accel/lanes/by_lanes.hpp"
#include "accel/lanes/keccak256_lanes.hpp"
#include "accel/scalar/keccak256.hpp"

/// Keccak-256 through many-lane kernels. For portable units only.

namespace buri::accel {

/// Keccak-256 as by_lanes.hpp wants it: the kernel pads.
struct Keccak256ByLanes {
  template <unsigned kLanes>
  using Blocks = KeccakBlocks<kLanes>;

  class Cursor {
   public:
    void start(ByteView message) {
      at_ = message.data();
      left_ = message.size();
    }
    template <unsigned kLanes>
    void describe(Blocks<kLanes>& blocks, unsigned lane) const {
      blocks.bytes[lane] = left_ != 0 ? at_ : kNothing;
      blocks.length[lane] = static_cast<std::uint32_t>(std::min(left_, kRate));
    }
    bool advance() {
      const bool is_last = left_ < kRate;
      at_ += is_last ? left_ : kRate;
      left_ -= is_last ? left_ : kRate;
      return is_last;
    }

   private:
    static constexpr std::size_t kRate = kKeccak256RateBytes;
    static constexpr std::uint8_t kNothing[1] = {};
    const std::uint8_t* at_ = nullptr;
    std::size_t left_ = 0;
  };

  static void hash(ByteView message, Hash256& digest) { scalar::keccak256(message, digest); }
};

/// Hashes `count` messages of 64 bytes, places and kernel as for hash_groups_by_lanes(). One alone
/// in its group is faster without lanes.
template <unsigned kLanes, class MessageAt, class DigestAt>
void keccak256_of_64_bytes_by_lanes(std::size_t count, MessageAt message, DigestAt digest,
                                    GroupKernel<kLanes>& kernel) {
  const bool one_alone = count % kLanes == 1;
  const std::size_t grouped = one_alone ? count - 1 : count;
  hash_groups_by_lanes(grouped, message, digest, kernel);
  if (!one_alone) return;
  Hash256 last;
  scalar::keccak256({message(grouped), 64}, last);
  std::memcpy(digest(grouped), last.data(), Hash256::kSize);
}

/// Keccak-256 of a batch: `of_64_bytes` where every message has 64 bytes, else `absorb`, a kernel
/// as for hash_batch_by_lanes().
template <unsigned kLanes, class Absorb>
void keccak256_batch_by_lanes(std::span<const ByteView> messages, std::span<Hash256> digests,
                              Absorb absorb, GroupKernel<kLanes>& of_64_bytes) {
  CHECK(messages.size() == digests.size(), "a batch needs one digest for each message");
  if (std::ranges::any_of(messages, [](ByteView message) { return message.size() != 64; })) {
    return hash_batch_by_lanes<Keccak256ByLanes>(messages, digests, absorb);
  }
  keccak256_of_64_bytes_by_lanes(
      messages.size(), [&](std::size_t i) { return messages[i].data(); },
      [&](std::size_t i) { return digests[i].data(); }, of_64_bytes);
}

/// parents[i] = keccak256(nodes[2i] || nodes[2i + 1]). `parents` may be the front of `nodes`.
template <unsigned kLanes>
void keccak256_pairs_by_lanes(std::span<const Hash256> nodes, std::span<Hash256> parents,
                              GroupKernel<kLanes>& of_64_bytes) {
  CHECK(nodes.size() == 2 * parents.size(), "a level has half the nodes of the level below");
  keccak256_of_64_bytes_by_lanes(
      parents.size(), [&](std::size_t i) { return nodes[2 * i].data(); },
      [&](std::size_t i) { return parents[i].data(); }, of_64_bytes);
}

}  // namespace buri::accel
