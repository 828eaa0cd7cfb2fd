#pragma once

#include <string>
#include <vector>

#include "node/consensus/iavl/forest.hpp"
#include "node/consensus/iavl/proof.hpp"

/// ICS-23 proofs out of trees. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// Proves that the leaf that `path` leads to holds `value`.
ExistenceProof tree_proof(const LeafPath& path, Bytes value);

/// The app hash's leaves: name and root of each store, as the SDK's simple map writes them.
std::vector<Bytes> multistore_leaves(const std::vector<std::string>& stores,
                                     const std::vector<Hash256>& roots, accel::Engine& crypto);

/// Proves that the store at `index` has its root, under the app hash.
ExistenceProof multistore_proof(accel::Engine& crypto, const std::vector<std::string>& stores,
                                const std::vector<Hash256>& roots, std::size_t index);

}  // namespace buri::consensus::iavl
