#pragma once

#include <cstdint>

#include "accel/lanes/keccak256_lanes.hpp"

/// The part of the many-lane Keccak-256 that is compiled for AVX-512 (F, BW, DQ) and BMI. Plain
/// pointers and no inline code, so that nothing of this unit can be linked into portable ones.

namespace buri::accel::avx512 {

/// Messages hashed at once.
inline constexpr unsigned kKeccakLanes = 9;

/// Digests of nine 64-byte messages. Every digest is written after all messages are read.
void keccak256_of_64_bytes(const std::uint8_t* const (&messages)[kKeccakLanes],
                           std::uint8_t* const (&digests)[kKeccakLanes]);

/// Sponges between two blocks: word w of lane l below 8 is words[w][l].
struct KeccakSponges {
  alignas(64) std::uint64_t words[25][8];
  std::uint64_t ninth[25];
};

/// Absorbs a block into every lane and permutes. `digests` gets the first 32 bytes of every state:
/// the digest where length < 136. `sponges` may be uninitialised where a message starts.
void keccak256_absorb(KeccakSponges& sponges, const KeccakBlocks<kKeccakLanes>& blocks,
                      LaneDigests<kKeccakLanes>& digests);

}  // namespace buri::accel::avx512
