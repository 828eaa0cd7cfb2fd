#pragma once

#include "node/consensus/iavl/forest.hpp"
#include "node/consensus/iavl/multistore.hpp"

/// What proofs and exports of kept heights share. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// What a kept height is made anew from, kept readable by `held`.
struct Multistore::ReplayStart {
  Anchor anchor;
  std::int64_t from;  ///< changes after this height are replayed
  std::unique_ptr<View> held;
};

}  // namespace buri::consensus::iavl
