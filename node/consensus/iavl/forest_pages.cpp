#include <algorithm>

#include "node/consensus/iavl/forest.hpp"
#include "node/consensus/iavl/records.hpp"

/// Between memory and disk: reading pages, writing anchors, dropping nodes.

namespace buri::consensus::iavl {

Forest::Forest(accel::Engine& crypto, PageSource source, const Anchor& anchor)
    : crypto_(crypto), source_(source), next_page_(anchor.next_page) {
  for (const PageReference& root : anchor.roots) {
    Slot slot = kNoSlot;
    if (root.page != kNoPage) {
      slot = nodes_.allocate();
      Node& node = nodes_[slot];
      node.height = root.height;
      node.leaf_count = root.leaf_count;
      node.hash = root.hash;
      node.page = root.page;
    }
    roots_.push_back(slot);
  }
}

/// Reads the page of the stub `at`.
bool Forest::read_page(Slot at) {
  Node& node = nodes_[at];
  const auto read = source_.database->get(source_.pages, page_key(node.page), page_bytes_);
  if (!read.ok()) {
    failure_ = read.error();
  } else if (!read.value() || !load_page(nodes_, at, page_bytes_)) {
    failure_ = storage::StorageError{storage::StorageError::Kind::kCorruption,
                                     "page " + std::to_string(node.page) + " of the state trees " +
                                         (read.value() ? "is no such subtree" : "is missing")};
  }
  return !failure_;
}

void Forest::freeze(std::int64_t height) {
  CHECK(!freezing_ && stale_.empty(), "an anchor begins hashed and after the one before");
  freezing_ = true;
  ++epoch_;
  changed_nodes_ = 0;
  anchor_ = {.height = height, .next_page = 1, .roots = {}};
  for (const Slot root : roots_) {
    PageReference reference;
    if (root != kNoSlot) {
      const Node& node = nodes_[root];
      reference = {page_of(root), node.height, node.leaf_count, node.hash};
    }
    anchor_.roots.push_back(reference);
  }
  anchor_dead_pages_.swap(dead_pages_);
}

/// The page that `at` is the root of. A new one is to be written; if a later height replaced `at`
/// already, it dies with the anchor after this one.
PageId Forest::page_of(Slot at) {
  Node& node = nodes_[at];
  if (node.page != kNoPage) return node.page;
  node.page = next_page_++;
  if (node.has(Node::kRetired)) dead_pages_.push_back(node.page);
  unwritten_.push_back(at);
  return node.page;
}

bool Forest::write_pages(storage::Batch& batch, std::size_t max_pages) {
  std::vector<Slot> inside;
  for (; max_pages > 0 && !unwritten_.empty(); --max_pages) {
    const Slot root = unwritten_.back();
    unwritten_.pop_back();
    inside.assign({root});
    while (!inside.empty()) {
      const Node& node = nodes_[inside.back()];
      inside.pop_back();
      if (node.is_leaf()) continue;
      for (const Slot child : {node.left, node.right}) {
        const Node& below = nodes_[child];
        if (below.page == kNoPage && same_band(below, nodes_[root])) {
          inside.push_back(child);
        } else {
          page_of(child);
        }
      }
    }
    page_bytes_.clear();
    append_page(page_bytes_, nodes_, root);
    batch.put(source_.pages, page_key(nodes_[root].page), page_bytes_);
  }
  return unwritten_.empty();
}

Anchor Forest::finish(std::vector<PageId>& dead_pages) {
  CHECK(freezing_ && unwritten_.empty(), "an anchor ends with its last page");
  freezing_ = false;
  for (const Slot slot : replaced_) nodes_.release(slot);
  replaced_.clear();
  anchor_.next_page = next_page_;
  dead_pages.swap(anchor_dead_pages_);
  anchor_dead_pages_.clear();
  return std::move(anchor_);
}

void Forest::spill() {
  CHECK(!freezing_ && stale_.empty(), "nodes are hashed before they are written");
  for (const Slot root : roots_) {
    if (root != kNoSlot) page_of(root);
  }
  for (const Built& built : building_) page_of(built.slot);
  ++epoch_;
  changed_nodes_ = 0;
}

void Forest::evict(std::size_t max_nodes) {
  if (freezing_ || nodes_.used() <= max_nodes) return;
  CHECK(stale_.empty(), "nodes are hashed before any is dropped");
  // Twice round: the first time may only find nodes that were visited.
  for (std::size_t steps = 2 * std::size_t{nodes_.slot_end()}; steps > 0; --steps) {
    if (nodes_.used() <= max_nodes) return;
    if (++hand_ >= nodes_.slot_end()) hand_ = 1;
    Node& node = nodes_[hand_];
    if (node.page == kNoPage || !node.has(Node::kLoaded)) continue;
    if (node.has(Node::kUsed)) {
      node.flags &= static_cast<std::uint8_t>(~Node::kUsed);
    } else {
      collapse(hand_);
    }
  }
}

/// Makes the root of a page a stub again; drops all nodes below.
void Forest::collapse(Slot at) {
  release_below(at);
  Node& node = nodes_[at];
  node.left = node.right = kNoSlot;
  node.flags = 0;
  nodes_.set_key(node, {});
}

void Forest::release_below(Slot at) {
  if (!nodes_[at].has(Node::kLoaded) || nodes_[at].is_leaf()) return;
  for (const Slot child : {nodes_[at].left, nodes_[at].right}) {
    release_below(child);
    nodes_.release(child);
  }
}

}  // namespace buri::consensus::iavl
