#include "node/execution/state/trie_proof.hpp"

#include "base/hex.hpp"
#include "node/execution/evm/keccak.hpp"

namespace buri::execution::state {
namespace {

/// Walks from node to node along a key.
class Walk {
 public:
  explicit Walk(ByteView key) : path_(to_nibbles(key)) {}

  /// Goes through one node. What it says of the key then stands in next() or value().
  void enter(const TrieNode& node) {
    next_ = {};
    const PathView rest = PathView(path_).subspan(depth_);
    if (node.kind == TrieNode::Kind::kBranch) {
      if (rest.empty()) {
        if (!node.value.empty()) value_ = node.value;
        return;
      }
      next_ = (*node.children)[rest[0]];
      ++depth_;
      return;
    }
    if (shared_length(rest, node.path) < node.path.size()) return;
    depth_ += node.path.size();
    if (node.kind == TrieNode::Kind::kExtension) {
      next_ = node.child;
    } else if (depth_ == path_.size()) {
      value_ = node.value;
    }
  }

  /// The next node on the way; empty where the way ends.
  [[nodiscard]] const NodeReference& next() const { return next_; }
  [[nodiscard]] PathView place() const { return PathView(path_).first(depth_); }
  std::optional<Bytes> take_value() { return std::move(value_); }

  /// Steps through the nodes that stand inside the one just entered; false if one is malformed.
  bool enter_embedded() {
    while (!next_.is_empty() && !next_.is_hash()) {
      const auto node = decode_node(next_.bytes());
      if (!node.ok()) return false;
      enter(node.value());
    }
    return true;
  }

 private:
  Bytes path_;
  std::size_t depth_ = 0;
  NodeReference next_;
  std::optional<Bytes> value_;
};

StateError broken(PathView place) {
  return {StateError::Kind::kCorruption,
          "the trie node at path " + to_hex(place) + " is missing or malformed"};
}

}  // namespace

std::string_view describe(TrieProofError error) {
  switch (error) {
    case TrieProofError::kMissingNode:
      return "the proof ends before the key's way does";
    case TrieProofError::kWrongHash:
      return "a node is not the one that its parent names";
    case TrieProofError::kBadNode:
      return "a node that no trie has";
    case TrieProofError::kExtraNode:
      return "nodes follow the end of the key's way";
  }
  return "unknown";
}

Result<std::vector<Bytes>, StateError> build_proof(const Hash256& root, const NodeSource& source,
                                                   ByteView key) {
  std::vector<Bytes> nodes;
  if (root == kEmptyRoot) return nodes;
  Walk walk(key);
  do {
    Bytes encoded;
    ASSIGN_OR_RETURN(const bool found, source.node(walk.place(), encoded));
    const auto node = found ? decode_node(encoded) : Failure{NodeError::kBadRlp};
    if (!node.ok()) return Failure{broken(walk.place())};
    nodes.push_back(std::move(encoded));
    walk.enter(node.value());
    if (!walk.enter_embedded()) return Failure{broken(walk.place())};
  } while (!walk.next().is_empty());
  return nodes;
}

Result<std::optional<Bytes>, TrieProofError> verify_proof(const Hash256& root, ByteView key,
                                                          std::span<const Bytes> nodes) {
  NodeReference expected = root == kEmptyRoot ? NodeReference() : NodeReference::to_hash(root);
  Walk walk(key);
  for (const Bytes& encoded : nodes) {
    if (expected.is_empty()) return Failure{TrieProofError::kExtraNode};
    if (!equal(evm::keccak256(encoded), expected.bytes())) {
      return Failure{TrieProofError::kWrongHash};
    }
    const auto node = decode_node(encoded);
    if (!node.ok()) return Failure{TrieProofError::kBadNode};
    walk.enter(node.value());
    if (!walk.enter_embedded()) return Failure{TrieProofError::kBadNode};
    expected = walk.next();
  }
  if (!expected.is_empty()) return Failure{TrieProofError::kMissingNode};
  return walk.take_value();
}

}  // namespace buri::execution::state
