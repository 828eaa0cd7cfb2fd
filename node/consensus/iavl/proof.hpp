#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "accel/engine.hpp"
#include "base/bytes.hpp"
#include "base/codec/protobuf_reader.hpp"
#include "base/result.hpp"

/// ICS-23 commitment proofs: what a node answers to an ABCI query with prove=true. A proof of a
/// Heimdall value is two of them: the key in its module's IAVL tree, then the module in the
/// multistore, a simple (RFC 6962) tree whose root is the header's app hash. Rules and encoding:
/// github.com/cosmos/ics23, go/v0.11, proofs.proto and go/{ops,proof}.go; batch and compressed
/// proofs are not read, no Cosmos node answers a query with them.

namespace buri::consensus::iavl {

/// A leaf or inner node's hash recipe. Enumerators of the wire that no tree of Heimdall uses are
/// kept as numbers and refused by the specification check.
struct LeafOp {
  std::uint64_t hash = 0;
  std::uint64_t prehash_key = 0;
  std::uint64_t prehash_value = 0;
  std::uint64_t length = 0;
  Bytes prefix;
};
struct InnerOp {
  std::uint64_t hash = 0;
  Bytes prefix;
  Bytes suffix;

  friend bool operator==(const InnerOp&, const InnerOp&) = default;
};

/// Says that `key` holds `value` under the root that the path climbs to.
struct ExistenceProof {
  Bytes key;
  Bytes value;
  LeafOp leaf;
  std::vector<InnerOp> path;  ///< from the leaf's parent to the root
};

/// Says that nothing stands at `key`: its neighbours exist and touch.
struct NonExistenceProof {
  Bytes key;
  std::optional<ExistenceProof> left;
  std::optional<ExistenceProof> right;
};

using CommitmentProof = std::variant<ExistenceProof, NonExistenceProof>;

/// Paths longer than this are refused: an IAVL tree of 2^64 leaves is at most 92 high.
inline constexpr std::size_t kMaxPathSteps = 128;

/// One step of a proof chain as /abci_query returns it.
struct ProofOperation {
  std::string type;  ///< "ics23:iavl" or "ics23:simple"
  Bytes key;
  Bytes data;  ///< an encoded CommitmentProof
};

/// The protobuf encoding that decode_commitment_proof() reads.
Bytes encode_commitment_proof(const CommitmentProof& proof);

/// Decodes a CommitmentProof strictly: canonical protobuf, known fields, no defaults written out.
Result<CommitmentProof, ProtobufError> decode_commitment_proof(ByteView bytes);

/// The two trees of a Cosmos state.
enum class TreeKind : std::uint8_t {
  kIavl,   ///< nodes carry height, size, version: a module's store
  kSimple  ///< RFC 6962: the multistore
};

/// A tree that proofs are checked against.
struct TreeRoot {
  TreeKind kind = TreeKind::kIavl;
  Hash256 root;
};

/// The first rule that a proof breaks.
enum class ProofRule : std::uint8_t {
  kKey,           ///< it proves another key
  kValue,         ///< it proves another value, or an empty one
  kLeaf,          ///< the leaf is not hashed as the tree hashes leaves
  kInner,         ///< a path step is not shaped like the tree's inner nodes
  kRoot,          ///< it climbs to another root
  kNoNeighbours,  ///< non-existence without a left and without a right neighbour
  kOrder,         ///< a neighbour is on the wrong side of the key
  kNotAdjacent,   ///< keys may stand between the neighbours, or beyond the only one
};

/// The rule in words: "path step shape".
std::string_view describe(ProofRule rule);

/// Which rule broke, and for kInner at which path step.
struct ProofFailure {
  ProofRule rule = ProofRule::kKey;
  std::size_t step = 0;
  Bytes expected;  ///< of kKey, kValue, kRoot
  Bytes found;
};

/// The root an existence proof climbs to, whatever the key and value it claims. Errors: kValue for
/// an empty key or value, kLeaf, kInner.
Result<Hash256, ProofFailure> existence_root(accel::Engine& crypto, const ExistenceProof& proof,
                                             TreeKind tree);

/// Checks that `proof` proves `value` at `key` under `tree.root`.
Status<ProofFailure> verify_existence(accel::Engine& crypto, const ExistenceProof& proof,
                                      const TreeRoot& tree, ByteView key, ByteView value);

/// Checks that `proof` proves that nothing stands at `key` under `tree.root`.
Status<ProofFailure> verify_non_existence(accel::Engine& crypto, const NonExistenceProof& proof,
                                          const TreeRoot& tree, ByteView key);

}  // namespace buri::consensus::iavl
