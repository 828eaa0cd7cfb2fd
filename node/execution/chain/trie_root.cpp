#include "node/execution/chain/trie_root.hpp"

#include <algorithm>

#include "accel/hasher.hpp"
#include "base/codec/rlp.hpp"
#include "node/execution/state/trie_node.hpp"

namespace buri::execution::chain {
namespace {

using state::NodeReference;
using state::PathView;

struct Leaf {
  Bytes path;  ///< of the whole key
  ByteView value;
};

bool begins_with(const Leaf& shorter, const Leaf& longer) {
  return state::shared_length(shorter.path, longer.path) == shorter.path.size();
}

/// A trie whose leaves are all known: it is laid out from the top, then hashed from the bottom.
class WholeTrie {
 public:
  /// REQUIRES: ascending paths, none the beginning of another.
  explicit WholeTrie(std::span<const Leaf> leaves) : leaves_(leaves) {
    references_.resize(1);
    lay_out(0, leaves.size(), 0, 0);
  }

  Hash256 root() {
    for (const std::vector<Node>& level : levels_) hash_level(level);
    return Hash256::from(references_.front().bytes());
  }

 private:
  enum class Kind : std::uint8_t { kLeaf, kExtension, kBranch };

  struct Node {
    Kind kind;
    std::size_t leaf;  ///< one that lies below, whose path leads here
    std::size_t from;  ///< where the node's own nibbles begin in that path
    std::size_t until;
    std::size_t children;  ///< where the references begin that it holds
    std::size_t place;     ///< of its own reference
  };

  /// Adds the subtree of the leaves from `first` to `last`, which is one behind, whose paths are
  /// equal up to `depth`. Returns its height.
  std::size_t lay_out(std::size_t first, std::size_t last, std::size_t depth, std::size_t place);
  std::size_t lay_out_branch(std::size_t first, std::size_t last, std::size_t depth,
                             std::size_t place);
  std::size_t add(std::size_t height, const Node& node);
  std::size_t reserve_references(std::size_t count);

  void hash_level(const std::vector<Node>& level);
  [[nodiscard]] Bytes encode(const Node& node) const;

  std::span<const Leaf> leaves_;
  std::vector<NodeReference> references_;  ///< the root's, then those that branches hold
  std::vector<std::vector<Node>> levels_;  ///< by height above the leaves
};

std::size_t WholeTrie::reserve_references(std::size_t count) {
  references_.resize(references_.size() + count);
  return references_.size() - count;
}

std::size_t WholeTrie::add(std::size_t height, const Node& node) {
  if (levels_.size() <= height) levels_.resize(height + 1);
  levels_[height].push_back(node);
  return height;
}

std::size_t WholeTrie::lay_out(std::size_t first, std::size_t last, std::size_t depth,
                               std::size_t place) {
  const PathView path = leaves_[first].path;
  if (last - first == 1) return add(0, {Kind::kLeaf, first, depth, path.size(), 0, place});
  const std::size_t shared = state::shared_length(path, leaves_[last - 1].path);
  if (shared == depth) return lay_out_branch(first, last, depth, place);
  const std::size_t target = reserve_references(1);
  const std::size_t height = lay_out_branch(first, last, shared, target);
  return add(height + 1, {Kind::kExtension, first, depth, shared, target, place});
}

std::size_t WholeTrie::lay_out_branch(std::size_t first, std::size_t last, std::size_t depth,
                                      std::size_t place) {
  const std::size_t children = reserve_references(state::kBranchWidth);
  std::size_t height = 0;
  for (std::size_t at = first; at < last;) {
    const std::uint8_t nibble = leaves_[at].path[depth];
    const std::size_t begin = at;
    while (at < last && leaves_[at].path[depth] == nibble) ++at;
    height = std::max(height, lay_out(begin, at, depth + 1, children + nibble));
  }
  return add(height + 1, {Kind::kBranch, first, depth, depth, children, place});
}

Bytes WholeTrie::encode(const Node& node) const {
  const Leaf& leaf = leaves_[node.leaf];
  const PathView path = PathView(leaf.path).subspan(node.from, node.until - node.from);
  const auto children = std::span(references_).subspan(node.children);
  switch (node.kind) {
    case Kind::kLeaf:
      return state::encode_leaf(path, leaf.value);
    case Kind::kExtension:
      return state::encode_extension(path, children.front());
    case Kind::kBranch:
      break;
  }
  return state::encode_branch(children.first<state::kBranchWidth>(), {});
}

void WholeTrie::hash_level(const std::vector<Node>& level) {
  std::vector<Bytes> encoded;
  encoded.reserve(level.size());
  std::vector<ByteView> messages;
  std::vector<std::size_t> places;
  for (const Node& node : level) {
    const Bytes& bytes = encoded.emplace_back(encode(node));
    if (bytes.size() < Hash256::kSize && node.place != 0) {
      references_[node.place] = NodeReference::to_embedded(bytes);
      continue;
    }
    messages.emplace_back(bytes);
    places.push_back(node.place);
  }
  std::vector<Hash256> digests(messages.size());
  if (!messages.empty()) accel::best_hasher().keccak256_batch(messages, digests);
  for (std::size_t i = 0; i < places.size(); ++i) {
    references_[places[i]] = NodeReference::to_hash(digests[i]);
  }
}

Hash256 root_of(std::vector<Leaf> leaves) {
  if (leaves.empty()) return state::kEmptyRoot;
  std::ranges::sort(leaves, {}, &Leaf::path);
  CHECK(std::ranges::adjacent_find(leaves, begins_with) == leaves.end(),
        "a trie's keys are different, and none is the beginning of another");
  return WholeTrie(leaves).root();
}

}  // namespace

Hash256 trie_root(std::span<const TrieEntry> entries) {
  std::vector<Leaf> leaves;
  leaves.reserve(entries.size());
  for (const TrieEntry& entry : entries) {
    leaves.push_back({state::to_nibbles(entry.key), entry.value});
  }
  return root_of(std::move(leaves));
}

Hash256 list_root(std::span<const Bytes> values) {
  std::vector<Leaf> leaves;
  leaves.reserve(values.size());
  for (const Bytes& value : values) {
    leaves.push_back({state::to_nibbles(RlpWriter().integer(leaves.size()).items()), value});
  }
  return root_of(std::move(leaves));
}

}  // namespace buri::execution::chain
