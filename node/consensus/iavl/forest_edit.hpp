#pragma once

#include "node/consensus/iavl/forest.hpp"

/// What forest_edit.cpp and forest_stream.cpp share. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// One set() or remove() on its way down and up.
struct Forest::Edit {
  ByteView key;
  ByteView value;
  std::int64_t version = 0;
  std::optional<std::int64_t> old_version;  ///< of the leaf that was replaced or removed
  /// Of a removal from the left end of a subtree: the subtree's new smallest key, for the nearest
  /// node that has it on its right. Borrows from a node that is released later.
  std::optional<ByteView> new_smallest;
};

}  // namespace buri::consensus::iavl
