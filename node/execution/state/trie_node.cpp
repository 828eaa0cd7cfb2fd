#include "node/execution/state/trie_node.hpp"

#include "base/codec/rlp.hpp"
#include "node/execution/evm/keccak.hpp"

namespace buri::execution::state {
namespace {

constexpr std::size_t kBranchItems = kBranchWidth + 1;

// RLP of what a branch is made of.
constexpr std::uint8_t kEmptyString = 0x80;
constexpr std::uint8_t kHashHeader = 0x80 + Hash256::kSize;
constexpr std::size_t kMaxHeaderBytes = 9;

void append_list_header(Bytes& target, std::size_t payload_bytes) {
  constexpr std::size_t kMaxShort = 55;
  if (payload_bytes <= kMaxShort) {
    target.push_back(static_cast<std::uint8_t>(0xc0 + payload_bytes));
    return;
  }
  const Bytes length = U256::from_uint64(payload_bytes).to_minimal_big_endian();
  target.push_back(static_cast<std::uint8_t>(0xf7 + length.size()));
  append(target, length);
}

Result<NodeReference, NodeError> read_reference(const RlpItem& item) {
  if (!item.is_list) {
    if (item.payload.empty()) return NodeReference();
    if (item.payload.size() != Hash256::kSize) return Failure{NodeError::kBadReference};
    return NodeReference::to_hash(Hash256::from(item.payload));
  }
  if (item.encoded.size() >= Hash256::kSize) return Failure{NodeError::kBadReference};
  // Each step down is a shorter string below 32 bytes, which bounds the recursion.
  if (!decode_node(item.encoded).ok()) return Failure{NodeError::kBadReference};
  return NodeReference::to_embedded(item.encoded);
}

Result<TrieNode, NodeError> read_short(const RlpItem& path_item, const RlpItem& second) {
  HexPrefix prefix;
  if (path_item.is_list || !read_hex_prefix(path_item.payload, prefix)) {
    return Failure{NodeError::kBadPath};
  }
  TrieNode node;
  node.path = std::move(prefix.path);
  if (prefix.is_leaf) {
    if (second.is_list) return Failure{NodeError::kBadRlp};
    if (second.payload.empty()) return Failure{NodeError::kEmptyValue};
    node.value.assign(second.payload.begin(), second.payload.end());
    return node;
  }
  node.kind = TrieNode::Kind::kExtension;
  if (node.path.empty()) return Failure{NodeError::kEmptyPath};
  ASSIGN_OR_RETURN(node.child, read_reference(second));
  if (node.child.is_empty()) return Failure{NodeError::kExtensionTarget};
  if (!node.child.is_hash()) {
    const auto target = decode_node(node.child.bytes());
    if (target->kind != TrieNode::Kind::kBranch) return Failure{NodeError::kExtensionTarget};
  }
  return node;
}

Result<TrieNode, NodeError> read_branch(const std::array<RlpItem, kBranchItems>& items) {
  TrieNode node;
  node.kind = TrieNode::Kind::kBranch;
  node.children = std::make_unique<NodeChildren>();
  std::size_t entries = 0;
  for (std::size_t i = 0; i < node.children->size(); ++i) {
    ASSIGN_OR_RETURN((*node.children)[i], read_reference(items[i]));
    if (!(*node.children)[i].is_empty()) ++entries;
  }
  const RlpItem& value = items.back();
  if (value.is_list) return Failure{NodeError::kBadRlp};
  node.value.assign(value.payload.begin(), value.payload.end());
  if (!node.value.empty()) ++entries;
  if (entries < 2) return Failure{NodeError::kThinBranch};
  return node;
}

void append_reference(RlpWriter& writer, const NodeReference& reference) {
  if (reference.is_empty() || reference.is_hash()) {
    writer.bytes(reference.bytes());
  } else {
    writer.encoded(reference.bytes());
  }
}

}  // namespace

NodeReference NodeReference::to_hash(const Hash256& hash) {
  NodeReference reference;
  reference.length_ = Hash256::kSize;
  reference.bytes_ = hash.bytes;
  return reference;
}

NodeReference NodeReference::to_embedded(ByteView node) {
  CHECK(!node.empty() && node.size() < Hash256::kSize, "a node is embedded that has its own hash");
  NodeReference reference;
  reference.length_ = static_cast<std::uint8_t>(node.size());
  std::memcpy(reference.bytes_.data(), node.data(), node.size());
  return reference;
}

bool NodeReference::is_hash_of(ByteView node) const {
  return is_hash() && equal(evm::keccak256(node), bytes());
}

std::string_view describe(NodeError error) {
  switch (error) {
    case NodeError::kBadRlp:
      return "not the RLP of a node";
    case NodeError::kItemCount:
      return "neither 2 nor 17 items";
    case NodeError::kBadPath:
      return "a path that no writer makes";
    case NodeError::kEmptyPath:
      return "an extension without nibbles";
    case NodeError::kEmptyValue:
      return "a leaf without a value";
    case NodeError::kBadReference:
      return "a reference that is neither empty nor a hash nor a short node";
    case NodeError::kExtensionTarget:
      return "an extension that leads to no branch";
    case NodeError::kThinBranch:
      return "a branch with less than two entries";
  }
  return "unknown";
}

Result<TrieNode, NodeError> decode_node(ByteView encoded) {
  auto list = decode_rlp_list(encoded);
  if (!list.ok()) return Failure{NodeError::kBadRlp};
  std::array<RlpItem, kBranchItems> items;
  std::size_t count = 0;
  for (; !list->at_end(); ++count) {
    if (count == items.size()) return Failure{NodeError::kItemCount};
    const auto item = list->next();
    if (!item.ok()) return Failure{NodeError::kBadRlp};
    items[count] = item.value();
  }
  if (count == 2) return read_short(items[0], items[1]);
  if (count == kBranchItems) return read_branch(items);
  return Failure{NodeError::kItemCount};
}

Bytes encode_leaf(PathView path, ByteView value) {
  Bytes prefix;
  append_hex_prefix(prefix, path, true);
  return RlpWriter().bytes(prefix).bytes(value).as_list();
}

Bytes encode_extension(PathView path, const NodeReference& child) {
  Bytes prefix;
  append_hex_prefix(prefix, path, false);
  RlpWriter writer;
  writer.bytes(prefix);
  append_reference(writer, child);
  return writer.as_list();
}

/// Written in one piece, because most of what a block writes is branches.
Bytes encode_branch(std::span<const NodeReference, kBranchWidth> children, ByteView value) {
  const Bytes last = RlpWriter().bytes(value).items();
  std::size_t payload = last.size();
  for (const NodeReference& child : children) {
    payload += child.bytes().size() + (child.is_hash() || child.is_empty() ? 1 : 0);
  }
  Bytes node;
  node.reserve(payload + kMaxHeaderBytes);
  append_list_header(node, payload);
  for (const NodeReference& child : children) {
    if (child.is_hash()) node.push_back(kHashHeader);
    if (child.is_empty()) node.push_back(kEmptyString);
    append(node, child.bytes());
  }
  append(node, last);
  return node;
}

Bytes encode_node(const TrieNode& node) {
  switch (node.kind) {
    case TrieNode::Kind::kLeaf:
      return encode_leaf(node.path, node.value);
    case TrieNode::Kind::kExtension:
      return encode_extension(node.path, node.child);
    case TrieNode::Kind::kBranch:
      break;
  }
  return encode_branch(*node.children, node.value);
}

}  // namespace buri::execution::state
