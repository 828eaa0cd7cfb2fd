#pragma once

#include <span>
#include <vector>

#include "base/bytes.hpp"

/// Roots of Merkle Patricia tries (Ethereum yellow paper, appendix D) that are built once and
/// thrown away: of a block's transactions and receipts, of a genesis. Nodes are hashed level by
/// level in batches.

namespace buri::execution::chain {

/// A key and what is stored under it, which is not empty.
struct TrieEntry {
  Bytes key;
  Bytes value;
};

/// REQUIRES: no key twice, and none the beginning of another.
Hash256 trie_root(std::span<const TrieEntry> entries);

/// The trie of a list: values under the RLP of their indices.
Hash256 list_root(std::span<const Bytes> values);

}  // namespace buri::execution::chain
