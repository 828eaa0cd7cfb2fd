#pragma once

#include <span>

#include "base/bytes.hpp"

/// SHA-256 of eight messages at once, for processors without the SHA extensions. REQUIRES of every
/// function: cpu_features().avx2. Thread-safe.

namespace buri::accel::avx2 {

/// Digest of each message; lengths may differ. REQUIRES: digests.size() == messages.size();
/// digests overlap no message.
void sha256_batch(std::span<const ByteView> messages, std::span<Hash256> digests);

/// One level of an RFC 6962 tree: parents[i] = sha256(0x01 || nodes[2i] || nodes[2i + 1]).
/// REQUIRES: nodes.size() == 2 * parents.size(). `parents` may be the front half of `nodes`.
void sha256_pairs(std::span<const Hash256> nodes, std::span<Hash256> parents);

}  // namespace buri::accel::avx2
