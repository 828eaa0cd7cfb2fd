#pragma once

#include <optional>
#include <span>
#include <vector>

#include "node/execution/state/node_io.hpp"
#include "node/execution/state/trie_node.hpp"

/// Proofs that a trie holds a value at a key, or nothing: the nodes from the root towards the key,
/// as eth_getProof lists them.

namespace buri::execution::state {

/// The nodes that stand on their own from the root of `root` down to where the key's way ends, root
/// first; none of an empty trie. Errors: those of the source, kCorruption.
Result<std::vector<Bytes>, StateError> build_proof(const Hash256& root, const NodeSource& source,
                                                   ByteView key);

/// Why a proof is refused.
enum class TrieProofError : std::uint8_t {
  kMissingNode,  ///< the way goes on where the proof ends
  kWrongHash,    ///< a node is not the one its parent, or the root, names
  kBadNode,      ///< a node that no trie has
  kExtraNode,    ///< nodes behind the end of the way
};

/// Lower-case words for reports: "a node is not the one that its parent names".
std::string_view describe(TrieProofError error);

/// What a trie with that root holds at `key`: a value, or nothing if it holds none.
/// The key is hashed by the caller where the trie is a secure one. Thread-safe.
Result<std::optional<Bytes>, TrieProofError> verify_proof(const Hash256& root, ByteView key,
                                                          std::span<const Bytes> nodes);

}  // namespace buri::execution::state
