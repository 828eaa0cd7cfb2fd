#include <algorithm>

#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/iavl/proof.hpp"

/// Checking ICS-23 proofs against the two trees' specifications. Path steps are held to the exact
/// shape of the trees' nodes, which is narrower than ics23's length ranges: only a hash collision
/// could be shaped otherwise and still reach a real root.

namespace buri::consensus::iavl {
namespace {

// HashOp and LengthOp of proofs.proto.
constexpr std::uint64_t kNoHash = 0;
constexpr std::uint64_t kSha256 = 1;
constexpr std::uint64_t kVarProto = 1;

constexpr std::uint8_t kLeafPrefix = 0;
constexpr std::uint8_t kSimpleInnerPrefix = 1;
/// IAVL writes a child hash behind its length.
constexpr std::uint8_t kHashLength = 32;

enum class Side : std::uint8_t { kLeft, kRight };

bool is_hash_with_length(ByteView bytes) {
  return bytes.size() == 1 + kHashLength && bytes[0] == kHashLength;
}

/// Reads height, size and version of an IAVL node, all of which are non-negative, and leaves what
/// follows them. Height is at least `min_height`.
bool take_iavl_header(ByteView& prefix, std::int64_t min_height) {
  for (const std::int64_t min : {min_height, std::int64_t{0}, std::int64_t{0}}) {
    const auto value = take_varint(prefix);
    if (!value.ok() || from_zig_zag(value.value()) < min) return false;
  }
  return true;
}

/// On which side of its parent the child of an IAVL step hangs; nothing if the step has no such
/// shape. `layer` counts from 1 at the leaf's parent.
std::optional<Side> iavl_side(const InnerOp& step, std::int64_t layer) {
  ByteView rest = step.prefix;
  if (!take_iavl_header(rest, layer)) return std::nullopt;
  if (rest.size() == 1 && rest[0] == kHashLength && is_hash_with_length(step.suffix)) {
    return Side::kLeft;
  }
  const bool right = rest.size() == 2 + kHashLength && is_hash_with_length(rest.first(33)) &&
                     rest.back() == kHashLength && step.suffix.empty();
  return right ? std::optional(Side::kRight) : std::nullopt;
}

std::optional<Side> simple_side(const InnerOp& step) {
  if (step.prefix.empty() || step.prefix[0] != kSimpleInnerPrefix) return std::nullopt;
  if (step.prefix.size() == 1 && step.suffix.size() == kHashLength) return Side::kLeft;
  const bool right = step.prefix.size() == 1 + kHashLength && step.suffix.empty();
  return right ? std::optional(Side::kRight) : std::nullopt;
}

/// The child's side at path step `index`, or nothing if the step is not of this tree.
std::optional<Side> side_of(const std::vector<InnerOp>& path, std::size_t index, TreeKind tree) {
  if (path[index].hash != kSha256) return std::nullopt;
  return tree == TreeKind::kIavl ? iavl_side(path[index], static_cast<std::int64_t>(index) + 1)
                                 : simple_side(path[index]);
}

bool leaf_fits(const LeafOp& leaf, TreeKind tree) {
  const bool recipe = leaf.hash == kSha256 && leaf.prehash_key == kNoHash &&
                      leaf.prehash_value == kSha256 && leaf.length == kVarProto;
  if (!recipe || leaf.prefix.empty() || leaf.prefix[0] != kLeafPrefix) return false;
  ByteView rest = leaf.prefix;
  if (tree == TreeKind::kSimple) return rest.size() == 1;
  return take_iavl_header(rest, 0) && rest.empty();
}

/// A path is a chain: each hash needs the one before.
Hash256 sha256(accel::Engine& crypto, ByteView message) {
  Hash256 digest;
  crypto.sha256({&message, 1}, {&digest, 1}, accel::Assurance::kExact);
  return digest;
}

Hash256 leaf_hash(accel::Engine& crypto, const ExistenceProof& proof) {
  Bytes preimage = proof.leaf.prefix;
  append_varint(preimage, proof.key.size());
  append(preimage, proof.key);
  append_varint(preimage, kHashLength);
  append(preimage, sha256(crypto, proof.value));
  return sha256(crypto, preimage);
}

/// True when every step of the first `count` has its child on `side`.
bool all_on(Side side, const std::vector<InnerOp>& path, std::size_t count, TreeKind tree) {
  for (std::size_t i = 0; i < count; ++i) {
    if (side_of(path, i, tree) != side) return false;
  }
  return true;
}

/// True when the leaf of `right` is the next one after the leaf of `left`: their paths share a top,
/// part to the left and to the right, and then hug the gap.
bool adjacent(const std::vector<InnerOp>& left, const std::vector<InnerOp>& right, TreeKind tree) {
  std::size_t left_count = left.size();
  std::size_t right_count = right.size();
  while (left_count > 0 && right_count > 0 && left[left_count - 1] == right[right_count - 1]) {
    --left_count;
    --right_count;
  }
  if (left_count == 0 || right_count == 0) return false;
  return side_of(left, left_count - 1, tree) == Side::kLeft &&
         side_of(right, right_count - 1, tree) == Side::kRight &&
         all_on(Side::kRight, left, left_count - 1, tree) &&
         all_on(Side::kLeft, right, right_count - 1, tree);
}

Failure<ProofFailure> failure(ProofRule rule, std::size_t step = 0) {
  return {ProofFailure{.rule = rule, .step = step, .expected = {}, .found = {}}};
}

Failure<ProofFailure> mismatch(ProofRule rule, ByteView expected, ByteView found) {
  return {ProofFailure{.rule = rule,
                       .step = 0,
                       .expected = {expected.begin(), expected.end()},
                       .found = {found.begin(), found.end()}}};
}

bool less(ByteView a, ByteView b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

std::string_view describe(ProofRule rule) {
  switch (rule) {
    case ProofRule::kKey:
      return "proven key";
    case ProofRule::kValue:
      return "proven value";
    case ProofRule::kLeaf:
      return "leaf shape";
    case ProofRule::kInner:
      return "path step shape";
    case ProofRule::kRoot:
      return "root";
    case ProofRule::kNoNeighbours:
      return "neighbours present";
    case ProofRule::kOrder:
      return "neighbours around the key";
    case ProofRule::kNotAdjacent:
      return "neighbours adjacent";
  }
  return "unknown proof rule";
}

Result<Hash256, ProofFailure> existence_root(accel::Engine& crypto, const ExistenceProof& proof,
                                             TreeKind tree) {
  if (proof.key.empty() || proof.value.empty()) return failure(ProofRule::kValue);
  if (!leaf_fits(proof.leaf, tree)) return failure(ProofRule::kLeaf);
  Hash256 hash = leaf_hash(crypto, proof);
  for (std::size_t i = 0; i < proof.path.size(); ++i) {
    if (!side_of(proof.path, i, tree)) return failure(ProofRule::kInner, i);
    Bytes preimage = proof.path[i].prefix;
    append(preimage, hash);
    append(preimage, proof.path[i].suffix);
    hash = sha256(crypto, preimage);
  }
  return hash;
}

Status<ProofFailure> verify_existence(accel::Engine& crypto, const ExistenceProof& proof,
                                      const TreeRoot& tree, ByteView key, ByteView value) {
  if (!equal(proof.key, key)) return mismatch(ProofRule::kKey, key, proof.key);
  if (!equal(proof.value, value)) return mismatch(ProofRule::kValue, value, proof.value);
  ASSIGN_OR_RETURN(const Hash256 found, existence_root(crypto, proof, tree.kind));
  if (found != tree.root) return mismatch(ProofRule::kRoot, tree.root, found);
  return Unit{};
}

Status<ProofFailure> verify_non_existence(accel::Engine& crypto, const NonExistenceProof& proof,
                                          const TreeRoot& tree, ByteView key) {
  if (!equal(proof.key, key)) return mismatch(ProofRule::kKey, key, proof.key);
  const auto& [absent, left, right] = proof;
  if (!left && !right) return failure(ProofRule::kNoNeighbours);
  for (const auto* side : {&left, &right}) {
    if (!*side) continue;
    RETURN_IF_ERROR(verify_existence(crypto, **side, tree, (*side)->key, (*side)->value));
  }
  if ((left && !less(left->key, key)) || (right && !less(key, right->key))) {
    return failure(ProofRule::kOrder);
  }
  const bool nothing_between =
      left && right ? adjacent(left->path, right->path, tree.kind)
      : left        ? all_on(Side::kRight, left->path, left->path.size(), tree.kind)
                    : all_on(Side::kLeft, right->path, right->path.size(), tree.kind);
  if (!nothing_between) return failure(ProofRule::kNotAdjacent);
  return Unit{};
}

}  // namespace buri::consensus::iavl
