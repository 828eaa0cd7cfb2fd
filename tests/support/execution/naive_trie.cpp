#include "tests/support/execution/naive_trie.hpp"

#include <vector>

#include "base/codec/rlp.hpp"
#include "node/execution/evm/keccak.hpp"

namespace buri::testing {
namespace {

struct Leaf {
  Bytes nibbles;
  const Bytes* value;
};
using Leaves = std::span<const Leaf>;

Bytes to_nibbles(ByteView key) {
  Bytes nibbles;
  for (const std::uint8_t byte : key) {
    nibbles.push_back(byte >> 4);
    nibbles.push_back(byte & 15);
  }
  return nibbles;
}

/// Hex-prefix encoding: the path with its parity and whether it ends in a value.
Bytes hex_prefix(ByteView nibbles, bool is_leaf) {
  const bool is_odd = nibbles.size() % 2 == 1;
  Bytes encoded{static_cast<std::uint8_t>((is_leaf ? 0x20 : 0) | (is_odd ? 0x10 | nibbles[0] : 0))};
  for (std::size_t i = is_odd ? 1 : 0; i < nibbles.size(); i += 2) {
    encoded.push_back(static_cast<std::uint8_t>(nibbles[i] << 4 | nibbles[i + 1]));
  }
  return encoded;
}

Bytes encode_node(Leaves leaves, std::size_t depth);

/// A node as its parent holds it: short ones in place, others by hash.
void append_reference(RlpWriter& writer, const Bytes& node) {
  if (node.size() < 32) {
    writer.encoded(node);
  } else {
    writer.bytes(execution::evm::keccak256(node));
  }
}

std::size_t shared_nibbles(Leaves leaves, std::size_t depth) {
  const Bytes& first = leaves.front().nibbles;
  const Bytes& last = leaves.back().nibbles;
  std::size_t end = depth;
  while (end < first.size() && end < last.size() && first[end] == last[end]) ++end;
  return end - depth;
}

Bytes encode_branch(Leaves leaves, std::size_t depth) {
  RlpWriter writer;
  Bytes own_value;
  if (leaves.front().nibbles.size() == depth) {
    own_value = *leaves.front().value;
    leaves = leaves.subspan(1);
  }
  for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
    std::size_t count = 0;
    while (count < leaves.size() && leaves[count].nibbles[depth] == nibble) ++count;
    if (count == 0) {
      writer.bytes({});
      continue;
    }
    append_reference(writer, encode_node(leaves.first(count), depth + 1));
    leaves = leaves.subspan(count);
  }
  return writer.bytes(own_value).as_list();
}

Bytes encode_node(Leaves leaves, std::size_t depth) {
  const Bytes& path = leaves.front().nibbles;
  if (leaves.size() == 1) {
    const Bytes encoded = hex_prefix(ByteView(path).subspan(depth), true);
    return RlpWriter().bytes(encoded).bytes(*leaves.front().value).as_list();
  }
  const std::size_t shared = shared_nibbles(leaves, depth);
  if (shared == 0) return encode_branch(leaves, depth);
  RlpWriter writer;
  writer.bytes(hex_prefix(ByteView(path).subspan(depth, shared), false));
  append_reference(writer, encode_branch(leaves, depth + shared));
  return writer.as_list();
}

}  // namespace

Hash256 naive_trie_root(const std::map<Bytes, Bytes>& entries) {
  if (entries.empty()) return execution::evm::keccak256(RlpWriter().bytes({}).items());
  std::vector<Leaf> leaves;
  for (const auto& [key, value] : entries) leaves.push_back({to_nibbles(key), &value});
  return execution::evm::keccak256(encode_node(leaves, 0));
}

}  // namespace buri::testing
