#include "node/consensus/engine/hashes.hpp"

#include "node/consensus/engine/canonical.hpp"

namespace buri::consensus::engine {
namespace {

Hash256 tree_root(accel::Engine& crypto, std::span<const Bytes> leaves) {
  const std::vector<ByteView> views(leaves.begin(), leaves.end());
  return crypto.rfc6962_root(views, accel::Assurance::kExact);
}

}  // namespace

Hash256 header_hash(accel::Engine& crypto, const Header& header) {
  return tree_root(crypto, header_leaves(header));
}

Hash256 validators_hash(accel::Engine& crypto, std::span<const Validator> validators) {
  std::vector<Bytes> leaves;
  for (const Validator& validator : validators) leaves.push_back(validator_leaf(validator));
  return tree_root(crypto, leaves);
}

Hash256 commit_hash(accel::Engine& crypto, const Commit& commit) {
  std::vector<Bytes> leaves;
  for (const CommitSig& entry : commit.signatures) leaves.push_back(commit_sig_leaf(entry));
  return tree_root(crypto, leaves);
}

std::vector<Address> key_addresses(accel::Engine& crypto, std::span<const Validator> validators) {
  std::vector<ByteView> coordinates;
  for (const Validator& validator : validators) {
    coordinates.push_back(ByteView(validator.public_key).subspan(1));
  }
  std::vector<Hash256> digests(coordinates.size());
  crypto.keccak256(coordinates, digests, accel::Assurance::kExact);
  std::vector<Address> addresses;
  for (const Hash256& digest : digests) {
    addresses.push_back(Address::from(ByteView(digest).subspan(12)));
  }
  return addresses;
}

}  // namespace buri::consensus::engine
