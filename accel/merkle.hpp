#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accel/hasher.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

/// The two binary trees of the protocol, hashed level by level in batches: the checkpoint tree of
/// RootChain (Keccak-256; spec rootchain 3) and the tree of CometBFT (RFC 6962, SHA-256; spec
/// cometbft 2.2). The hasher decides how fast, never what.

namespace buri::accel {

/// Why a Merkle proof is refused. Where several rules are broken the first in this order is
/// reported.
enum class ProofError : std::uint8_t {
  kTooManyNodes,     ///< more sibling hashes than any tree may need
  kIndexOutOfRange,  ///< the index names no leaf of such a tree
  kWrongNodeCount,   ///< RFC 6962: the number of aunts does not fit total and index
  kWrongLeafHash,    ///< RFC 6962: the proof is for another leaf
  kWrongRoot,        ///< the path leads elsewhere
};

/// Lower-case words for reports: "index out of range".
std::string_view proof_error_text(ProofError error);

// Checkpoint tree: leaves are taken as they are, padded with zero leaves to a power of two; a
// parent is keccak256(left || right); one leaf is its own root.

/// Root over `leaves`. REQUIRES: leaves not empty.
Hash256 checkpoint_root(std::span<const Hash256> leaves, const Hasher& hasher);

/// Siblings of leaf `index` and of its ancestors, lowest first; none in a tree of one leaf.
/// REQUIRES: index < leaves.size().
std::vector<Hash256> checkpoint_proof(std::span<const Hash256> leaves, std::size_t index,
                                      const Hasher& hasher);

/// Checks a proof as the L1 contract does (contracts/common/lib/Merkle.sol): index must be below
/// 2 to the number of siblings; where it is even the node is the left one. Refuses more than 63
/// siblings.
Status<ProofError> verify_checkpoint_proof(const Hash256& leaf, std::uint64_t index,
                                           std::span<const Hash256> siblings, const Hash256& root);

// RFC 6962 tree: leaf hash sha256(0x00 || leaf), parent sha256(0x01 || left || right), split at the
// largest power of two below the number of leaves; no leaves: sha256("").

/// Root over raw leaves; empty is allowed.
Hash256 rfc6962_root(std::span<const ByteView> leaves, const Hasher& hasher);

/// Hash of every raw leaf. REQUIRES: hashes.size() == leaves.size().
void rfc6962_leaf_hashes(std::span<const ByteView> leaves, std::span<Hash256> hashes,
                         const Hasher& hasher);

/// A proof that a leaf is in a tree, with CometBFT's fields and their order.
struct Rfc6962Proof {
  std::int64_t total = 0;  ///< leaves of the tree
  std::int64_t index = 0;
  Hash256 leaf_hash;
  std::vector<Hash256> aunts;  ///< siblings of the leaf and of its ancestors, lowest first

  static constexpr std::size_t kMaxAunts = 100;  ///< crypto/merkle/proof.go, MaxAunts

  friend bool operator==(const Rfc6962Proof&, const Rfc6962Proof&) = default;
};

/// Proofs of all leaves at once, in their order.
std::vector<Rfc6962Proof> rfc6962_proofs(std::span<const ByteView> leaves, const Hasher& hasher);

/// The root that `proof` leads to from its leaf hash, or why it leads nowhere.
Result<Hash256, ProofError> rfc6962_root_from_proof(const Rfc6962Proof& proof);

/// Checks that `leaf` is where `proof` says, below `root`.
Status<ProofError> verify_rfc6962_proof(const Rfc6962Proof& proof, ByteView leaf,
                                        const Hash256& root);

}  // namespace buri::accel
