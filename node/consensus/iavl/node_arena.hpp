#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.hpp"

/// Nodes of IAVL trees in memory: two cache lines each, addressed by slot, recycled without
/// touching the heap. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// Names a node of an arena. Slots are reused once released.
using Slot = std::uint32_t;
inline constexpr Slot kNoSlot = 0;

/// Names a page on disk: a run of neighbouring nodes (page.hpp). Never reused.
using PageId = std::uint64_t;
inline constexpr PageId kNoPage = 0;

/// A leaf, an inner node, or a stub: the root of a page that is not in memory, of which only
/// height, leaf count, hash and page are known. The first line is what a walk by key reads.
struct alignas(64) Node {
  static constexpr std::size_t kInlineKeyBytes = 48;
  // Flags.
  static constexpr std::uint8_t kLoaded = 1;   ///< no stub
  static constexpr std::uint8_t kStale = 2;    ///< `hash` is not this node's yet
  static constexpr std::uint8_t kRetired = 4;  ///< no longer in the newest tree
  static constexpr std::uint8_t kUsed = 8;     ///< visited since the eviction hand came by
  static constexpr std::uint8_t kFree = 16;    ///< on the free list

  Slot left = kNoSlot;
  Slot right = kNoSlot;
  std::uint32_t epoch = 0;  ///< in which it last changed; see Forest
  std::uint8_t height = 0;  ///< 0 for a leaf
  std::uint8_t flags = 0;
  std::uint16_t key_bytes = 0;
  /// A leaf's key, or the smallest key of an inner node's right subtree; longer keys stand on the
  /// heap and their address here.
  std::array<std::uint8_t, kInlineKeyBytes> key_space{};

  Hash256 hash;  ///< of a stale leaf: sha256 of its value
  std::int64_t version = 0;
  std::uint64_t leaf_count = 1;
  PageId page = kNoPage;  ///< the page that this node is the root of

  [[nodiscard]] bool is_leaf() const { return height == 0; }
  [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};
static_assert(sizeof(Node) == 128);

/// Longest key of a node.
inline constexpr std::size_t kMaxKeyBytes = 0xFFFF;

/// Owns nodes. References stay valid until their slot is released. Not thread-safe.
class NodeArena {
 public:
  NodeArena() = default;
  NodeArena(const NodeArena&) = delete;
  NodeArena& operator=(const NodeArena&) = delete;
  ~NodeArena();

  [[nodiscard]] Node& operator[](Slot slot) {
    return chunks_[slot / kChunkNodes][slot % kChunkNodes];
  }
  [[nodiscard]] const Node& operator[](Slot slot) const {
    return chunks_[slot / kChunkNodes][slot % kChunkNodes];
  }

  /// Asks for a node's two cache lines ahead of their use.
  void prefetch(Slot slot) const {
    const auto* line = reinterpret_cast<const std::uint8_t*>(&(*this)[slot]);
    __builtin_prefetch(line);
    __builtin_prefetch(line + 64);
  }

  /// A fresh node without key.
  Slot allocate();
  void release(Slot slot);

  [[nodiscard]] ByteView key(const Node& node) const;
  /// REQUIRES: key.size() <= kMaxKeyBytes; key is not this node's own.
  void set_key(Node& node, ByteView key);

  /// Nodes in use.
  [[nodiscard]] std::size_t used() const { return used_; }
  /// Slots are below this.
  [[nodiscard]] Slot slot_end() const { return slot_end_; }

 private:
  static constexpr std::size_t kChunkNodes = 4096;

  static void drop_key(Node& node);

  std::vector<std::unique_ptr<Node[]>> chunks_;
  Slot free_ = kNoSlot;  ///< chained through Node::left
  Slot slot_end_ = 1;    ///< slot 0 names no node
  std::size_t used_ = 0;
};

}  // namespace buri::consensus::iavl
