#include "node/consensus/modules/milestone/pre_block.hpp"

#include "base/hex.hpp"
#include "node/consensus/modules/bor/rotation.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"

namespace buri::consensus::modules::milestone {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;

std::int64_t total_power_of(const stake::ValidatorSet& set) {
  if (set.total_voting_power != 0) return set.total_voting_power;
  std::int64_t total = 0;
  for (const stake::Validator& member : set.validators) total += member.voting_power;
  return total;
}

/// Whether what two thirds agree on becomes a milestone: it must be a proposition, and none is
/// added right after a producer's span was.
Outcome<bool> is_acceptable(const Context& context, const MilestoneProposition& proposition) {
  std::uint64_t span_height = 0;
  const bool is_rio = context.forks().is_rio(proposition.start_block_number);
  if (is_rio) {
    ASSIGN_OR_RETURN(span_height, bor::Keeper().last_span_height(context));
  }
  const auto valid = validate_proposition(context, proposition, context.height() - 1);
  if (!valid.ok()) {
    if (valid.error().is_panic()) return Failure{valid.error()};
    return false;
  }
  return !is_rio || context.height() != static_cast<std::int64_t>(span_height) + 1;
}

Outcome<Milestone> milestone_of(const Context& context, const Agreement& agreement) {
  ASSIGN_OR_RETURN(const auto params, chainmanager::Keeper().params(context));
  const MilestoneProposition& range = agreement.proposition;
  return Milestone{.proposer = agreement.proposer,
                   .start_block = range.start_block_number,
                   .end_block = range.start_block_number + range.block_hashes.size() - 1,
                   .hash = range.block_hashes.back(),
                   .bor_chain_id = params.chain_params.bor_chain_id,
                   .milestone_id = to_hex(agreement.supporters_hash),
                   .timestamp = static_cast<std::uint64_t>(context.block().time.seconds),
                   .total_difficulty = range.block_tds.back()};
}

Status<Error> credit_supporters(const Context& context, const Agreement& agreement) {
  const bor::Keeper spans;
  RETURN_IF_ERROR(Keeper().set_last_height(context, static_cast<std::uint64_t>(context.height())));
  RETURN_IF_ERROR(
      spans.add_scores(context, agreement.supporters, agreement.proposition.block_hashes.size()));
  return spans.reset_status(context, agreement.supporters);
}

Status<Error> add_milestone(const Context& context, const Agreement& agreement) {
  ASSIGN_OR_RETURN(const Milestone milestone, milestone_of(context, agreement));
  store::Branch branch(context.branch());
  const Context inner = context.with_branch(branch);
  RETURN_IF_ERROR(Keeper().add(inner, milestone));
  ASSIGN_OR_RETURN(const bor::Span last, bor::Keeper().last_span(inner));
  if (context.forks().is_rio(last.start_block + 1)) {
    RETURN_IF_ERROR(credit_supporters(inner, agreement));
  }
  RETURN_IF_ERROR(bor::add_future_span(inner, last, milestone.end_block, agreement.supporters));
  branch.write();
  return Unit{};
}

/// A third agrees on a range, which alone changes no producer.
Status<Error> handle_pending(const Context& context, const stake::IndexedSet& judges,
                             std::span<const PropositionVote> votes, std::int64_t needed_power) {
  if (!context.forks().watches_pending_head(context.height())) return Unit{};
  ASSIGN_OR_RETURN(const bor::Span last, bor::Keeper().last_span(context));
  ASSIGN_OR_RETURN(const auto head,
                   agree_on_head(context, judges, votes, needed_power, last.end_block));
  return head ? bor::follow_pending_head(context, *head) : Status<Error>(Unit{});
}

}  // namespace

Status<Error> apply_propositions(const Context& context, const stake::IndexedSet& judges,
                                 std::span<const PropositionVote> votes) {
  ASSIGN_OR_RETURN(const auto last, Keeper().last_if_any(context));
  const std::int64_t total = total_power_of(judges.set());
  ASSIGN_OR_RETURN(const auto agreed,
                   agree_on_range(context, judges, votes, total * 2 / 3 + 1, last));
  if (agreed) {
    ASSIGN_OR_RETURN(const bool is_accepted, is_acceptable(context, agreed->proposition));
    if (is_accepted) return add_milestone(context, *agreed);
  }
  const std::int64_t third = total / 3 + 1;
  ASSIGN_OR_RETURN(const auto pending, agree_on_range(context, judges, votes, third, last));
  return pending ? handle_pending(context, judges, votes, third)
                 : bor::rotate_current_span(context);
}

}  // namespace buri::consensus::modules::milestone
