#include "node/consensus/iavl/page.hpp"

#include <algorithm>

#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"

namespace buri::consensus::iavl {
namespace {

/// Marks a reference where a node's height would stand.
constexpr std::uint8_t kReference = 0x80;
/// Of a tree with 2^63 leaves.
constexpr std::uint8_t kMaxHeight = 92;

bool take_integer(ByteView& bytes, std::uint64_t& value) {
  const auto taken = take_varint(bytes);
  if (taken.ok()) value = taken.value();
  return taken.ok();
}

bool take_bytes(ByteView& bytes, std::size_t count, ByteView& taken) {
  if (bytes.size() < count) return false;
  taken = bytes.first(count);
  bytes = bytes.subspan(count);
  return true;
}

bool take_hash(ByteView& bytes, Hash256& hash) {
  ByteView taken;
  if (!take_bytes(bytes, Hash256::kSize, taken)) return false;
  hash = Hash256::from(taken);
  return true;
}

void append_node(Bytes& target, const NodeArena& nodes, Slot slot, const Node* root) {
  const Node& node = nodes[slot];
  const bool is_root = root == nullptr;
  if (!is_root && (node.page != kNoPage || !same_band(node, *root))) {
    CHECK(node.page != kNoPage, "a child beyond the page has its own");
    append_reference(target, {node.page, node.height, node.leaf_count, node.hash});
    return;
  }
  CHECK(node.has(Node::kLoaded) && !node.has(Node::kStale), "a written node is loaded and hashed");
  target.push_back(node.height);
  append_varint(target, static_cast<std::uint64_t>(node.version));
  if (!is_root) append(target, node.hash);
  append_varint(target, node.key_bytes);
  append(target, nodes.key(node));
  if (node.is_leaf()) return;
  const Node* page_root = is_root ? &node : root;
  append_node(target, nodes, node.left, page_root);
  append_node(target, nodes, node.right, page_root);
}

class Loader {
 public:
  Loader(NodeArena& nodes, ByteView bytes) : nodes_(nodes), rest_(bytes) {}

  bool load_root(Slot root) {
    const Node before = nodes_[root];
    band_ = before.height / kPageBandHeights;
    if (!take_node(root, true)) return false;
    const Node& node = nodes_[root];
    return rest_.empty() && node.height == before.height && node.leaf_count == before.leaf_count;
  }

 private:
  bool take_node(Slot slot, bool is_root) {
    if (rest_.empty()) return false;
    if (rest_[0] >= kReference) return !is_root && take_stub(slot);
    Node& node = nodes_[slot];
    node.height = rest_[0];
    if (node.height / kPageBandHeights != band_) return false;
    rest_ = rest_.subspan(1);
    std::uint64_t version = 0;
    std::uint64_t key_bytes = 0;
    ByteView key;
    if (!take_integer(rest_, version) || (!is_root && !take_hash(rest_, node.hash)) ||
        !take_integer(rest_, key_bytes) || key_bytes > kMaxKeyBytes ||
        !take_bytes(rest_, key_bytes, key)) {
      return false;
    }
    node.version = static_cast<std::int64_t>(version);
    nodes_.set_key(node, key);
    node.flags |= Node::kLoaded;
    node.leaf_count = 1;
    return node.is_leaf() || take_children(slot);
  }

  bool take_children(Slot slot) {
    const Slot left = nodes_.allocate();
    nodes_[slot].left = left;
    const Slot right = nodes_.allocate();
    nodes_[slot].right = right;
    const std::uint8_t height = nodes_[slot].height;
    if (height > kMaxHeight || !take_child(left, height) || !take_child(right, height)) {
      return false;
    }
    const Node& a = nodes_[left];
    const Node& b = nodes_[right];
    nodes_[slot].leaf_count = a.leaf_count + b.leaf_count;
    const int balance = int{a.height} - int{b.height};
    return height == std::max(a.height, b.height) + 1 && balance >= -1 && balance <= 1;
  }

  /// Checks the height before anything below is read, so that recursion ends.
  bool take_child(Slot slot, std::uint8_t parent_height) {
    if (rest_.empty() || (rest_[0] & ~kReference) >= parent_height) return false;
    return take_node(slot, false);
  }

  bool take_stub(Slot slot) {
    PageReference reference;
    if (!take_reference(rest_, reference) || reference.page == kNoPage) return false;
    Node& node = nodes_[slot];
    node.height = reference.height;
    node.leaf_count = reference.leaf_count;
    node.hash = reference.hash;
    node.page = reference.page;
    return true;
  }

  NodeArena& nodes_;
  ByteView rest_;
  unsigned band_ = 0;  ///< of the root; a node of another has its own page
};

}  // namespace

void append_reference(Bytes& target, const PageReference& reference) {
  target.push_back(static_cast<std::uint8_t>(kReference | reference.height));
  append_varint(target, reference.page);
  if (reference.page == kNoPage) return;
  append_varint(target, reference.leaf_count);
  append(target, reference.hash);
}

bool take_reference(ByteView& bytes, PageReference& reference) {
  if (bytes.empty() || bytes[0] < kReference) return false;
  reference = {};
  reference.height = bytes[0] & static_cast<std::uint8_t>(~kReference);
  bytes = bytes.subspan(1);
  if (reference.height > kMaxHeight || !take_integer(bytes, reference.page)) return false;
  if (reference.page == kNoPage) return reference.height == 0;
  return take_integer(bytes, reference.leaf_count) && reference.leaf_count > 0 &&
         take_hash(bytes, reference.hash);
}

void append_page(Bytes& target, const NodeArena& nodes, Slot root) {
  append_node(target, nodes, root, nullptr);
}

bool load_page(NodeArena& nodes, Slot root, ByteView bytes) {
  return Loader(nodes, bytes).load_root(root);
}

}  // namespace buri::consensus::iavl
