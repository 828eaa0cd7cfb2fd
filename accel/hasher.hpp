#pragma once

#include <span>
#include <string_view>

#include "base/bytes.hpp"

/// The hash functions of one CPU backend, as a table: what the tree functions of merkle.hpp and
/// other level-by-level hashers (tries, IAVL) compute with. Which table is used never changes a
/// result.

namespace buri::accel {

/// Functions that hash many messages per call. All are thread-safe and never fail.
struct Hasher {
  std::string_view name;  ///< "scalar", "avx2", "avx512"

  /// Digest of each message, lengths may differ. REQUIRES: digests.size() == messages.size();
  /// digests overlap no message.
  void (*keccak256_batch)(std::span<const ByteView> messages, std::span<Hash256> digests);
  void (*sha256_batch)(std::span<const ByteView> messages, std::span<Hash256> digests);

  /// One level of a binary tree, without a view per node: parents[i] = keccak256(l || r), and
  /// sha256(0x01 || l || r) as RFC 6962 has it, where l = nodes[2i] and r = nodes[2i + 1].
  /// REQUIRES: nodes.size() == 2 * parents.size(). `parents` may be the front half of `nodes`.
  void (*keccak256_pairs)(std::span<const Hash256> nodes, std::span<Hash256> parents);
  void (*sha256_pairs)(std::span<const Hash256> nodes, std::span<Hash256> parents);
};

/// One message at a time; runs everywhere.
const Hasher& scalar_hasher();
/// Keccak-256 in four lanes; SHA-256 with the SHA extensions if there are any, else in eight lanes.
/// REQUIRES: cpu_features().avx2.
const Hasher& avx2_hasher();
/// Keccak-256 in eight lanes; SHA-256 as above.
/// REQUIRES: cpu_features().avx512_ifma.
const Hasher& avx512_hasher();
/// The fastest of the tables that this processor can run.
const Hasher& best_hasher();

}  // namespace buri::accel
