#include "node/execution/chain/trie_root.hpp"

#include <algorithm>
#include <array>

#include "accel/hasher.hpp"
#include "base/codec/rlp.hpp"
#include "node/execution/chain/header.hpp"

namespace buri::execution::chain {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

std::uint8_t nibble_at(const Bytes& key, std::size_t index) {
  const std::uint8_t byte = key[index / 2];
  return index % 2 == 0 ? byte >> 4 : byte & 15;
}

/// Hex-prefix encoding of the nibbles [begin, end): their parity and whether they end in a value.
Bytes hex_prefix(const Bytes& key, std::size_t begin, std::size_t end, bool is_leaf) {
  const bool is_odd = (end - begin) % 2 == 1;
  std::uint8_t first = is_leaf ? 0x20 : 0;
  if (is_odd) first |= 0x10 | nibble_at(key, begin++);
  Bytes encoded{first};
  for (; begin < end; begin += 2) {
    encoded.push_back(
        static_cast<std::uint8_t>(nibble_at(key, begin) << 4 | nibble_at(key, begin + 1)));
  }
  return encoded;
}

/// A trie under construction: first its shape from the root down, then its hashes from below.
class Builder {
 public:
  explicit Builder(std::span<const TrieEntry> entries) : entries_(entries) {}

  Hash256 root() {
    add_node(0, entries_.size(), 0);
    for (std::vector<std::uint32_t>& level : levels_) hash(level);
    const Node& top = nodes_.front();
    if (top.encoded.size() >= 32) return top.digest;
    Hash256 digest;
    const ByteView message = top.encoded;
    accel::best_hasher().keccak256_batch({&message, 1}, {&digest, 1});
    return digest;
  }

 private:
  /// A leaf, or a branch with the nibbles that lead to it from [begin, end).
  struct Node {
    std::size_t entry = 0;  ///< one whose key passes here
    std::size_t path_begin = 0;
    std::size_t path_end = 0;
    bool is_leaf = false;
    std::array<std::uint32_t, 16> children{};
    Bytes encoded{};   ///< with the extension, if there is one
    Hash256 digest{};  ///< if it is not shorter than a hash
  };

  /// The trie of entries [first, last) below `depth` nibbles; returns its height.
  std::size_t add_node(std::size_t first, std::size_t last, std::size_t depth) {
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    Node node{.entry = first, .path_begin = depth, .path_end = entries_[first].key.size() * 2};
    node.is_leaf = last - first == 1;
    node.children.fill(kNone);
    nodes_.push_back(node);
    if (node.is_leaf) return place(index, 0);
    std::size_t end = depth;
    const Bytes& low = entries_[first].key;
    const Bytes& high = entries_[last - 1].key;
    while (nibble_at(low, end) == nibble_at(high, end)) ++end;
    nodes_[index].path_end = end;
    std::size_t height = 0;
    while (first < last) {
      const std::uint8_t nibble = nibble_at(entries_[first].key, end);
      std::size_t next = first + 1;
      while (next < last && nibble_at(entries_[next].key, end) == nibble) ++next;
      nodes_[index].children[nibble] = static_cast<std::uint32_t>(nodes_.size());
      height = std::max(height, add_node(first, next, end + 1));
      first = next;
    }
    return place(index, height + 1);
  }

  std::size_t place(std::uint32_t index, std::size_t height) {
    if (levels_.size() <= height) levels_.resize(height + 1);
    levels_[height].push_back(index);
    return height;
  }

  /// A node as its parent holds it: short ones in place, others by hash.
  static void refer(RlpWriter& writer, const Bytes& encoded, const Hash256& digest) {
    encoded.size() < 32 ? writer.encoded(encoded) : writer.bytes(digest);
  }

  void encode(Node& node) const {
    const TrieEntry& entry = entries_[node.entry];
    RlpWriter writer;
    if (node.is_leaf) {
      writer.bytes(hex_prefix(entry.key, node.path_begin, node.path_end, true)).bytes(entry.value);
    } else {
      for (const std::uint32_t child : node.children) {
        if (child == kNone) {
          writer.bytes({});
        } else {
          refer(writer, nodes_[child].encoded, nodes_[child].digest);
        }
      }
      writer.bytes({});
    }
    node.encoded = writer.as_list();
  }

  void hash_batch(std::span<const std::uint32_t> level) {
    std::vector<ByteView> messages;
    std::vector<Node*> targets;
    for (const std::uint32_t index : level) {
      Node& node = nodes_[index];
      if (node.encoded.size() < 32) continue;
      messages.emplace_back(node.encoded);
      targets.push_back(&node);
    }
    std::vector<Hash256> digests(messages.size());
    accel::best_hasher().keccak256_batch(messages, digests);
    for (std::size_t i = 0; i < targets.size(); ++i) targets[i]->digest = digests[i];
  }

  void hash(std::span<const std::uint32_t> level) {
    for (const std::uint32_t index : level) encode(nodes_[index]);
    hash_batch(level);
    std::vector<std::uint32_t> extended;
    for (const std::uint32_t index : level) {
      Node& node = nodes_[index];
      if (node.is_leaf || node.path_begin == node.path_end) continue;
      RlpWriter writer;
      writer.bytes(hex_prefix(entries_[node.entry].key, node.path_begin, node.path_end, false));
      refer(writer, node.encoded, node.digest);
      node.encoded = writer.as_list();
      extended.push_back(index);
    }
    hash_batch(extended);
  }

  std::span<const TrieEntry> entries_;
  std::vector<Node> nodes_;
  std::vector<std::vector<std::uint32_t>> levels_;  ///< by height over the leaves
};

}  // namespace

Hash256 trie_root(std::vector<TrieEntry> entries) {
  if (entries.empty()) return kEmptyTrieRoot;
  std::ranges::sort(entries, {}, &TrieEntry::key);
  return Builder(entries).root();
}

Hash256 list_root(std::span<const Bytes> values) {
  std::vector<TrieEntry> entries;
  entries.reserve(values.size());
  for (const Bytes& value : values) {
    entries.push_back({RlpWriter().integer(entries.size()).items(), value});
  }
  return trie_root(std::move(entries));
}

}  // namespace buri::execution::chain
