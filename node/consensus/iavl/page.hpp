#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "node/consensus/iavl/node_arena.hpp"

/// Pages: how nodes stand on disk (docs/formats/iavl-store.md). A page is a subtree's upper part
/// down to the nodes that have pages of their own. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// Nodes of equal height / kPageBandHeights share a page: at the bottom, five to eight leaves and
/// the nodes above them.
inline constexpr unsigned kPageBandHeights = 4;

inline bool same_band(const Node& a, const Node& b) {
  return a.height / kPageBandHeights == b.height / kPageBandHeights;
}

/// What is known of a page without reading it.
struct PageReference {
  PageId page = kNoPage;  ///< kNoPage: the tree is empty
  std::uint8_t height = 0;
  std::uint64_t leaf_count = 0;
  Hash256 hash;

  friend bool operator==(const PageReference&, const PageReference&) = default;
};

void append_reference(Bytes& target, const PageReference& reference);
/// Takes a reference from the front of `bytes`; false if its form is wrong.
bool take_reference(ByteView& bytes, PageReference& reference);

/// Appends the page whose root is `root`. Children in another band and children that are roots of
/// pages are written as references. REQUIRES: those have pages, nothing in the page is stale.
void append_page(Bytes& target, const NodeArena& nodes, Slot root);

/// Makes the stub `root` the root of the nodes that `bytes` hold; children beyond the page become
/// stubs. False, and nothing but unused nodes allocated, if the bytes are not a page with that
/// root: heights, bands,
/// leaf count and balance are checked.
bool load_page(NodeArena& nodes, Slot root, ByteView bytes);

}  // namespace buri::consensus::iavl
