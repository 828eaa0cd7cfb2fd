#include "node/execution/state/trie_proof.hpp"

#include "base/hex.hpp"
#include "node/execution/state/trie_walk.hpp"

namespace buri::execution::state {
namespace {

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
  TrieWalk walk(key);
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
  TrieWalk walk(key);
  for (const Bytes& encoded : nodes) {
    if (expected.is_empty()) return Failure{TrieProofError::kExtraNode};
    if (!expected.is_hash_of(encoded)) return Failure{TrieProofError::kWrongHash};
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
