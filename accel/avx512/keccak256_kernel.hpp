#pragma once

#include <cstdint>

#include "accel/lanes/keccak256_lanes.hpp"

/// The part of the many-lane Keccak-256 that is compiled for AVX-512 (F, BW, DQ) and BMI. Plain
/// pointers and no inline code, so that nothing of this unit can be linked into portable ones.

namespace buri::accel::avx512 {

/// Messages hashed at once: any, or all of 64 bytes.
inline constexpr unsigned kKeccakLanes = 8;
inline constexpr unsigned kKeccak64Lanes = 9;

/// Digests of nine 64-byte messages. Every digest is written after all messages are read.
void keccak256_of_64_bytes(const std::uint8_t* const (&messages)[kKeccak64Lanes],
                           std::uint8_t* const (&digests)[kKeccak64Lanes]);

/// Absorbs a block into every lane and permutes. `digests` gets the first 32 bytes of every state:
/// the digest where length < 136. `lanes` may be uninitialised where a message starts.
void keccak256_absorb(KeccakLanes<kKeccakLanes>& lanes, const KeccakBlocks<kKeccakLanes>& blocks,
                      LaneDigests<kKeccakLanes>& digests);

}  // namespace buri::accel::avx512
