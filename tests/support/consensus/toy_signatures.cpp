#include "tests/support/consensus/toy_signatures.hpp"

#include <algorithm>

#include "hsm/wire/sign_bytes.hpp"

namespace buri::testing {

using consensus::engine::Proposal;
using consensus::engine::ValidatorSet;
using consensus::engine::Vote;
using consensus::engine::VoteType;
using consensus::engine::VoteVerdict;

namespace {

bool is_signed_by(const Address& address, ByteView message, const Bytes& signature) {
  return signature.size() == hsm::wire::Signature::kSize &&
         hsm::wire::Signature::from(signature) == toy_sign(address, message);
}

Bytes bytes_signed(const Address& address, ByteView message) {
  const hsm::wire::Signature signature = toy_sign(address, message);
  return {signature.bytes.begin(), signature.bytes.end()};
}

Bytes vote_message(std::string_view chain_id, const Vote& vote) {
  return hsm::wire::vote_sign_bytes(chain_id, vote.type, vote.height, vote.round, vote.block_id,
                                    vote.timestamp);
}

bool wants_extensions(const Vote& vote) {
  return vote.type == VoteType::kPrecommit && !vote.block_id.is_nil();
}

}  // namespace

hsm::wire::Signature toy_sign(const Address& address, ByteView message) {
  // FNV-1a.
  std::uint64_t sum = 14695981039346656037U;
  const auto add = [&sum](ByteView bytes) {
    for (const std::uint8_t byte : bytes) sum = (sum ^ byte) * 1099511628211U;
  };
  add(address);
  add(message);
  hsm::wire::Signature signature;
  for (std::size_t i = 0; i < 8; ++i) {
    signature.bytes[i] = static_cast<std::uint8_t>(sum >> (8 * i));
  }
  return signature;
}

hsm::wire::Signed toy_answer(const Address& address, const hsm::wire::SignProposal& request) {
  return {
      {{hsm::wire::Purpose::kProposal, toy_sign(address, hsm::wire::proposal_sign_bytes(request))}},
      std::nullopt};
}

hsm::wire::Signed toy_answer(const Address& address, const hsm::wire::SignVote& request) {
  hsm::wire::Signed answer;
  answer.signatures.push_back(
      {hsm::wire::Purpose::kVote, toy_sign(address, hsm::wire::vote_sign_bytes(request))});
  if (!request.extension) return answer;
  answer.signatures.push_back(
      {hsm::wire::Purpose::kVoteExtension,
       toy_sign(address, hsm::wire::vote_extension_sign_bytes(request.chain_id, request.height,
                                                              request.round, *request.extension))});
  answer.signatures.push_back(
      {hsm::wire::Purpose::kPlainExtension, toy_sign(address, *request.plain_extension)});
  return answer;
}

void toy_sign(std::string_view chain_id, Vote& vote, bool has_extensions) {
  const Address& address = vote.validator_address;
  vote.signature = bytes_signed(address, vote_message(chain_id, vote));
  if (!has_extensions || !wants_extensions(vote)) return;
  vote.extension_signature = bytes_signed(
      address,
      hsm::wire::vote_extension_sign_bytes(chain_id, vote.height, vote.round, vote.extension));
  vote.non_rp_signature = bytes_signed(address, vote.non_rp_extension);
}

void toy_sign(std::string_view chain_id, const Address& address, Proposal& proposal) {
  proposal.signature =
      bytes_signed(address, consensus::engine::proposal_sign_bytes(chain_id, proposal));
}

std::vector<VoteVerdict> ToySignatures::check_votes(std::span<const Vote> votes,
                                                    const ValidatorSet& validators,
                                                    Extensions extensions) {
  ++batches;
  longest_batch = std::max(longest_batch, votes.size());
  std::vector<VoteVerdict> verdicts;
  for (const Vote& vote : votes) {
    const Address& address =
        validators.validators()[static_cast<std::size_t>(vote.validator_index)].address;
    VoteVerdict verdict = VoteVerdict::kGood;
    if (!is_signed_by(address, vote_message(chain_id_, vote), vote.signature)) {
      verdict = VoteVerdict::kSignature;
    } else if (extensions == Extensions::kOn && wants_extensions(vote)) {
      const Bytes message =
          hsm::wire::vote_extension_sign_bytes(chain_id_, vote.height, vote.round, vote.extension);
      if (!is_signed_by(address, message, vote.extension_signature)) {
        verdict = VoteVerdict::kExtensionSignature;
      } else if (!is_signed_by(address, vote.non_rp_extension, vote.non_rp_signature)) {
        verdict = VoteVerdict::kNonRpSignature;
      }
    } else if (!vote.extension.empty() || !vote.extension_signature.empty()) {
      verdict = VoteVerdict::kUnwantedExtension;
    }
    verdicts.push_back(verdict);
  }
  return verdicts;
}

bool ToySignatures::check_proposal(const Proposal& proposal, const ValidatorSet& validators,
                                   std::size_t index) {
  return is_signed_by(validators.validators()[index].address,
                      consensus::engine::proposal_sign_bytes(chain_id_, proposal),
                      proposal.signature);
}

std::vector<consensus::engine::Validator> toy_validators(std::span<const std::int64_t> powers) {
  std::vector<consensus::engine::Validator> validators(powers.size());
  for (std::size_t i = 0; i < powers.size(); ++i) {
    validators[i].address.bytes[0] = static_cast<std::uint8_t>(i + 1);
    validators[i].public_key.bytes[0] = static_cast<std::uint8_t>(i + 1);
    validators[i].voting_power = powers[i];
  }
  return validators;
}

}  // namespace buri::testing
