#include "node/consensus/modules/bor/rotation.hpp"

#include <limits>

#include "node/consensus/modules/milestone/keeper.hpp"

namespace buri::consensus::modules::bor {
namespace {

using milestone::AgreedHead;
using milestone::Milestone;
using milestone::PendingHead;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;

std::uint64_t height_of(const Context& context) {
  return static_cast<std::uint64_t>(context.height());
}

std::uint64_t debounced_height(const Context& context) {
  return height_of(context) + context.forks().rotation_buffer(context.height());
}

/// `end` and as many spans as bring it behind `block`. REQUIRES: span_blocks > 0.
std::uint64_t end_behind(std::uint64_t block, std::uint64_t end, std::uint64_t span_blocks) {
  return end > block ? end : end + ((block - end) / span_blocks + 1) * span_blocks;
}

/// Where the span of a new producer ends whose predecessor failed after `block`: with the last
/// span, but at most two spans behind the block.
std::uint64_t rotated_end(std::uint64_t block, std::uint64_t last_end, std::uint64_t span_blocks) {
  std::uint64_t end = last_end;
  const std::uint64_t ahead = end - block;
  if (ahead > 2 * span_blocks) {
    end -= (ahead - 2 * span_blocks + span_blocks - 1) / span_blocks * span_blocks;
  }
  return end > block ? end : end_behind(block, last_end, span_blocks);
}

/// Adds the span in `plan` and what follows from it, or nothing if nobody can be chosen. `after`
/// writes the rest.
template <class After>
Status<Error> rotate(const Context& context, const SpanPlan& plan, const After& after) {
  store::Branch branch(context.branch());
  const Context inner = context.with_branch(branch);
  auto added = add_producer_span(inner, plan);
  if (!added.ok()) {
    return added.error().is_panic() ? std::move(added) : Status<Error>(Unit{});
  }
  RETURN_IF_ERROR(milestone::Keeper().set_last_height(inner, debounced_height(inner)));
  RETURN_IF_ERROR(Keeper().add_failed(inner, plan.current_producer));
  RETURN_IF_ERROR(after(inner));
  branch.write();
  return Unit{};
}

/// The wait for the head to move starts anew, too, once a producer was changed.
Status<Error> debounce_pending_head(const Context& context) {
  if (!context.forks().watches_pending_head(context.height())) return Unit{};
  ASSIGN_OR_RETURN(PendingHead head, milestone::Keeper().pending_head(context));
  if (head.since_height == 0) return Unit{};
  head.since_height = debounced_height(context);
  return milestone::Keeper().set_pending_head(context, head);
}

Status<Error> rotate_after(const Context& context, const Milestone& last_milestone) {
  const Keeper keeper;
  const std::uint64_t block = last_milestone.end_block;
  SpanPlan plan;
  ASSIGN_OR_RETURN(plan.active, keeper.active(context));
  ASSIGN_OR_RETURN(const Span last, keeper.last_span(context));
  ASSIGN_OR_RETURN(const Params params, keeper.params(context));
  plan.blocks = {block + 1, rotated_end(block, last.end_block, params.span_duration)};
  ASSIGN_OR_RETURN(plan.current_producer, keeper.producer_of_block(context, block + 1));
  ASSIGN_OR_RETURN(const Producers failed, keeper.failed(context));
  for (const std::uint64_t id : failed) plan.active.erase(id);
  plan.active.erase(plan.current_producer);
  plan.bor_chain_id = last_milestone.bor_chain_id;
  return rotate(context, plan, &debounce_pending_head);
}

/// Who owns the block after the head; at the end of the last span, who owns the head.
Outcome<std::uint64_t> producer_after(const Context& context, std::uint64_t head,
                                      const Span& last) {
  const std::uint64_t block = head < last.end_block ? head + 1 : head;
  auto producer = Keeper().producer_of_block(context, block);
  if (producer.ok() || producer.error().is_panic() || block >= last.start_block) return producer;
  return Keeper().producer_of_block(context, last.start_block);
}

Status<Error> rotate_behind(const Context& context, const AgreedHead& head) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  const Keeper keeper;
  ASSIGN_OR_RETURN(const Span last, keeper.last_span(context));
  if (head.block_number > last.end_block || head.block_number == kMax) return Unit{};
  ASSIGN_OR_RETURN(const Params params, keeper.params(context));
  if (params.span_duration == 0) return Unit{};
  if (last.end_block == head.block_number && last.end_block > kMax - params.span_duration) {
    return Unit{};
  }
  SpanPlan plan;
  plan.blocks = {head.block_number + 1,
                 end_behind(head.block_number, last.end_block, params.span_duration)};
  ASSIGN_OR_RETURN(plan.current_producer, producer_after(context, head.block_number, last));
  ASSIGN_OR_RETURN(plan.excluded, keeper.failed(context));
  plan.excluded.insert(plan.current_producer);
  ASSIGN_OR_RETURN(plan.active, keeper.active(context));
  plan.bor_chain_id = last.bor_chain_id;
  return rotate(context, plan, [&head](const Context& inner) {
    return milestone::Keeper().set_pending_head(
        inner, {head.block_number, head.hash, debounced_height(inner)});
  });
}

}  // namespace

Status<Error> add_future_span(const Context& context, const Span& last, std::uint64_t milestone_end,
                              const std::vector<std::uint64_t>& supporters) {
  if (milestone_end < last.start_block || !context.forks().is_rio(last.end_block + 1)) {
    return Unit{};
  }
  const Keeper keeper;
  ASSIGN_OR_RETURN(const Params params, keeper.params(context));
  ASSIGN_OR_RETURN(const std::uint64_t current, keeper.producer_of_block(context, last.end_block));
  auto added = add_producer_span(
      context, {.current_producer = current,
                .blocks = {last.end_block + 1, last.end_block + params.span_duration},
                .bor_chain_id = last.bor_chain_id,
                .active = {supporters.begin(), supporters.end()},
                .may_fall_back = true});
  if (!added.ok()) {
    const bool is_tolerated =
        !added.error().is_panic() && context.forks().tolerates_missing_producer(context.height());
    return is_tolerated ? Status<Error>(Unit{}) : std::move(added);
  }
  return keeper.reset_status(context, supporters);
}

Status<Error> rotate_current_span(const Context& context) {
  const milestone::Keeper milestones;
  ASSIGN_OR_RETURN(const auto last_milestone, milestones.last_if_any(context));
  ASSIGN_OR_RETURN(const std::uint64_t since, milestones.last_height(context));
  if (!last_milestone || since == 0) return Unit{};
  const std::int64_t waited = context.height() - static_cast<std::int64_t>(since);
  const bool is_due = waited > context.forks().rotation_threshold(context.height()) &&
                      context.forks().is_rio(last_milestone->end_block + 1);
  return is_due ? rotate_after(context, *last_milestone) : Status<Error>(Unit{});
}

Status<Error> follow_pending_head(const Context& context, const AgreedHead& head) {
  const milestone::Keeper milestones;
  ASSIGN_OR_RETURN(const PendingHead tracked, milestones.pending_head(context));
  const bool has_moved = tracked.since_height == 0 || tracked.block_number != head.block_number ||
                         tracked.hash != head.hash;
  if (has_moved) {
    return milestones.set_pending_head(context, {head.block_number, head.hash, height_of(context)});
  }
  const std::int64_t waited = context.height() - static_cast<std::int64_t>(tracked.since_height);
  if (waited <= context.forks().rotation_threshold(context.height())) return Unit{};
  return rotate_behind(context, head);
}

}  // namespace buri::consensus::modules::bor
