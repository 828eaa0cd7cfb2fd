#pragma once

#include <cstdint>

#include "accel/lanes/keccak256_lanes.hpp"

/// The part of the four-lane Keccak-256 that is compiled for AVX2. Plain pointers and no inline
/// code, so that nothing of this unit can be linked into portable ones.

namespace buri::accel::avx2 {

/// Messages hashed at once.
inline constexpr unsigned kKeccakLanes = 4;

/// Digests of four 64-byte messages. Every digest is written after all messages are read.
void keccak256_of_64_bytes(const std::uint8_t* const (&messages)[kKeccakLanes],
                           std::uint8_t* const (&digests)[kKeccakLanes]);

/// Sponges between two blocks: word w of lane l is words[w][l].
struct KeccakSponges {
  alignas(32) std::uint64_t words[25][kKeccakLanes];
};

/// Absorbs a block into every lane and permutes. `digests` gets the first 32 bytes of every state:
/// the digest where length < 136. `sponges` may be uninitialised where a message starts.
void keccak256_absorb(KeccakSponges& sponges, const KeccakBlocks<kKeccakLanes>& blocks,
                      LaneDigests<kKeccakLanes>& digests);

}  // namespace buri::accel::avx2
