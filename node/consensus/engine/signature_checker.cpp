#include "node/consensus/engine/signature_checker.hpp"

#include "base/codec/protobuf_writer.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::engine {

Result<CommitTally, CommitFailure> SignatureChecker::check_commit(const ValidatorSet& validators,
                                                                  const CommitClaim& claim,
                                                                  const Commit& commit) {
  return verify_commit(validators, claim, commit, [&](std::span<const VoteSigner> signers) {
    std::vector<Vote> votes;
    for (const VoteSigner& signer : signers) votes.push_back(vote_of(commit, signer.entry));
    const auto verdicts = check_votes(votes, validators, Extensions::kOff);
    std::vector<accel::SignatureStatus> statuses;
    for (const VoteVerdict verdict : verdicts) {
      statuses.push_back(verdict == VoteVerdict::kGood ? accel::SignatureStatus::kOk
                                                       : accel::SignatureStatus::kMismatch);
    }
    return statuses;
  });
}

std::vector<VoteVerdict> BatchedSignatures::check_votes(std::span<const Vote> votes,
                                                        const ValidatorSet& validators,
                                                        Extensions extensions) {
  if (votes.empty()) return {};
  return verifier_.check(votes, validators, keys_.keys_of(validators), extensions);
}

bool BatchedSignatures::check_proposal(const Proposal& proposal, const ValidatorSet& validators,
                                       std::size_t index) {
  return verifier_.check_message(proposal_sign_bytes(chain_id_, proposal), proposal.signature,
                                 {validators, keys_.keys_of(validators), index});
}

namespace {

/// `Record` is a commit, with extensions or without; `entry` what it has at `index`.
template <class Record>
Vote vote_of_entry(const Record& commit, const CommitSig& entry, std::size_t index) {
  CHECK(entry.flag != BlockIdFlag::kAbsent && entry.validator_address, "an entry without a vote");
  Vote vote;
  vote.type = VoteType::kPrecommit;
  vote.height = commit.height;
  vote.round = commit.round;
  if (entry.flag == BlockIdFlag::kCommit) vote.block_id = commit.block_id;
  vote.timestamp = entry.timestamp;
  vote.validator_address = *entry.validator_address;
  vote.validator_index = static_cast<std::int32_t>(index);
  vote.signature = entry.signature;
  return vote;
}

}  // namespace

Vote vote_of(const Commit& commit, std::size_t index) {
  return vote_of_entry(commit, commit.signatures[index], index);
}

Vote vote_of(const ExtendedCommitRecord& commit, std::size_t index) {
  const ExtendedCommitSig& entry = commit.signatures[index];
  Vote vote = vote_of_entry(commit, entry.vote, index);
  vote.extension = entry.extension;
  vote.extension_signature = entry.extension_signature;
  vote.non_rp_extension = entry.non_rp_extension;
  vote.non_rp_signature = entry.non_rp_signature;
  return vote;
}

std::vector<Vote> votes_of(const ExtendedCommitRecord& commit) {
  std::vector<Vote> votes;
  for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
    if (commit.signatures[i].vote.flag == BlockIdFlag::kAbsent) continue;
    votes.push_back(vote_of(commit, i));
  }
  return votes;
}

Bytes proposal_sign_bytes(std::string_view chain_id, const Proposal& proposal) {
  Bytes bytes =
      hsm::wire::proposal_sign_bytes({std::string(chain_id), proposal.height, proposal.round,
                                      proposal.pol_round, proposal.block_id, proposal.timestamp});
  if (proposal.blob_id.is_nil()) return bytes;
  // The blob id is the last field: it goes behind the others, and the length grows.
  std::size_t prefix = 0;
  while ((bytes[prefix] & 0x80) != 0) ++prefix;
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(prefix) + 1);
  ProtobufWriter blob;
  blob.bytes(8, codec::encode(to_wire(proposal.blob_id)));
  append(bytes, blob.encoded());
  Bytes whole;
  append_varint(whole, bytes.size());
  append(whole, bytes);
  return whole;
}

}  // namespace buri::consensus::engine
