#pragma once

#include <span>

#include "node/execution/state/trie_update.hpp"

namespace buri::execution::state {

/// Hashes every dirty node of the tries. A level is the nodes of all tries that have the same
/// number of dirty nodes below them on the longest way down; each level is one call of `hash`, the
/// leaves first. Blocks.
void hash_tries(std::span<TrieUpdate* const> tries, const HashBatch& hash);

}  // namespace buri::execution::state
