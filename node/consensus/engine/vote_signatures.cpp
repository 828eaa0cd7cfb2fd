#include "node/consensus/engine/vote_signatures.hpp"

#include <algorithm>

#include "node/consensus/engine/canonical.hpp"

namespace buri::consensus::engine {
namespace {

/// The sign bytes of every vote.
std::vector<Bytes> vote_sign_bytes(std::string_view chain_id, const Commit& commit,
                                   std::span<const VoteSigner> votes) {
  std::vector<Bytes> sign_bytes;
  sign_bytes.reserve(votes.size());
  for (const VoteSigner& vote : votes) {
    sign_bytes.push_back(precommit_sign_bytes(chain_id, commit, vote.entry));
  }
  return sign_bytes;
}

/// R and S of a signature of the right length; zero, which never verifies, of any other.
accel::SignedMessage signed_message(ByteView message, ByteView signature) {
  if (signature.size() != kSignatureBytes) return {message, {}, {}};
  return {message, Hash256::from(signature.first(32)), Hash256::from(signature.subspan(32, 32))};
}

}  // namespace

std::vector<accel::SignatureStatus> check_votes(accel::Engine& crypto,
                                                const std::shared_ptr<const accel::KeySet>& keys,
                                                std::string_view chain_id, const Commit& commit,
                                                std::span<const VoteSigner> votes) {
  const std::vector<Bytes> sign_bytes = vote_sign_bytes(chain_id, commit, votes);
  std::vector<accel::KnownKeyMessage> requests;
  requests.reserve(votes.size());
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const Bytes& signature = commit.signatures[votes[i].entry].signature;
    requests.push_back({signed_message(sign_bytes[i], signature), votes[i].key_index});
  }
  std::vector<accel::SignatureStatus> verdicts(votes.size());
  crypto.verify_known_messages(keys, requests, accel::LowS::kRequired, verdicts,
                               accel::Assurance::kExact);
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
  const std::vector<Bytes> sign_bytes = vote_sign_bytes(chain_id, commit, votes);
  std::vector<accel::RecoverMessage> requests;
  requests.reserve(votes.size());
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const Bytes& signature = commit.signatures[votes[i].entry].signature;
    const std::uint8_t v = signature.size() == kSignatureBytes ? signature.back() : 0;
    requests.push_back({signed_message(sign_bytes[i], signature), v});
  }
  std::vector<accel::RecoverResult> results(votes.size());
  crypto.recover_messages(requests, accel::LowS::kRequired, results, accel::Assurance::kExact);
  std::vector<std::optional<Address>> addresses;
  for (const accel::RecoverResult& result : results) {
    const bool recovered = result.status == accel::SignatureStatus::kOk;
    addresses.push_back(recovered ? std::optional(result.address) : std::nullopt);
  }
  return addresses;
}

}  // namespace buri::consensus::engine
