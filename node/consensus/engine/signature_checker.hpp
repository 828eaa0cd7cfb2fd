#pragma once

#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/key_set_cache.hpp"
#include "node/consensus/engine/verify_commit.hpp"
#include "node/consensus/engine/vote_verifier.hpp"

/// The signatures that consensus looks at, behind one door: votes, commits and proposals. Whatever
/// path a signature comes by, it is checked once.

namespace buri::consensus::engine {

/// Computes, without clock, disk or network. Not thread-safe.
class SignatureChecker {
 public:
  using Extensions = VoteVerifier::Extensions;

  virtual ~SignatureChecker() = default;

  /// The verdict on each vote, in order, as one batch. REQUIRES: each vote's index names a
  /// validator, and the address is that one's.
  virtual std::vector<VoteVerdict> check_votes(std::span<const Vote> votes,
                                               const ValidatorSet& validators,
                                               Extensions extensions) = 0;
  /// Whether member `index` of the set signed the proposal.
  virtual bool check_proposal(const Proposal& proposal, const ValidatorSet& validators,
                              std::size_t index) = 0;

  /// The fork's VerifyCommit over signatures that may have been seen as votes.
  Result<CommitTally, CommitFailure> check_commit(const ValidatorSet& validators,
                                                  const CommitClaim& claim, const Commit& commit);
};

/// The real one: batches for the crypto engine and a memory of verdicts.
class BatchedSignatures final : public SignatureChecker {
 public:
  /// `crypto` must outlive this.
  BatchedSignatures(accel::Engine& crypto, std::string chain_id)
      : chain_id_(chain_id), verifier_(crypto, std::move(chain_id)) {}

  std::vector<VoteVerdict> check_votes(std::span<const Vote> votes, const ValidatorSet& validators,
                                       Extensions extensions) override;
  bool check_proposal(const Proposal& proposal, const ValidatorSet& validators,
                      std::size_t index) override;

  /// The tables of a set's keys, built if they are not at hand.
  std::shared_ptr<const accel::KeySet> keys_of(const ValidatorSet& validators) {
    return keys_.keys_of(validators);
  }
  /// The memory behind it, for what else has to be checked against it.
  [[nodiscard]] VoteVerifier& verifier() { return verifier_; }

 private:
  std::string chain_id_;
  VoteVerifier verifier_;
  KeySetCache keys_;
};

/// The vote that became entry `index` of a commit. REQUIRES: the entry is not absent and has an
/// address.
Vote vote_of(const Commit& commit, std::size_t index);
/// The same with its extensions.
Vote vote_of(const ExtendedCommitRecord& commit, std::size_t index);
/// The votes behind an extended commit, absent entries left out. REQUIRES: every other entry has an
/// address.
std::vector<Vote> votes_of(const ExtendedCommitRecord& commit);

/// What a proposal's signature covers: CanonicalProposal behind its length, with the blob id where
/// there is one.
Bytes proposal_sign_bytes(std::string_view chain_id, const Proposal& proposal);

}  // namespace buri::consensus::engine
