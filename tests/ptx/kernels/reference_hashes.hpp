#pragma once

#include <span>
#include <vector>

#include "base/bytes.hpp"

/// The hash operations computed slowly from their definitions, sharing nothing with the code under
/// test.

namespace buri::ptx {

Hash256 reference_keccak256(ByteView message);
Hash256 reference_sha256(ByteView message);

/// spec/rootchain.md 3: padded to a power of two with zero leaves, parent = keccak(left || right).
/// REQUIRES: nodes not empty.
Hash256 reference_checkpoint_root(std::vector<Hash256> nodes);

/// RFC 6962, 2.1, by its own recursion.
Hash256 reference_rfc6962_root(std::span<const ByteView> leaves);

}  // namespace buri::ptx
