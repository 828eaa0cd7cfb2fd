#include <algorithm>

#include "node/consensus/iavl/forest_edit.hpp"

/// Setting and removing: the shape of the trees.

namespace buri::consensus::iavl {
namespace {

int compare(ByteView a, ByteView b) {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : a.size() > b.size();
}

/// Walks that go on side by side, so that their waits for memory overlap.
constexpr std::size_t kWalks = 32;

}  // namespace

Status<storage::StorageError> Forest::warm(TreeIndex tree, std::span<const ByteView> keys) {
  if (roots_[tree] == kNoSlot) return Unit{};
  std::array<Slot, kWalks> at{};
  while (!keys.empty()) {
    const auto some = keys.first(std::min(keys.size(), kWalks));
    keys = keys.subspan(some.size());
    at.fill(roots_[tree]);
    for (std::size_t walking = some.size(); walking > 0;) {
      walking = 0;
      for (std::size_t i = 0; i < some.size(); ++i) {
        if (!load(at[i])) return Failure{*failure_};
        const Node& node = nodes_[at[i]];
        if (node.is_leaf()) continue;
        at[i] = compare(some[i], nodes_.key(node)) < 0 ? node.left : node.right;
        nodes_.prefetch(at[i]);
        ++walking;
      }
    }
  }
  return Unit{};
}

Result<std::optional<std::int64_t>, storage::StorageError> Forest::set(TreeIndex tree, ByteView key,
                                                                       ByteView value,
                                                                       std::int64_t version) {
  Edit edit{.key = key, .value = value, .version = version, .old_version = {}, .new_smallest = {}};
  Slot& root = roots_[tree];
  root = root == kNoSlot ? new_leaf(edit) : set_below(root, edit);
  if (failure_) return Failure{*failure_};
  return edit.old_version;
}

Result<bool, storage::StorageError> Forest::remove(TreeIndex tree, ByteView key,
                                                   std::int64_t version) {
  Edit edit{.key = key, .value = {}, .version = version, .old_version = {}, .new_smallest = {}};
  Slot& root = roots_[tree];
  if (root != kNoSlot) root = remove_below(root, edit);
  if (failure_) return Failure{*failure_};
  return edit.old_version.has_value();
}

Slot Forest::set_below(Slot at, Edit& edit) {
  if (!load(at)) return at;
  const Node& node = nodes_[at];
  const int order = compare(edit.key, nodes_.key(node));
  if (node.is_leaf()) {
    if (order != 0) return split_leaf(at, order, edit);
    edit.old_version = node.version;
    at = own(at, edit.version);
    add_value(at, edit.value);
    return at;
  }
  const bool to_left = order < 0;
  const Slot child = set_below(to_left ? node.left : node.right, edit);
  if (failure_) return at;
  at = own(at, edit.version);
  (to_left ? nodes_[at].left : nodes_[at].right) = child;
  // Replacing a leaf changes no height, and iavl does not balance then.
  if (edit.old_version) return at;
  update(at);
  return balance(at, edit.version);
}

/// Puts a new leaf beside the leaf `at`, under a new node.
Slot Forest::split_leaf(Slot at, int order, Edit& edit) {
  const Slot leaf = new_leaf(edit);
  const Slot parent = nodes_.allocate();
  Node& node = nodes_[parent];
  node.flags = Node::kLoaded | Node::kUsed;
  node.epoch = epoch_;
  node.version = edit.version;
  node.left = order < 0 ? leaf : at;
  node.right = order < 0 ? at : leaf;
  nodes_.set_key(node, nodes_.key(nodes_[node.right]));
  update(parent);
  ++changed_nodes_;
  mark_stale(parent);
  return parent;
}

Slot Forest::new_leaf(const Edit& edit) {
  const Slot slot = nodes_.allocate();
  Node& node = nodes_[slot];
  node.flags = Node::kLoaded | Node::kUsed;
  node.epoch = epoch_;
  node.version = edit.version;
  nodes_.set_key(node, edit.key);
  ++changed_nodes_;
  mark_stale(slot);
  add_value(slot, edit.value);
  return slot;
}

/// The root of what is left below `at`; kNoSlot if that was the leaf.
Slot Forest::remove_below(Slot at, Edit& edit) {
  if (!load(at)) return at;
  const Node& node = nodes_[at];
  const int order = compare(edit.key, nodes_.key(node));
  if (node.is_leaf()) {
    if (order != 0) return at;
    edit.old_version = node.version;
    retire(at);
    return kNoSlot;
  }
  const bool to_left = order < 0;
  const Slot child = remove_below(to_left ? node.left : node.right, edit);
  if (failure_ || !edit.old_version) return at;
  if (child == kNoSlot) {
    if (to_left) edit.new_smallest = nodes_.key(node);
    const Slot sibling = to_left ? node.right : node.left;
    retire(at);
    return sibling;
  }
  at = own(at, edit.version);
  if (to_left) {
    nodes_[at].left = child;
  } else {
    nodes_[at].right = child;
    if (edit.new_smallest) nodes_.set_key(nodes_[at], *edit.new_smallest);
    edit.new_smallest.reset();
  }
  update(at);
  return balance(at, edit.version);
}

/// The node to change in place of `at`: itself, or a copy if an anchor being written needs `at` as
/// it is. Its page, if it is the root of one, dies with the next anchor.
Slot Forest::own(Slot at, std::int64_t version) {
  Node& node = nodes_[at];
  if (node.page != kNoPage) dead_pages_.push_back(node.page);
  if (node.epoch != epoch_) ++changed_nodes_;
  if (freezing_ && node.epoch != epoch_) {
    const Slot copy = nodes_.allocate();
    Node& changed = nodes_[copy];
    changed = node;
    changed.key_bytes = 0;
    nodes_.set_key(changed, nodes_.key(node));
    node.flags |= Node::kRetired;
    replaced_.push_back(at);
    at = copy;
  }
  Node& owned = nodes_[at];
  owned.page = kNoPage;
  owned.epoch = epoch_;
  owned.version = version;
  mark_stale(at);
  return at;
}

/// Takes `at` out of the newest tree.
void Forest::retire(Slot at) {
  Node& node = nodes_[at];
  if (node.page != kNoPage) dead_pages_.push_back(node.page);
  node.flags |= Node::kRetired;
  (freezing_ && node.epoch != epoch_ ? replaced_ : released_).push_back(at);
}

void Forest::mark_stale(Slot at) {
  Node& node = nodes_[at];
  if (node.has(Node::kStale)) return;
  node.flags |= Node::kStale;
  stale_.push_back(at);
}

void Forest::update(Slot at) {
  Node& node = nodes_[at];
  const Node& left = nodes_[node.left];
  const Node& right = nodes_[node.right];
  node.height = static_cast<std::uint8_t>(std::max(left.height, right.height) + 1);
  node.leaf_count = left.leaf_count + right.leaf_count;
}

int Forest::balance_of(Slot at) const {
  const Node& node = nodes_[at];
  return int{nodes_[node.left].height} - int{nodes_[node.right].height};
}

/// Restores balance at `at`, which the edit owns, after a change of height below it.
Slot Forest::balance(Slot at, std::int64_t version) {
  const int lean = balance_of(at);
  if (lean >= -1 && lean <= 1) return at;
  const bool left_heavy = lean > 1;
  Slot& heavy = left_heavy ? nodes_[at].left : nodes_[at].right;
  if (!load(heavy)) return at;
  const int inner_lean = balance_of(heavy);
  if (left_heavy ? inner_lean < 0 : inner_lean > 0) {
    heavy = own(heavy, version);
    heavy = rotate(heavy, !left_heavy, version);
  }
  return rotate(at, left_heavy, version);
}

/// Turns `at`, which the edit owns, to the right or left; its child becomes the root, with `at`
/// below.
Slot Forest::rotate(Slot at, bool to_right, std::int64_t version) {
  const Slot child = to_right ? nodes_[at].left : nodes_[at].right;
  if (!load(child)) return at;
  const Slot top = own(child, version);
  Node& node = nodes_[at];
  Node& above = nodes_[top];
  (to_right ? node.left : node.right) = to_right ? above.right : above.left;
  (to_right ? above.right : above.left) = at;
  update(at);
  update(top);
  return top;
}

}  // namespace buri::consensus::iavl
