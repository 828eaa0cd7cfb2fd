#include "node/consensus/iavl/node_arena.hpp"

namespace buri::consensus::iavl {
namespace {

std::uint8_t* heap_key(const Node& node) {
  std::uint8_t* pointer = nullptr;
  std::memcpy(static_cast<void*>(&pointer), node.key_space.data(), sizeof pointer);
  return pointer;
}

}  // namespace

NodeArena::~NodeArena() {
  for (Slot slot = 1; slot < slot_end_; ++slot) drop_key((*this)[slot]);
}

Slot NodeArena::allocate() {
  Slot slot = free_;
  if (slot != kNoSlot) {
    free_ = (*this)[slot].left;
  } else {
    slot = slot_end_++;
    if (slot / kChunkNodes == chunks_.size()) {
      chunks_.push_back(std::make_unique<Node[]>(kChunkNodes));
    }
  }
  (*this)[slot] = Node{};
  ++used_;
  return slot;
}

void NodeArena::release(Slot slot) {
  Node& node = (*this)[slot];
  CHECK(!node.has(Node::kFree), "a node is released once");
  drop_key(node);
  node.flags = Node::kFree;
  node.page = kNoPage;
  node.left = free_;
  free_ = slot;
  --used_;
}

ByteView NodeArena::key(const Node& node) const {
  if (node.key_bytes <= Node::kInlineKeyBytes) return {node.key_space.data(), node.key_bytes};
  return {heap_key(node), node.key_bytes};
}

void NodeArena::set_key(Node& node, ByteView key) {
  CHECK(key.size() <= kMaxKeyBytes, "a key fits a node");
  drop_key(node);
  node.key_bytes = static_cast<std::uint16_t>(key.size());
  if (key.size() <= Node::kInlineKeyBytes) {
    if (!key.empty()) std::memcpy(node.key_space.data(), key.data(), key.size());
    return;
  }
  auto* space = new std::uint8_t[key.size()];
  std::memcpy(space, key.data(), key.size());
  std::memcpy(node.key_space.data(), static_cast<const void*>(&space), sizeof space);
}

void NodeArena::drop_key(Node& node) {
  if (node.key_bytes > Node::kInlineKeyBytes) delete[] heap_key(node);
  node.key_bytes = 0;
}

}  // namespace buri::consensus::iavl
