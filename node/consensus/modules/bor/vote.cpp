#include <algorithm>

#include "node/consensus/modules/bor/messages.hpp"
#include "node/consensus/modules/bor/producers.hpp"
#include "node/consensus/modules/bor/selection.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/milestone/keeper.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/runtime/address.hpp"

/// How this node votes on the messages of module bor, from its own view of Bor: yes if everything
/// fits, no otherwise, whatever stands in the way.

namespace buri::consensus::modules::bor {
namespace {

using protocol::BorChain;
using runtime::Context;
using runtime::Outcome;
using runtime::SideVote;

SideVote vote_of(const Outcome<bool>& agrees) {
  return agrees.ok() && *agrees ? SideVote::kYes : SideVote::kNo;
}

/// So close to a span's end, in blocks, no further span is decided on.
constexpr std::uint64_t kSpanEndMarginBlocks = 100;

bool is_close_to_end(std::uint64_t block, std::uint64_t span_end) {
  return block <= span_end && block >= span_end - kSpanEndMarginBlocks;
}

/// Whether Bor stands in the last span and far enough from its end.
bool is_in_turn(const MsgProposeSpan& message, const Span& last, std::uint64_t bor_head,
                std::uint64_t milestone_end) {
  const std::uint64_t reached = std::max(bor_head, milestone_end);
  return !is_close_to_end(reached, last.end_block) && message.start_block > reached &&
         last.contains(bor_head);
}

Outcome<bool> agrees(const Context& context, const MsgProposeSpan& message, BorChain& bor_chain) {
  if (context.forks().is_rio(message.start_block)) return false;
  const Keeper keeper;
  ASSIGN_OR_RETURN(const Params params, keeper.params(context));
  if (params.span_duration != message.end_block - message.start_block + 1) return false;
  ASSIGN_OR_RETURN(const SpanSeed seed, seed_of_span(context, message.span_id, bor_chain));
  if (!equal(message.seed, seed.hash.bytes) ||
      runtime::format_address(message.seed_author) != runtime::to_text(seed.author)) {
    return false;
  }
  ASSIGN_OR_RETURN(const auto chain, chainmanager::Keeper().params(context));
  if (chain.chain_params.bor_chain_id != message.chain_id) return false;
  const auto milestone = milestone::Keeper().last(context);
  const auto head = bor_chain.head();
  if (!head.ok()) return false;
  ASSIGN_OR_RETURN(const Span last, keeper.last_span(context));
  const bool follows = message.span_id == last.id + 1 &&
                       message.start_block == last.end_block + 1 &&
                       message.end_block > message.start_block;
  return follows &&
         is_in_turn(message, last, head->number, milestone.ok() ? milestone->end_block : 0);
}

/// Whether the named producer may take over from the sender.
Outcome<bool> is_target_allowed(const Context& context, const MsgSetProducerDowntime& message) {
  const std::uint64_t target = message.target_producer_id;
  if (target == 0) return true;
  if (!context.forks().is_downtime_target_open(context.height())) return false;
  ASSIGN_OR_RETURN(const auto record, stake::Keeper().by_id(context, target));
  ASSIGN_OR_RETURN(const auto sender, current_id_of(context, message.producer));
  if (!record || target == sender) return false;
  ASSIGN_OR_RETURN(const auto candidates, producer_candidates(context));
  return std::ranges::find(candidates, target) != candidates.end();
}

Outcome<bool> owns_block(const Context& context, const std::string& producer, std::uint64_t block) {
  ASSIGN_OR_RETURN(const Span owner, Keeper().span_of_block(context, block));
  const std::string wanted = runtime::format_address(producer);
  return std::ranges::any_of(owner.selected_producers, [&wanted](const stake::Validator& member) {
    return runtime::format_address(member.signer) == wanted;
  });
}

Outcome<bool> agrees(const Context& context, const MsgSetProducerDowntime& message,
                     BorChain& bor_chain) {
  const BlockRange& range = message.downtime_range;
  if (range.start_block >= range.end_block) return false;
  const auto head = bor_chain.head();
  if (!head.ok()) return false;
  ASSIGN_OR_RETURN(const bool is_owner, owns_block(context, message.producer, range.start_block));
  if (!is_owner) return false;
  ASSIGN_OR_RETURN(const bool is_allowed, is_target_allowed(context, message));
  return is_allowed && range.end_block - range.start_block >= kDowntimeMinBlocks &&
         range.start_block >= head->number + kDowntimeMinAheadBlocks &&
         range.end_block <= head->number + kDowntimeMaxAheadBlocks;
}

}  // namespace

SideVote vote(const Context& context, const MsgProposeSpan& message, BorChain& bor_chain) {
  return vote_of(agrees(context, message, bor_chain));
}

SideVote vote(const Context& context, const MsgSetProducerDowntime& message, BorChain& bor_chain) {
  return vote_of(agrees(context, message, bor_chain));
}

}  // namespace buri::consensus::modules::bor
