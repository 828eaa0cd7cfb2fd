#include <algorithm>

#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/iavl/forest.hpp"

/// Hashing what changed: values, leaves, then inner nodes from the bottom up.

namespace buri::consensus::iavl {
namespace {

/// Values gathered before they are hashed together; bounds the copy, not a value.
constexpr std::size_t kValueBytes = std::size_t{256} << 10;
/// Nodes per call: their messages stay in the processor's cache.
constexpr std::size_t kNodesPerBatch = 4096;
/// Three varints of ten bytes, then hashes with their lengths.
constexpr std::size_t kMaxInnerBytes = 30 + 2 * 33;

/// sha256("").
constexpr Hash256 kEmptyRoot{{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                              0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                              0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};

/// Go's binary.PutVarint of a value that is not negative.
void append_zig_zag(Bytes& target, std::uint64_t value) { append_varint(target, value << 1); }

void append_hash(Bytes& target, const Hash256& hash) {
  target.push_back(Hash256::kSize);
  append(target, hash);
}

/// What a node's hash is of; a stale leaf holds its value's digest where its hash will stand.
void append_message(Bytes& target, const NodeArena& nodes, const Node& node) {
  append_zig_zag(target, node.height);
  append_zig_zag(target, node.leaf_count);
  append_zig_zag(target, static_cast<std::uint64_t>(node.version));
  if (node.is_leaf()) {
    append_varint(target, node.key_bytes);
    append(target, nodes.key(node));
    append_hash(target, node.hash);
  } else {
    append_hash(target, nodes[node.left].hash);
    append_hash(target, nodes[node.right].hash);
  }
}

/// While node `at` of a level is in hand, asks for a later one, and for the children of one
/// between.
void prefetch_ahead(const NodeArena& nodes, std::span<const Slot> level, std::size_t at) {
  constexpr std::size_t kNodeAhead = 24;
  constexpr std::size_t kChildrenAhead = 12;
  if (at + kNodeAhead < level.size()) nodes.prefetch(level[at + kNodeAhead]);
  if (at + kChildrenAhead >= level.size()) return;
  const Node& node = nodes[level[at + kChildrenAhead]];
  if (node.is_leaf()) return;
  nodes.prefetch(node.left);
  nodes.prefetch(node.right);
}

std::vector<ByteView> views_of(const Bytes& messages, std::span<const std::size_t> ends) {
  std::vector<ByteView> views;
  views.reserve(ends.size());
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    views.push_back(ByteView(messages).subspan(begin, end - begin));
    begin = end;
  }
  return views;
}

}  // namespace

void Forest::add_value(Slot leaf, ByteView value) {
  append(values_, value);
  unhashed_leaves_.push_back(leaf);
  value_ends_.push_back(values_.size());
  if (values_.size() >= kValueBytes) hash_values();
}

void Forest::hash_values() {
  const std::vector<ByteView> messages = views_of(values_, value_ends_);
  std::vector<Hash256> digests(messages.size());
  crypto_.sha256(messages, digests);
  for (std::size_t i = 0; i < digests.size(); ++i) nodes_[unhashed_leaves_[i]].hash = digests[i];
  unhashed_leaves_.clear();
  value_ends_.clear();
  values_.clear();
}

void Forest::hash_changes() {
  if (!unhashed_leaves_.empty()) hash_values();
  std::erase_if(stale_, [&](Slot slot) { return nodes_[slot].has(Node::kRetired); });
  // A counting sort by height: a node's hash needs those below it.
  std::vector<std::uint8_t> heights;
  heights.reserve(stale_.size());
  std::array<std::size_t, 256> ends{};
  for (const Slot slot : stale_) {
    heights.push_back(nodes_[slot].height);
    ++ends[heights.back()];
  }
  for (std::size_t height = 1; height < ends.size(); ++height) ends[height] += ends[height - 1];
  std::vector<Slot> sorted(stale_.size());
  std::array<std::size_t, 256> next = ends;
  for (std::size_t i = stale_.size(); i-- > 0;) sorted[--next[heights[i]]] = stale_[i];
  for (std::size_t height = 0; height < ends.size(); ++height) {
    if (next[height] == ends[height]) continue;
    hash_level(std::span(sorted).subspan(next[height], ends[height] - next[height]));
  }
  stale_.clear();
  for (const Slot slot : released_) nodes_.release(slot);
  released_.clear();
}

/// Hashes nodes of one height.
void Forest::hash_level(std::span<const Slot> level) {
  Bytes messages;
  std::vector<std::size_t> ends;
  std::vector<Hash256> digests;
  while (!level.empty()) {
    const auto some = level.first(std::min(level.size(), kNodesPerBatch));
    level = level.subspan(some.size());
    messages.clear();
    messages.reserve(some.size() * kMaxInnerBytes);
    ends.clear();
    for (std::size_t i = 0; i < some.size(); ++i) {
      prefetch_ahead(nodes_, some, i);
      append_message(messages, nodes_, nodes_[some[i]]);
      ends.push_back(messages.size());
    }
    digests.resize(some.size());
    crypto_.sha256(views_of(messages, ends), digests);
    for (std::size_t i = 0; i < some.size(); ++i) {
      Node& node = nodes_[some[i]];
      node.hash = digests[i];
      node.flags &= static_cast<std::uint8_t>(~Node::kStale);
    }
  }
}

Hash256 Forest::root(TreeIndex tree) const {
  return roots_[tree] == kNoSlot ? kEmptyRoot : nodes_[roots_[tree]].hash;
}

std::uint64_t Forest::leaf_count(TreeIndex tree) const {
  return roots_[tree] == kNoSlot ? 0 : nodes_[roots_[tree]].leaf_count;
}

}  // namespace buri::consensus::iavl
