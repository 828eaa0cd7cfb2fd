#include <algorithm>

#include "node/consensus/iavl/forest_edit.hpp"

/// Whole trees, node after node: how a snapshot takes them apart and puts them together.

namespace buri::consensus::iavl {
namespace {

bool is_below(ByteView one, ByteView other) {
  return std::lexicographical_compare(one.begin(), one.end(), other.begin(), other.end());
}

}  // namespace

Status<storage::StorageError> Forest::visit(TreeIndex tree, const Visit& visit) {
  CHECK(stale_.empty(), "trees are walked hashed");
  return roots_[tree] == kNoSlot ? Status<storage::StorageError>(Unit{})
                                 : visit_below(roots_[tree], visit);
}

Status<storage::StorageError> Forest::visit_below(Slot at, const Visit& visit) {
  const bool was_read = nodes_[at].has(Node::kLoaded);
  if (!load(at)) return Failure{*failure_};
  if (!nodes_[at].is_leaf()) {
    RETURN_IF_ERROR(visit_below(nodes_[at].left, visit));
    RETURN_IF_ERROR(visit_below(nodes_[at].right, visit));
  }
  const Node& node = nodes_[at];
  RETURN_IF_ERROR(visit({node.is_leaf(), node.version, nodes_.key(node)}));
  if (!was_read) collapse(at);
  return Unit{};
}

Status<BuildFault> Forest::build_leaf(ByteView key, ByteView value, std::int64_t version) {
  if (key.size() > kMaxKeyBytes) return Failure{BuildFault::kKeySize};
  if (!building_.empty() && !is_below(last_built_key_, key)) return Failure{BuildFault::kOrder};
  last_built_key_.assign(key.begin(), key.end());
  const Slot leaf = new_leaf(
      {.key = key, .value = value, .version = version, .old_version = {}, .new_smallest = {}});
  building_.push_back({leaf, last_built_key_});
  return Unit{};
}

Status<BuildFault> Forest::build_inner(std::int64_t version) {
  if (building_.size() < 2) return Failure{BuildFault::kChildren};
  Built right = std::move(building_.back());
  building_.pop_back();
  Built& left = building_.back();
  const Slot slot = nodes_.allocate();
  Node& node = nodes_[slot];
  node.flags = Node::kLoaded | Node::kUsed;
  node.epoch = epoch_;
  node.version = version;
  node.left = left.slot;
  node.right = right.slot;
  nodes_.set_key(node, right.smallest);
  update(slot);
  ++changed_nodes_;
  mark_stale(slot);
  left.slot = slot;
  const int lean = balance_of(slot);
  if (lean < -1 || lean > 1) return Failure{BuildFault::kBalance};
  return Unit{};
}

Status<BuildFault> Forest::build_end(TreeIndex tree) {
  CHECK(roots_[tree] == kNoSlot, "a tree is built once");
  if (building_.size() > 1) return Failure{BuildFault::kUnjoined};
  if (!building_.empty()) roots_[tree] = building_.front().slot;
  building_.clear();
  return Unit{};
}

std::string_view describe(BuildFault fault) {
  switch (fault) {
    case BuildFault::kKeySize:
      return "a key of more than 65535 bytes";
    case BuildFault::kOrder:
      return "a key that is not above the one before";
    case BuildFault::kChildren:
      return "an inner node without two children";
    case BuildFault::kBalance:
      return "a tree out of balance";
    case BuildFault::kUnjoined:
      return "a tree with several roots";
  }
  return "unknown";
}

}  // namespace buri::consensus::iavl
