#include "node/consensus/modules/bor/messages.hpp"

#include <algorithm>

#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/modules/bor/backfill.hpp"
#include "node/consensus/modules/bor/producers.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/milestone/keeper.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::bor {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;
using runtime::SideVote;

Failure<Error> refuse(std::string_view text) { return Failure{plain_error(text)}; }

Status<Error> check_chain(const Context& context, const std::string& chain_id) {
  ASSIGN_OR_RETURN(const auto params, chainmanager::Keeper().params(context));
  if (params.chain_params.bor_chain_id == chain_id) return Unit{};
  return refuse("invalid bor chain id");
}

Outcome<codec::Any> propose_span(const Context& context, const MsgProposeSpan& message) {
  RETURN_IF_ERROR(runtime::parse_address(message.proposer));
  RETURN_IF_ERROR(check_chain(context, message.chain_id));
  if (message.seed.size() != Hash256::kSize) return refuse("invalid seed length");
  ASSIGN_OR_RETURN(const Span last, Keeper().last_span(context));
  if (message.span_id != last.id + 1 || message.start_block != last.end_block + 1 ||
      message.end_block <= message.start_block) {
    return refuse("invalid span");
  }
  context.emit({"propose-span",
                {{"module", "bor"},
                 {"span-id", std::to_string(message.span_id)},
                 {"start-block", std::to_string(message.start_block)},
                 {"end-block", std::to_string(message.end_block)}}});
  return codec::pack(MsgProposeSpanResponse{});
}

Outcome<codec::Any> update_params(const Context& context, const MsgUpdateParams& message) {
  RETURN_IF_ERROR(auth::check_authority(message.authority));
  RETURN_IF_ERROR(validate(message.params));
  RETURN_IF_ERROR(Keeper().set_params(context, message.params));
  return codec::pack(MsgUpdateParamsResponse{});
}

Outcome<codec::Any> backfill_spans(const Context& context, const MsgBackfillSpans& message) {
  RETURN_IF_ERROR(runtime::parse_address(message.proposer));
  RETURN_IF_ERROR(check_chain(context, message.chain_id));
  const Keeper keeper;
  ASSIGN_OR_RETURN(const Span last, keeper.last_span(context));
  if (message.latest_span_id != last.id && message.latest_span_id != last.id - 1) {
    return refuse("invalid span");
  }
  if (message.latest_bor_span_id <= message.latest_span_id) {
    return refuse("invalid last bor span id");
  }
  ASSIGN_OR_RETURN(const auto milestone, milestone::Keeper().last(context));
  ASSIGN_OR_RETURN(const Span used, keeper.span(context, message.latest_span_id));
  ASSIGN_OR_RETURN(const std::uint64_t counted, counted_span_id(milestone.end_block, used));
  if (counted != message.latest_bor_span_id) return refuse("invalid span");
  return codec::pack(MsgBackfillSpansResponse{});
}

/// From Zurich on who left the set has no say.
Status<Error> check_membership(const Context& context, std::uint64_t id) {
  if (!context.forks().counts_members_votes_only(context.height())) return Unit{};
  ASSIGN_OR_RETURN(const auto set, stake::Keeper().set(context, stake::SetKind::kCurrent));
  const bool is_member = std::ranges::any_of(
      set.validators, [id](const stake::Validator& member) { return member.val_id == id; });
  if (is_member) return Unit{};
  return refuse("voter id " + std::to_string(id) + " is not in the active validator set");
}

Status<Error> check_unique(const std::vector<std::uint64_t>& ids) {
  Producers seen;
  for (const std::uint64_t id : ids) {
    if (seen.insert(id).second) continue;
    return refuse("duplicate vote for validator id " + std::to_string(id));
  }
  return Unit{};
}

Outcome<codec::Any> vote_producers(const Context& context, const MsgVoteProducers& message) {
  RETURN_IF_ERROR(Keeper().check_producer_phase(context));
  ASSIGN_OR_RETURN(const Address voter, runtime::parse_address(message.voter));
  ASSIGN_OR_RETURN(const auto validator, stake::Keeper().by_id(context, message.voter_id));
  if (!validator) return refuse("invalid voter id: collections: not found");
  if (validator->pub_key.size() != 65) {
    return Failure{runtime::panic("length of pubkey is incorrect")};
  }
  const Address owner = runtime::address_of_key(validator->pub_key);
  if (owner != voter) {
    return refuse("voter address " + runtime::to_text(voter) +
                  " does not match validator address " + runtime::to_text(owner) +
                  " under validator id " + std::to_string(message.voter_id));
  }
  RETURN_IF_ERROR(check_unique(message.votes.votes));
  RETURN_IF_ERROR(check_membership(context, message.voter_id));
  RETURN_IF_ERROR(Keeper().set_votes(context, message.voter_id, message.votes));
  return codec::pack(MsgVoteProducersResponse{});
}

Status<Error> check_range(const BlockRange& range) {
  const auto bounds = [&range](std::string_view bound, std::uint64_t blocks) {
    return refuse("time range must be at " + std::string(bound) + " " + std::to_string(blocks) +
                  " blocks. start block " + std::to_string(range.start_block) + ", end block " +
                  std::to_string(range.end_block));
  };
  if (range.start_block >= range.end_block) {
    return refuse("start block must be less than end block");
  }
  const std::uint64_t blocks = range.end_block - range.start_block;
  if (blocks < kDowntimeMinBlocks) return bounds("least", kDowntimeMinBlocks);
  if (blocks > kDowntimeMaxBlocks) return bounds("most", kDowntimeMaxBlocks);
  return Unit{};
}

/// The id of a signer who stays in the next span.
Outcome<std::uint64_t> id_of_staying(const Context& context, const std::string& signer) {
  ASSIGN_OR_RETURN(const auto validators, stake::Keeper().current(context, true));
  const std::string wanted = runtime::format_address(signer);
  for (const stake::Validator& validator : validators) {
    if (runtime::format_address(validator.signer) == wanted) return validator.val_id;
  }
  return refuse("producer with address " + signer + " not found in the current validator set");
}

bool contains(const std::vector<std::uint64_t>& ids, std::uint64_t id) {
  return std::ranges::find(ids, id) != ids.end();
}

Status<Error> check_target(const Context& context, std::uint64_t producer, std::uint64_t target,
                           const std::vector<std::uint64_t>& candidates) {
  if (target == 0) return Unit{};
  if (!context.forks().is_downtime_target_open(context.height())) {
    return refuse("target producer override is not enabled");
  }
  if (target == producer) {
    return refuse("target producer cannot be the same as the current producer");
  }
  if (contains(candidates, target)) return Unit{};
  return refuse("target producer id " + std::to_string(target) +
                " is not in the current producer set");
}

Outcome<codec::Any> set_downtime(const Context& context, const MsgSetProducerDowntime& message) {
  RETURN_IF_ERROR(check_downtime_phase(context));
  RETURN_IF_ERROR(check_range(message.downtime_range));
  ASSIGN_OR_RETURN(const std::uint64_t producer, id_of_staying(context, message.producer));
  ASSIGN_OR_RETURN(const auto candidates, producer_candidates(context));
  if (!contains(candidates, producer)) {
    return refuse("producer with address " + message.producer + " and id " +
                  std::to_string(producer) + " is not in the current producer set");
  }
  RETURN_IF_ERROR(check_target(context, producer, message.target_producer_id, candidates));
  return codec::pack(MsgSetProducerDowntimeResponse{});
}

}  // namespace

Status<Error> check_downtime_phase(const Context& context) {
  if (context.forks().is_producer_downtime(context.height())) return Unit{};
  return refuse("MsgSetProducerDowntime not allowed: block " + std::to_string(context.height()) +
                " is before the setProducerDowntimeHeight");
}

void register_messages(runtime::MessageRegistry& registry, protocol::BorChain& bor_chain) {
  registry.add<MsgProposeSpan>(
      {.signers = [](const MsgProposeSpan& message) { return std::vector{message.proposer}; },
       .handle = &propose_span,
       .side_handle =
           [&bor_chain](const Context& context, const MsgProposeSpan& message) {
             return vote(context, message, bor_chain);
           },
       .post_handle = [](const Context& context,
                         const MsgProposeSpan& message) { return apply(context, message); }});
  registry.add<MsgBackfillSpans>(
      {.signers = [](const MsgBackfillSpans& message) { return std::vector{message.proposer}; },
       .handle = &backfill_spans,
       .side_handle = [](const Context&, const MsgBackfillSpans&) { return SideVote::kNo; },
       .post_handle = [](const Context& context,
                         const MsgBackfillSpans& message) { return apply(context, message); }});
  registry.add<MsgSetProducerDowntime>(
      {.signers =
           [](const MsgSetProducerDowntime& message) { return std::vector{message.producer}; },
       .handle = &set_downtime,
       .side_handle =
           [&bor_chain](const Context& context, const MsgSetProducerDowntime& message) {
             return vote(context, message, bor_chain);
           },
       .post_handle =
           [](const Context& context, const MsgSetProducerDowntime& message) {
             return apply(context, message);
           }});
  registry.add<MsgVoteProducers>(
      {.signers = [](const MsgVoteProducers& message) { return std::vector{message.voter}; },
       .handle = &vote_producers});
  registry.add<MsgUpdateParams>(
      {.signers = [](const MsgUpdateParams& message) { return std::vector{message.authority}; },
       .handle = &update_params});
}

}  // namespace buri::consensus::modules::bor
