#include "accel/merkle.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "accel/scalar/keccak256.hpp"
#include "accel/scalar/sha256.hpp"
#include "base/check.hpp"

/// A level of a tree is the front of one buffer; its parents overwrite it. Both trees pair
/// neighbours; they differ in what happens to a last node without a neighbour: the checkpoint tree
/// pairs it with the root of a tree of zero leaves, RFC 6962 carries it up unchanged (which is the
/// same as splitting at powers of two).

namespace buri::accel {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
/// Leaves are prefixed and hashed in groups whose copies stay in the first cache levels.
constexpr std::size_t kLeafGroupBytes = 64 * 1024;

Hash256 keccak256_pair(const Hash256& left, const Hash256& right) {
  const std::array<Hash256, 2> nodes{left, right};
  Hash256 parent;
  scalar::keccak256_pairs(nodes, {&parent, 1});
  return parent;
}

Hash256 sha256_pair(const Hash256& left, const Hash256& right) {
  const std::array<Hash256, 2> nodes{left, right};
  Hash256 parent;
  scalar::sha256_pairs(nodes, {&parent, 1});
  return parent;
}

/// Replaces a level of two nodes or more by its parents. `padding` is the root of a tree of zero
/// leaves as high as the nodes, and moves up with them.
void raise_checkpoint_level(std::vector<Hash256>& level, Hash256& padding, const Hasher& hasher) {
  if (level.size() % 2 != 0) level.push_back(padding);
  const std::size_t parents = level.size() / 2;
  hasher.keccak256_pairs(level, std::span(level).first(parents));
  level.resize(parents);
  padding = keccak256_pair(padding, padding);
}

/// Replaces a level of two nodes or more by its parents.
void raise_rfc6962_level(std::vector<Hash256>& level, const Hasher& hasher) {
  const std::size_t pairs = level.size() / 2;
  const bool odd = level.size() % 2 != 0;
  hasher.sha256_pairs(std::span(level).first(2 * pairs), std::span(level).first(pairs));
  if (odd) level[pairs] = level.back();
  level.resize(pairs + (odd ? 1 : 0));
}

/// The sibling of node `index` in a level of `size` nodes of an RFC 6962 tree exists unless the
/// node is the last one and carried up.
bool has_sibling(std::size_t index, std::size_t size) { return (index ^ 1) < size; }

/// Number of aunts of leaf `index` among `total`.
std::size_t aunt_count(std::uint64_t index, std::uint64_t total) {
  std::size_t count = 0;
  for (; total > 1; index /= 2, total = total / 2 + total % 2) {
    if (has_sibling(index, total)) ++count;
  }
  return count;
}

}  // namespace

std::string_view proof_error_text(ProofError error) {
  switch (error) {
    case ProofError::kTooManyNodes:
      return "too many nodes";
    case ProofError::kIndexOutOfRange:
      return "index out of range";
    case ProofError::kWrongNodeCount:
      return "wrong number of nodes";
    case ProofError::kWrongLeafHash:
      return "wrong leaf hash";
    case ProofError::kWrongRoot:
      return "wrong root";
  }
  CHECK(false, "a ProofError outside its enumerators");
}

Hash256 checkpoint_root(std::span<const Hash256> leaves, const Hasher& hasher) {
  CHECK(!leaves.empty(), "a checkpoint has at least one block");
  if (leaves.size() == 1) return leaves[0];
  // The first level is hashed straight from the caller's leaves.
  const std::size_t pairs = leaves.size() / 2;
  std::vector<Hash256> level(pairs);
  hasher.keccak256_pairs(leaves.first(2 * pairs), level);
  Hash256 padding;
  if (leaves.size() % 2 != 0) level.push_back(keccak256_pair(leaves.back(), padding));
  padding = keccak256_pair(padding, padding);
  while (level.size() > 1) raise_checkpoint_level(level, padding, hasher);
  return level[0];
}

std::vector<Hash256> checkpoint_proof(std::span<const Hash256> leaves, std::size_t index,
                                      const Hasher& hasher) {
  CHECK(index < leaves.size(), "a proof was asked for a leaf that is not there");
  std::vector<Hash256> level(leaves.begin(), leaves.end());
  std::vector<Hash256> siblings;
  Hash256 padding;
  for (; level.size() > 1; index /= 2) {
    const std::size_t sibling = index ^ 1;
    siblings.push_back(sibling < level.size() ? level[sibling] : padding);
    raise_checkpoint_level(level, padding, hasher);
  }
  return siblings;
}

Status<ProofError> verify_checkpoint_proof(const Hash256& leaf, std::uint64_t index,
                                           std::span<const Hash256> siblings, const Hash256& root) {
  if (siblings.size() > 63) return Failure{ProofError::kTooManyNodes};
  if (index >> siblings.size() != 0) return Failure{ProofError::kIndexOutOfRange};
  Hash256 node = leaf;
  for (const Hash256& sibling : siblings) {
    node = index % 2 == 0 ? keccak256_pair(node, sibling) : keccak256_pair(sibling, node);
    index /= 2;
  }
  if (node != root) return Failure{ProofError::kWrongRoot};
  return Unit{};
}

void rfc6962_leaf_hashes(std::span<const ByteView> leaves, std::span<Hash256> hashes,
                         const Hasher& hasher) {
  CHECK(leaves.size() == hashes.size(), "one hash for each leaf");
  Bytes copies;
  std::vector<ByteView> messages;
  for (std::size_t first = 0; first < leaves.size();) {
    std::size_t bytes = 0;
    std::size_t end = first;
    while (end < leaves.size() && (end == first || bytes + leaves[end].size() < kLeafGroupBytes)) {
      bytes += 1 + leaves[end++].size();
    }
    copies.resize(bytes);
    messages.clear();
    std::size_t at = 0;
    for (std::size_t i = first; i < end; ++i) {
      const std::size_t size = leaves[i].size();
      copies[at] = kLeafPrefix;
      if (size != 0) std::memcpy(copies.data() + at + 1, leaves[i].data(), size);
      messages.emplace_back(copies.data() + at, 1 + size);
      at += 1 + size;
    }
    hasher.sha256_batch(messages, hashes.subspan(first, end - first));
    first = end;
  }
}

Hash256 rfc6962_root(std::span<const ByteView> leaves, const Hasher& hasher) {
  if (leaves.empty()) {
    Hash256 root;
    scalar::sha256({}, root);
    return root;
  }
  std::vector<Hash256> level(leaves.size());
  rfc6962_leaf_hashes(leaves, level, hasher);
  while (level.size() > 1) raise_rfc6962_level(level, hasher);
  return level[0];
}

std::vector<Rfc6962Proof> rfc6962_proofs(std::span<const ByteView> leaves, const Hasher& hasher) {
  std::vector<Hash256> level(leaves.size());
  rfc6962_leaf_hashes(leaves, level, hasher);
  std::vector<Rfc6962Proof> proofs(leaves.size());
  for (std::size_t i = 0; i < proofs.size(); ++i) {
    proofs[i].total = static_cast<std::int64_t>(leaves.size());
    proofs[i].index = static_cast<std::int64_t>(i);
    proofs[i].leaf_hash = level[i];
  }
  for (unsigned height = 0; level.size() > 1; ++height) {
    for (std::size_t i = 0; i < proofs.size(); ++i) {
      const std::size_t node = i >> height;
      if (has_sibling(node, level.size())) proofs[i].aunts.push_back(level[node ^ 1]);
    }
    raise_rfc6962_level(level, hasher);
  }
  return proofs;
}

Result<Hash256, ProofError> rfc6962_root_from_proof(const Rfc6962Proof& proof) {
  if (proof.aunts.size() > Rfc6962Proof::kMaxAunts) return Failure{ProofError::kTooManyNodes};
  if (proof.index < 0 || proof.index >= proof.total) return Failure{ProofError::kIndexOutOfRange};
  auto index = static_cast<std::uint64_t>(proof.index);
  auto size = static_cast<std::uint64_t>(proof.total);
  if (proof.aunts.size() != aunt_count(index, size)) return Failure{ProofError::kWrongNodeCount};
  Hash256 node = proof.leaf_hash;
  for (const Hash256& aunt : proof.aunts) {
    for (; !has_sibling(index, size); index /= 2) size = size / 2 + size % 2;
    node = index % 2 == 0 ? sha256_pair(node, aunt) : sha256_pair(aunt, node);
    index /= 2;
    size = size / 2 + size % 2;
  }
  return node;
}

Status<ProofError> verify_rfc6962_proof(const Rfc6962Proof& proof, ByteView leaf,
                                        const Hash256& root) {
  ASSIGN_OR_RETURN(const Hash256 computed, rfc6962_root_from_proof(proof));
  Hash256 leaf_hash;
  rfc6962_leaf_hashes({&leaf, 1}, {&leaf_hash, 1}, scalar_hasher());
  if (leaf_hash != proof.leaf_hash) return Failure{ProofError::kWrongLeafHash};
  if (computed != root) return Failure{ProofError::kWrongRoot};
  return Unit{};
}

}  // namespace buri::accel
