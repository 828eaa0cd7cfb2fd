#include "node/execution/state/trie_walk.hpp"

namespace buri::execution::state {

void TrieWalk::enter(const TrieNode& node) {
  next_ = {};
  const PathView left = rest();
  if (node.kind == TrieNode::Kind::kBranch) {
    if (left.empty()) {
      if (!node.value.empty()) value_ = node.value;
      return;
    }
    next_ = (*node.children)[left[0]];
    ++depth_;
    return;
  }
  if (shared_length(left, node.path) < node.path.size()) return;
  depth_ += node.path.size();
  if (node.kind == TrieNode::Kind::kExtension) {
    next_ = node.child;
  } else if (depth_ == path_.size()) {
    value_ = node.value;
  }
}

bool TrieWalk::enter_embedded() {
  while (!next_.is_empty() && !next_.is_hash()) {
    const auto node = decode_node(next_.bytes());
    if (!node.ok()) return false;
    enter(node.value());
  }
  return true;
}

}  // namespace buri::execution::state
