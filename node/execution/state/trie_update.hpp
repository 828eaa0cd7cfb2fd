#pragma once

#include <deque>
#include <span>
#include <vector>

#include "node/execution/state/node_io.hpp"
#include "node/execution/state/trie_node.hpp"

/// Many changes to a trie at once: nodes are loaded where the changes lead, the dirty ones hashed
/// level by level, over any number of tries in the same batches (trie_hash.hpp).

namespace buri::execution::state {

/// What becomes of one key. Borrows.
struct TrieChange {
  ByteView key;
  ByteView value;  ///< empty: the key goes
  /// What the trie holds at the key; spares the read of its leaf. Empty: nothing, or not known.
  ByteView before = {};
};
/// Borrows.
std::vector<TrieChange> trie_changes(std::span<const LeafChange> changes);

/// Which nodes an update hands over.
enum class WrittenNodes : std::uint8_t {
  kAll,
  kAllButLeaves,  ///< leaves are neither put nor removed
};

/// A trie as it becomes. Use: apply() any number of times, hash_tries(), then root() and write().
/// Not thread-safe; different updates may run in different threads.
class TrieUpdate {
 public:
  /// `root` is the trie's hash, kEmptyRoot for none. `source` must outlive the update.
  TrieUpdate(const Hash256& root, const NodeSource& source);

  /// Applies changes. Errors: those of the source, and kCorruption where a node is missing or
  /// malformed; then the update must not be used any more.
  /// REQUIRES: keys ascend strictly and have at most 127 bytes.
  Status<StateError> apply(std::span<const TrieChange> changes);

  /// Whether anything is different from the trie that was begun with.
  [[nodiscard]] bool is_changed() const { return is_changed_; }
  /// REQUIRES: hash_tries() came after the last apply().
  [[nodiscard]] Hash256 root() const;
  /// Hands over the nodes that are new or gone. REQUIRES: as root().
  void write(NodeSink& sink, WrittenNodes which = WrittenNodes::kAll) const;

 private:
  friend class LevelHasher;

  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// A place for a node in its parent: as stored, and where it lies once loaded.
  struct Link {
    NodeReference stored;  ///< of a dirty node: valid once it is hashed
    std::uint32_t node = kNone;

    [[nodiscard]] bool is_empty() const { return node == kNone && stored.is_empty(); }
  };
  using Links = std::array<Link, 16>;

  struct Node {
    TrieNode::Kind kind = TrieNode::Kind::kLeaf;
    bool dirty = false;
    Bytes path;
    Bytes value;
    Link child;
    std::unique_ptr<Links> children;
    Bytes encoded;  ///< of a dirty node, once hashed
  };
  /// A key and value on their way into the trie; `path` is the whole key's.
  struct Entry {
    PathView path;
    ByteView value;
    ByteView before;
  };
  using Entries = std::span<const Entry>;
  /// A node that stands in the store on its own, where it was found.
  struct Loaded {
    Bytes path;
    std::uint32_t node;
  };

  Result<std::uint32_t, StateError> load(Link& link);
  /// Loads the node at `link` without the source, if it is the leaf that the entry's key has.
  void recognise_leaf(Link& link, const Entry& entry);
  std::uint32_t adopt(TrieNode&& decoded);
  std::uint32_t add(TrieNode::Kind kind);
  static bool is_written(const Node& node, WrittenNodes which) {
    return which == WrittenNodes::kAll || node.kind != TrieNode::Kind::kLeaf;
  }
  static Link link_to(std::uint32_t node) { return {{}, node}; }

  /// Each returns whether the subtree at `link` changed. `path_` is where the link is.
  Result<bool, StateError> change(Link& link, Entries entries);
  Result<bool, StateError> change_leaf(Link& link, Entries entries);
  Result<bool, StateError> change_extension(Link& link, Entries entries);
  Result<bool, StateError> change_branch(Link& link, Entries entries);
  Result<bool, StateError> split_extension(Link& link, std::size_t shared, Entries entries);

  /// A subtree of entries alone, those without value left out.
  Link build(Entries entries);
  Link build_present(Entries entries, std::size_t depth);
  Link build_branch(Entries entries, std::size_t depth);

  /// Brings a changed branch or extension into the one form that its content allows.
  Status<StateError> settle_branch(Link& link);
  Status<StateError> settle_extension(Link& link);
  /// Puts nibbles before a subtree: into its leaf or extension, or as an extension.
  Status<StateError> prepend(PathView nibbles, Link& link);

  template <class Visit>
  void visit_below(const Link& link, Bytes& path, WrittenNodes which, const Visit& visit) const;

  const NodeSource& source_;
  Link root_;
  std::deque<Node> nodes_;
  std::vector<Loaded> loaded_;
  Bytes path_;  ///< of the link that is being changed
  bool is_changed_ = false;
  bool is_hashed_ = true;
};

}  // namespace buri::execution::state
