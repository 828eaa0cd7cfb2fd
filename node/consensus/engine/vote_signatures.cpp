#include "node/consensus/engine/vote_signatures.hpp"

#include <algorithm>

#include "node/consensus/engine/canonical.hpp"

namespace buri::consensus::engine {
namespace {

/// The keccak256 of every vote's sign bytes, in one batch.
std::vector<Hash256> vote_digests(accel::Engine& crypto, std::string_view chain_id,
                                  const Commit& commit, std::span<const VoteSigner> votes) {
  std::vector<Bytes> sign_bytes;
  for (const VoteSigner& vote : votes) {
    sign_bytes.push_back(precommit_sign_bytes(chain_id, commit, vote.entry));
  }
  const std::vector<ByteView> views(sign_bytes.begin(), sign_bytes.end());
  std::vector<Hash256> digests(votes.size());
  crypto.keccak256(views, digests, accel::Assurance::kExact);
  return digests;
}

/// R and S of a signature of the right length; zero, which never verifies, of any other.
accel::SignedDigest signed_digest(const Hash256& digest, ByteView signature) {
  if (signature.size() != kSignatureBytes) return {digest, {}, {}};
  return {digest, Hash256::from(signature.first(32)), Hash256::from(signature.subspan(32, 32))};
}

}  // namespace

std::vector<accel::SignatureStatus> check_votes(accel::Engine& crypto,
                                                const std::shared_ptr<const accel::KeySet>& keys,
                                                std::string_view chain_id, const Commit& commit,
                                                std::span<const VoteSigner> votes) {
  const std::vector<Hash256> digests = vote_digests(crypto, chain_id, commit, votes);
  std::vector<accel::KnownKeyRequest> requests;
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const Bytes& signature = commit.signatures[votes[i].entry].signature;
    requests.push_back({signed_digest(digests[i], signature), votes[i].key_index});
  }
  std::vector<accel::SignatureStatus> verdicts(votes.size());
  crypto.verify_known(keys, requests, accel::LowS::kRequired, verdicts, accel::Assurance::kExact);
  for (std::size_t i = 0; i < votes.size(); ++i) {
    if (commit.signatures[votes[i].entry].signature.size() != kSignatureBytes) {
      verdicts[i] = accel::SignatureStatus::kBadLength;
    }
  }
  return verdicts;
}

std::vector<std::optional<Address>> recover_signers(accel::Engine& crypto,
                                                    std::string_view chain_id, const Commit& commit,
                                                    std::span<const VoteSigner> votes) {
  const std::vector<Hash256> digests = vote_digests(crypto, chain_id, commit, votes);
  std::vector<accel::RecoverRequest> requests;
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const Bytes& signature = commit.signatures[votes[i].entry].signature;
    const std::uint8_t v = signature.size() == kSignatureBytes ? signature.back() : 0;
    requests.push_back({signed_digest(digests[i], signature), v});
  }
  std::vector<accel::RecoverResult> results(votes.size());
  crypto.recover(requests, accel::LowS::kRequired, results, accel::Assurance::kExact);
  std::vector<std::optional<Address>> addresses;
  for (const accel::RecoverResult& result : results) {
    const bool recovered = result.status == accel::SignatureStatus::kOk;
    addresses.push_back(recovered ? std::optional(result.address) : std::nullopt);
  }
  return addresses;
}

}  // namespace buri::consensus::engine
