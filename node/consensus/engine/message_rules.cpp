#include <fmt/format.h>

#include "node/consensus/engine/message.hpp"
#include "node/consensus/engine/vote_signatures.hpp"

/// What a message has to be by itself. The rules and which of them are missing where one would
/// expect them (VoteSetBits has no rule about its round) are the stock node's.

namespace buri::consensus::engine {
namespace {

using Checked = Status<MessageFault>;

template <class Found>
Checked broken(std::string_view field, std::string expected, const Found& found) {
  return Failure{MessageFault{field, std::move(expected), fmt::format("{}", found)}};
}

Checked not_negative(std::string_view field, std::int64_t value) {
  if (value >= 0) return Unit{};
  return broken(field, "0 or more", value);
}

Checked check_place(std::int64_t height, std::int32_t round) {
  RETURN_IF_ERROR(not_negative("height", height));
  return not_negative("round", round);
}

Checked check_count(std::string_view field, std::size_t size, std::size_t most) {
  if (size <= most) return Unit{};
  return broken(field, fmt::format("up to {} bits", most), size);
}

Checked check_signature(std::string_view field, const Bytes& signature) {
  if (signature.size() <= kSignatureBytes) return Unit{};
  return broken(field, fmt::format("up to {} bytes", kSignatureBytes), signature.size());
}

/// The stock node takes any other length than 65 for a bad signature, later.
Checked check_own_signature(const Bytes& signature) {
  if (signature.empty()) return broken("signature", "a signature", "none");
  return check_signature("signature", signature);
}

Checked check_part(const Part& part) {
  const Status<PartFault> shape = check_shape(part);
  if (shape.ok()) return Unit{};
  return broken("part", "a part that fits its proof", describe(shape.error()));
}

Checked check_extension(std::string_view field, const Bytes& extension, const Bytes& signature) {
  RETURN_IF_ERROR(check_signature(field, signature));
  if (extension.empty() || !signature.empty()) return Unit{};
  return broken(field, "a signature beside the extension", "none");
}

Checked check_extensions(const Vote& vote) {
  if (vote.type != VoteType::kPrecommit || vote.block_id.is_nil()) {
    const bool has_any = !vote.extension.empty() || !vote.extension_signature.empty() ||
                         !vote.non_rp_extension.empty() || !vote.non_rp_signature.empty();
    if (!has_any) return Unit{};
    return broken("extension", "none on a prevote or a nil precommit", "one, or its signature");
  }
  RETURN_IF_ERROR(check_extension("extension_signature", vote.extension, vote.extension_signature));
  RETURN_IF_ERROR(
      check_extension("non_rp_extension_signature", vote.non_rp_extension, vote.non_rp_signature));
  if (vote.extension_signature.empty() == vote.non_rp_signature.empty()) return Unit{};
  return broken("extension_signature", "both extension signatures or neither", "one of them");
}

Checked check(const Vote& vote) { return check_basic(vote); }
Checked check(const Proposal& proposal) { return check_basic(proposal); }

Checked check(const NewRoundStep& message) {
  RETURN_IF_ERROR(check_place(message.height, message.round));
  if (message.last_commit_round >= -1) return Unit{};
  return broken("last_commit_round", "-1 or more", message.last_commit_round);
}

Checked check(const NewValidBlock& message) {
  RETURN_IF_ERROR(check_place(message.height, message.round));
  RETURN_IF_ERROR(check_count("block_parts", message.present.size(), kMaxParts));
  if (message.present.size() > 0 && message.present.size() == message.parts.total) return Unit{};
  return broken("block_parts", fmt::format("a bit for each of {} parts", message.parts.total),
                message.present.size());
}

Checked check(const ProposalPol& message) {
  RETURN_IF_ERROR(check_place(message.height, message.pol_round));
  if (message.prevotes.size() == 0) return broken("proposal_pol", "a bit at least", "none");
  return check_count("proposal_pol", message.prevotes.size(), kMaxVotes);
}

Checked check(const BlockPart& message) {
  RETURN_IF_ERROR(check_place(message.height, message.round));
  return check_part(message.part);
}
Checked check(const BlobPart& message) {
  RETURN_IF_ERROR(check_place(message.height, message.round));
  return check_part(message.part);
}

Checked check(const HasVote& message) {
  RETURN_IF_ERROR(check_place(message.height, message.round));
  return not_negative("index", message.index);
}

Checked check(const VoteSetMaj23& message) { return check_place(message.height, message.round); }

Checked check(const VoteSetBits& message) {
  RETURN_IF_ERROR(not_negative("height", message.height));
  return check_count("votes", message.votes.size(), kMaxVotes);
}

}  // namespace

Status<MessageFault> check_basic(const Vote& vote) {
  if (vote.height <= 0) return broken("height", "1 or more", vote.height);
  RETURN_IF_ERROR(not_negative("round", vote.round));
  if (!vote.block_id.is_nil() && !vote.block_id.is_complete()) {
    return broken("block_id", "nil or complete", "a part of one");
  }
  RETURN_IF_ERROR(not_negative("validator_index", vote.validator_index));
  RETURN_IF_ERROR(check_own_signature(vote.signature));
  return check_extensions(vote);
}

Status<MessageFault> check_basic(const Proposal& proposal) {
  RETURN_IF_ERROR(check_place(proposal.height, proposal.round));
  if (proposal.pol_round < -1) return broken("pol_round", "-1 or more", proposal.pol_round);
  if (!proposal.block_id.is_complete()) return broken("block_id", "a complete one", "another");
  return check_own_signature(proposal.signature);
}

Status<MessageFault> check_basic(const Message& message) {
  return std::visit([](const auto& value) { return check(value); }, message);
}

}  // namespace buri::consensus::engine
