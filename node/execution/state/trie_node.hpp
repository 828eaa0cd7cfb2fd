#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "node/execution/state/nibbles.hpp"

/// Nodes of the Merkle Patricia trie as bytes (yellow paper, appendix D). The decoder accepts what
/// an update of a trie writes and nothing else, so that a node has one form.

namespace buri::execution::state {

/// The root of a trie without entries: keccak256 of the empty string's RLP.
inline constexpr Hash256 kEmptyRoot{{0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6,
                                     0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e,
                                     0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0,
                                     0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21}};

/// How a node names a child: by its hash, or, where its encoding has less than 32 bytes, by that.
class NodeReference {
 public:
  NodeReference() = default;
  static NodeReference to_hash(const Hash256& hash);
  /// REQUIRES: 0 < node.size() < 32.
  static NodeReference to_embedded(ByteView node);

  [[nodiscard]] bool is_empty() const { return length_ == 0; }
  [[nodiscard]] bool is_hash() const { return length_ == Hash256::kSize; }
  /// Whether it is the hash of that node.
  [[nodiscard]] bool is_hash_of(ByteView node) const;
  /// The hash, or the embedded node; borrows.
  [[nodiscard]] ByteView bytes() const { return ByteView(bytes_).first(length_); }

  friend bool operator==(const NodeReference&, const NodeReference&) = default;

 private:
  std::uint8_t length_ = 0;
  std::array<std::uint8_t, Hash256::kSize> bytes_{};
};

/// How many children a branch has room for: one a nibble.
inline constexpr std::size_t kBranchWidth = 16;

using NodeChildren = std::array<NodeReference, kBranchWidth>;

/// A decoded node.
struct TrieNode {
  enum class Kind : std::uint8_t { kLeaf, kExtension, kBranch };

  Kind kind = Kind::kLeaf;
  Bytes path;                              ///< of leaves and extensions; an extension's has nibbles
  Bytes value;                             ///< a leaf's; a branch's own, empty if it has none
  NodeReference child;                     ///< an extension's
  std::unique_ptr<NodeChildren> children;  ///< a branch's
};

/// Which rule a node breaks.
enum class NodeError : std::uint8_t {
  kBadRlp,           ///< not one RLP list, or a list where bytes belong
  kItemCount,        ///< neither 2 nor 17 items
  kBadPath,          ///< a hex-prefix string that no writer makes
  kEmptyPath,        ///< an extension without nibbles
  kEmptyValue,       ///< a leaf without a value
  kBadReference,     ///< neither empty, nor 32 bytes, nor a shorter node that is itself in order
  kExtensionTarget,  ///< an extension that leads to no branch
  kThinBranch,       ///< a branch with less than two entries
};

/// Lower-case words for reports: "a branch with less than two entries".
std::string_view describe(NodeError error);

/// Reads a node. What an embedded child must be is checked as well; a child named by hash is
/// unknown here. Thread-safe.
Result<TrieNode, NodeError> decode_node(ByteView encoded);

/// Write nodes; decode_node() accepts what keeps its rules. Thread-safe.
Bytes encode_leaf(PathView path, ByteView value);
Bytes encode_extension(PathView path, const NodeReference& child);
Bytes encode_branch(std::span<const NodeReference, kBranchWidth> children, ByteView value);
Bytes encode_node(const TrieNode& node);

}  // namespace buri::execution::state
