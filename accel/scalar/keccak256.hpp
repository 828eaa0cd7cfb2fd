#pragma once

#include <span>

#include "base/bytes.hpp"

/// Keccak-256 as Ethereum uses it: Keccak[c = 512] with the padding of the original submission
/// (first pad byte 0x01), not the SHA3-256 of FIPS 202 (0x06). One message at a time in general
/// registers: on every processor measured this beats wide registers that hold a single state.

namespace buri::accel::scalar {

/// Digest of `message`, which may have any length. Not constant time in the length. Thread-safe;
/// `digest` may overlap `message`.
void keccak256(ByteView message, Hash256& digest);

/// Digest of each message, one after the other. REQUIRES: digests.size() == messages.size().
void keccak256_batch(std::span<const ByteView> messages, std::span<Hash256> digests);

/// One level of a binary tree: parents[i] = keccak256(nodes[2i] || nodes[2i + 1]).
/// REQUIRES: nodes.size() == 2 * parents.size(). `parents` may be the front half of `nodes`.
void keccak256_pairs(std::span<const Hash256> nodes, std::span<Hash256> parents);

}  // namespace buri::accel::scalar
