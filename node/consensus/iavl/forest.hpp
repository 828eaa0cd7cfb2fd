#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "accel/engine.hpp"
#include "node/consensus/iavl/node_arena.hpp"
#include "node/consensus/iavl/page.hpp"
#include "node/storage/database.hpp"

/// The IAVL trees of a multistore in one arena: shape and hashes as github.com/cosmos/iavl v1 makes
/// them (spec/heimdall.md 3). Nodes are read from pages when a walk needs them and dropped again
/// when memory runs short. Changed nodes are hashed level by level, all trees in one batch per
/// level, and written to pages from time to time: an anchor is a height whose trees stand whole on
/// disk. Heights between anchors are the changes since, applied again (multistore.hpp keeps them).
/// Private to node/consensus/iavl.
///
/// Writing an anchor goes on in slices while later heights are applied. Meanwhile nodes of earlier
/// epochs are not changed but replaced, because the anchor still needs them as they are.

namespace buri::consensus::iavl {

/// Which tree of the forest.
using TreeIndex = std::uint32_t;

/// The trees of a height that stand on disk.
struct Anchor {
  std::int64_t height = 0;
  PageId next_page = 1;              ///< pages from here on belong to later anchors
  std::vector<PageReference> roots;  ///< one per tree
};

/// What a node's hash commits to besides its child on the way: a step of a proof's path.
struct PathStep {
  std::uint8_t height = 0;
  std::uint64_t leaf_count = 0;
  std::int64_t version = 0;
  bool child_is_left = false;
  Hash256 sibling;
};

/// A leaf and the way to it.
struct LeafPath {
  Bytes key;
  std::int64_t version = 0;
  std::vector<PathStep> steps;  ///< from the leaf's parent to the root
};

/// What stands at and around a key.
struct Surroundings {
  std::optional<LeafPath> at;
  std::optional<LeafPath> left;   ///< the greatest smaller key; unset if `at` is set
  std::optional<LeafPath> right;  ///< the smallest greater key; unset if `at` is set
};

/// Where pages are read from.
struct PageSource {
  const storage::Database* database = nullptr;
  storage::Family pages;
};

/// A node as a walk over a whole tree shows it.
struct VisitedNode {
  bool is_leaf = false;
  std::int64_t version = 0;
  ByteView key;  ///< of an inner node the smallest on its right; holds until the visit returns
};

/// Why nodes do not make an IAVL tree.
enum class BuildFault : std::uint8_t { kKeySize, kOrder, kChildren, kBalance, kUnjoined };
/// What the fault means, for people.
std::string_view describe(BuildFault fault);

/// See the top of this file. After an error it can only be thrown away. Not thread-safe.
class Forest {
 public:
  /// The trees of `anchor`; nothing is read yet. Everything given outlives the forest.
  Forest(accel::Engine& crypto, PageSource source, const Anchor& anchor);

  /// Brings the ways to keys that are about to be changed into memory and the processor's caches,
  /// many at a time. Changes nothing else.
  Status<storage::StorageError> warm(TreeIndex tree, std::span<const ByteView> keys);
  /// Sets `key` at `version`. `value` is hashed or copied before the call returns. Tells the
  /// version of the leaf it replaces. REQUIRES: key.size() <= kMaxKeyBytes.
  Result<std::optional<std::int64_t>, storage::StorageError> set(TreeIndex tree, ByteView key,
                                                                 ByteView value,
                                                                 std::int64_t version);
  /// Removes `key`; nodes that change get `version`. False if there is no such key.
  Result<bool, storage::StorageError> remove(TreeIndex tree, ByteView key, std::int64_t version);

  /// Hashes every changed node. REQUIRES: called before root(), surroundings() and freeze().
  void hash_changes();
  /// sha256("") of an empty tree.
  [[nodiscard]] Hash256 root(TreeIndex tree) const;
  [[nodiscard]] std::uint64_t leaf_count(TreeIndex tree) const;
  Result<Surroundings, storage::StorageError> surroundings(TreeIndex tree, ByteView key);

  using Visit = std::function<Status<storage::StorageError>(const VisitedNode& node)>;
  /// Visits every node of a tree, children before their parent, left before right; what it reads
  /// it drops again. REQUIRES: nothing unhashed; nothing is changed meanwhile.
  Status<storage::StorageError> visit(TreeIndex tree, const Visit& visit);
  /// Builds a tree that is empty so far from its nodes in that order. spill() may be called
  /// between. REQUIRES: one tree after the other; after a fault the forest is thrown away.
  Status<BuildFault> build_leaf(ByteView key, ByteView value, std::int64_t version);
  Status<BuildFault> build_inner(std::int64_t version);
  /// What was built becomes the tree; nothing was: it stays empty.
  Status<BuildFault> build_end(TreeIndex tree);

  /// Begins an anchor of the trees as they are. REQUIRES: !freezing(), nothing unhashed.
  void freeze(std::int64_t height);
  [[nodiscard]] bool freezing() const { return freezing_; }
  /// Adds up to `max_pages` pages of the anchor or spill to `batch`; true when none is left.
  bool write_pages(storage::Batch& batch, std::size_t max_pages);
  /// Ends the anchor after its last page. `dead_pages`: those that the anchor before needed and
  /// this one does not.
  Anchor finish(std::vector<PageId>& dead_pages);
  /// Begins to write the trees as they are to pages that belong to the next anchor, which stays to
  /// be made: for more changes at one height than memory holds. REQUIRES: !freezing(), nothing
  /// unhashed; nothing is changed until write_pages() is through.
  void spill();

  /// Drops nodes that stand on disk and were not visited lately, until `max_nodes` are left or none
  /// can be dropped. Does nothing while freezing.
  void evict(std::size_t max_nodes);
  [[nodiscard]] std::size_t resident_nodes() const { return nodes_.used(); }
  /// Nodes changed since the last freeze.
  [[nodiscard]] std::size_t changed_nodes() const { return changed_nodes_; }

 private:
  struct Edit;

  // forest_edit.cpp
  Slot set_below(Slot at, Edit& edit);
  Slot split_leaf(Slot at, int order, Edit& edit);
  Slot remove_below(Slot at, Edit& edit);
  Slot new_leaf(const Edit& edit);
  Slot own(Slot at, std::int64_t version);
  void retire(Slot at);
  void update(Slot at);
  [[nodiscard]] int balance_of(Slot at) const;
  Slot balance(Slot at, std::int64_t version);
  Slot rotate(Slot at, bool to_right, std::int64_t version);
  void mark_stale(Slot at);
  void add_value(Slot leaf, ByteView value);

  // forest_stream.cpp
  /// The root of a subtree that has no parent yet.
  struct Built {
    Slot slot = kNoSlot;
    Bytes smallest;  ///< its smallest key
  };
  Status<storage::StorageError> visit_below(Slot at, const Visit& visit);

  // forest_hash.cpp
  void hash_values();
  void hash_level(std::span<const Slot> level);

  // forest_pages.cpp
  /// Makes sure that `at` is no stub; false, and failure_ says why, if its page cannot be had.
  bool load(Slot at) {
    Node& node = nodes_[at];
    node.flags |= Node::kUsed;
    return node.has(Node::kLoaded) || read_page(at);
  }
  bool read_page(Slot at);
  PageId page_of(Slot at);
  void collapse(Slot at);
  void release_below(Slot at);

  // forest_path.cpp
  LeafPath leaf_path(std::span<const Slot> way) const;
  std::optional<LeafPath> neighbour(std::vector<Slot> way, bool to_right);

  accel::Engine& crypto_;
  PageSource source_;
  NodeArena nodes_;
  std::vector<Slot> roots_;
  PageId next_page_;
  std::optional<storage::StorageError> failure_;  ///< of the last load()
  Bytes page_bytes_;

  std::uint32_t epoch_ = 1;
  std::size_t changed_nodes_ = 0;
  std::vector<Slot> stale_;            ///< to be hashed; may name retired nodes
  std::vector<Slot> released_;         ///< to be released once stale_ is empty
  std::vector<Slot> unhashed_leaves_;  ///< whose values stand in values_, in order
  std::vector<std::size_t> value_ends_;
  Bytes values_;

  std::vector<Built> building_;
  Bytes last_built_key_;

  bool freezing_ = false;
  Anchor anchor_;                   ///< being written
  std::vector<Slot> unwritten_;     ///< roots of pages that have their numbers
  std::vector<Slot> replaced_;      ///< nodes that only the anchor needs
  std::vector<PageId> dead_pages_;  ///< not needed by the next anchor
  std::vector<PageId> anchor_dead_pages_;
  Slot hand_ = 1;  ///< of the eviction clock
};

}  // namespace buri::consensus::iavl
