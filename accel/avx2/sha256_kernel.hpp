#pragma once

#include <cstdint>

#include "accel/lanes/sha256_lanes.hpp"

/// The part of the eight-lane SHA-256 that is compiled for AVX2, for processors without the SHA
/// extensions. Plain pointers and no inline code, so that nothing of this unit can be linked into
/// portable ones.

namespace buri::accel::avx2 {

/// Messages hashed at once.
inline constexpr unsigned kSha256Lanes = 8;

/// Digests of tree nodes, 0x01 || node with 64 bytes of node. Every digest is written after all
/// nodes are read.
void sha256_of_nodes(const std::uint8_t* const (&nodes)[kSha256Lanes],
                     std::uint8_t* const (&digests)[kSha256Lanes]);

/// Compresses one block for every lane. `digests` gets every lane's chaining value as a digest.
/// `lanes` may be uninitialised where a message starts.
void sha256_compress(Sha256Lanes<kSha256Lanes>& lanes, const Sha256Blocks<kSha256Lanes>& blocks,
                     LaneDigests<kSha256Lanes>& digests);

}  // namespace buri::accel::avx2
