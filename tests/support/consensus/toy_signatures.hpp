#pragma once

#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"
#include "node/consensus/engine/chain_state.hpp"
#include "node/consensus/engine/signature_checker.hpp"

/// Signatures that cost nothing, for tests of consensus with thousands of votes: 65 bytes, of which
/// the first eight are a sum over key and message. Whoever knows the address can sign, and a
/// changed bit shows.

namespace buri::testing {

/// Some bytes as the owner of that address signs them.
hsm::wire::Signature toy_sign(const Address& address, ByteView message);
/// What a signer with that key answers; a precommit with extensions gets three signatures.
hsm::wire::Signed toy_answer(const Address& address, const hsm::wire::SignProposal& request);
hsm::wire::Signed toy_answer(const Address& address, const hsm::wire::SignVote& request);
/// Signs a vote and the extensions of one that has to have them.
void toy_sign(std::string_view chain_id, consensus::engine::Vote& vote, bool has_extensions);
void toy_sign(std::string_view chain_id, const Address& address,
              consensus::engine::Proposal& proposal);

class ToySignatures final : public consensus::engine::SignatureChecker {
 public:
  explicit ToySignatures(std::string chain_id) : chain_id_(std::move(chain_id)) {}

  std::vector<consensus::engine::VoteVerdict> check_votes(
      std::span<const consensus::engine::Vote> votes,
      const consensus::engine::ValidatorSet& validators, Extensions extensions) override;
  bool check_proposal(const consensus::engine::Proposal& proposal,
                      const consensus::engine::ValidatorSet& validators,
                      std::size_t index) override;

  /// Batches with votes in them, and the most votes of one.
  std::size_t batches = 0;
  std::size_t longest_batch = 0;

 private:
  std::string chain_id_;
};

/// Validators with addresses 01.., 02.., each of its power; keys mean nothing.
std::vector<consensus::engine::Validator> toy_validators(std::span<const std::int64_t> powers);

}  // namespace buri::testing
