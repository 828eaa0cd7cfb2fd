#pragma once

#include <optional>

#include "node/execution/state/trie_node.hpp"

namespace buri::execution::state {

/// Walks from node to node along a key, from the root on. Not thread-safe.
class TrieWalk {
 public:
  explicit TrieWalk(ByteView key) : path_(to_nibbles(key)) {}

  /// Goes through one node. What it says of the key then stands in next() or take_value().
  void enter(const TrieNode& node);
  /// Steps through the nodes that stand inside the one just entered; false if one is malformed.
  bool enter_embedded();

  /// The next node on the way; empty where the way ends.
  [[nodiscard]] const NodeReference& next() const { return next_; }
  /// Where that node stands, and what of the key is left there.
  [[nodiscard]] PathView place() const { return PathView(path_).first(depth_); }
  [[nodiscard]] PathView rest() const { return PathView(path_).subspan(depth_); }
  std::optional<Bytes> take_value() { return std::move(value_); }

 private:
  Bytes path_;
  std::size_t depth_ = 0;
  NodeReference next_;
  std::optional<Bytes> value_;
};

}  // namespace buri::execution::state
