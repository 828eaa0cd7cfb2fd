#include <algorithm>

#include "node/consensus/iavl/forest.hpp"

/// Walking to a key for proofs.

namespace buri::consensus::iavl {

/// `way` leads from the root to a leaf.
LeafPath Forest::leaf_path(std::span<const Slot> way) const {
  const Node& leaf = nodes_[way.back()];
  const ByteView key = nodes_.key(leaf);
  LeafPath path{.key = Bytes(key.begin(), key.end()), .version = leaf.version, .steps = {}};
  for (std::size_t i = way.size() - 1; i-- > 0;) {
    const Node& node = nodes_[way[i]];
    const bool child_is_left = node.left == way[i + 1];
    const Slot sibling = child_is_left ? node.right : node.left;
    path.steps.push_back(
        {node.height, node.leaf_count, node.version, child_is_left, nodes_[sibling].hash});
  }
  return path;
}

/// The leaf next to the one that `way` leads to; nothing at the tree's edge or after a failed load.
std::optional<LeafPath> Forest::neighbour(std::vector<Slot> way, bool to_right) {
  const auto child = [&](Slot at, bool right) {
    return right ? nodes_[at].right : nodes_[at].left;
  };
  Slot below = way.back();
  way.pop_back();
  while (!way.empty() && child(way.back(), to_right) == below) {
    below = way.back();
    way.pop_back();
  }
  if (way.empty()) return std::nullopt;
  way.push_back(child(way.back(), to_right));
  if (!load(way.back())) return std::nullopt;
  while (!nodes_[way.back()].is_leaf()) {
    way.push_back(child(way.back(), !to_right));
    if (!load(way.back())) return std::nullopt;
  }
  return leaf_path(way);
}

Result<Surroundings, storage::StorageError> Forest::surroundings(TreeIndex tree, ByteView key) {
  CHECK(stale_.empty(), "paths are walked in hashed trees");
  Surroundings result;
  if (roots_[tree] == kNoSlot) return result;
  const auto smaller = [&](ByteView other) {
    return std::lexicographical_compare(key.begin(), key.end(), other.begin(), other.end());
  };
  std::vector<Slot> way{roots_[tree]};
  if (!load(way.back())) return Failure{*failure_};
  while (!nodes_[way.back()].is_leaf()) {
    const Node& node = nodes_[way.back()];
    way.push_back(smaller(nodes_.key(node)) ? node.left : node.right);
    if (!load(way.back())) return Failure{*failure_};
  }
  const ByteView found = nodes_.key(nodes_[way.back()]);
  if (equal(found, key)) {
    result.at = leaf_path(way);
  } else if (smaller(found)) {
    result.right = leaf_path(way);
    result.left = neighbour(way, false);
  } else {
    result.left = leaf_path(way);
    result.right = neighbour(way, true);
  }
  if (failure_) return Failure{*failure_};
  return result;
}

}  // namespace buri::consensus::iavl
