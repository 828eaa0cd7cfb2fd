#pragma once

#include <functional>
#include <span>

#include "base/bytes.hpp"
#include "node/execution/state/error.hpp"
#include "node/execution/state/nibbles.hpp"

/// Where a trie's nodes come from and go to. A node is kept under its path from the root: the tree
/// of one state, overwritten in place. Nodes with less than 32 bytes stand in their parents alone.
/// Leaves may stand nowhere: they follow from the flat tables.

namespace buri::execution::state {

/// The nodes of one trie.
class NodeSource {
 public:
  virtual ~NodeSource() = default;

  /// Copies the encoded node at `path` into `node`; false (and `node` unspecified) if there is
  /// none.
  virtual Result<bool, StateError> node(PathView path, Bytes& node) const = 0;
};

/// Takes what an update of one trie writes. Every path comes at most once.
class NodeSink {
 public:
  virtual ~NodeSink() = default;

  virtual void put(PathView path, ByteView node) = 0;
  virtual void remove(PathView path) = 0;
};

/// What becomes of a leaf of the state's tries.
struct LeafChange {
  Hash256 key;
  Bytes before;  ///< the leaf's value before; empty: there was none, or it is not known
  Bytes after;   ///< empty: the key goes
};

/// Keccak-256 of many messages at once: digests[i] of messages[i]. Must be thread-safe if the
/// tries that use it are changed by several threads.
using HashBatch =
    std::function<void(std::span<const ByteView> messages, std::span<Hash256> digests)>;

}  // namespace buri::execution::state
