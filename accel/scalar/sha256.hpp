#pragma once

#include <span>

#include "base/bytes.hpp"

/// SHA-256 (FIPS 180-4) one message at a time, by OpenSSL.

namespace buri::accel::scalar {

/// Digest of `message`, which may have any length. Thread-safe.
void sha256(ByteView message, Hash256& digest);

/// Digest of each message, one after the other. REQUIRES: digests.size() == messages.size().
void sha256_batch(std::span<const ByteView> messages, std::span<Hash256> digests);

/// One level of an RFC 6962 tree: parents[i] = sha256(0x01 || nodes[2i] || nodes[2i + 1]).
/// REQUIRES: nodes.size() == 2 * parents.size(). `parents` may be the front half of `nodes`.
void sha256_pairs(std::span<const Hash256> nodes, std::span<Hash256> parents);

}  // namespace buri::accel::scalar
