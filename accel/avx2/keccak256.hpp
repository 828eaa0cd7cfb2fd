#pragma once

#include <span>

#include "base/bytes.hpp"

/// Keccak-256 of four messages at once. REQUIRES of every function: cpu_features().avx2.
/// Thread-safe.

namespace buri::accel::avx2 {

/// Digest of each message; lengths may differ. REQUIRES: digests.size() == messages.size();
/// digests overlap no message.
void keccak256_batch(std::span<const ByteView> messages, std::span<Hash256> digests);

/// One level of a binary tree: parents[i] = keccak256(nodes[2i] || nodes[2i + 1]).
/// REQUIRES: nodes.size() == 2 * parents.size(). `parents` may be the front half of `nodes`.
void keccak256_pairs(std::span<const Hash256> nodes, std::span<Hash256> parents);

}  // namespace buri::accel::avx2
