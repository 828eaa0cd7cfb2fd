#include "node/consensus/modules/milestone/propose.hpp"

#include <algorithm>

#include "node/consensus/modules/bor/keeper.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::milestone {
namespace {

using protocol::BorBlock;
using protocol::BorBlockInfo;
using protocol::BorChain;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;

/// A fact of Bor, or why there is no proposition.
template <class T>
Outcome<T> asked(Result<T, protocol::FactError> fact) {
  if (!fact.ok()) return Failure{plain_error("Bor does not say")};
  return std::move(fact).value();
}

/// Where the proposition begins, and the head that says so.
struct Start {
  std::uint64_t block = 0;
  BorBlock head;
};

Outcome<Start> start_of(const std::optional<Milestone>& last, const Params& params, BorChain& bor) {
  Start start;
  ASSIGN_OR_RETURN(start.head, asked(bor.head()));
  if (last) {
    const std::uint64_t end = last->end_block;
    const bool is_far =
        start.head.number > end && start.head.number - end > params.ff_milestone_threshold;
    start.block = end + (is_far ? params.ff_milestone_block_interval : 1);
  }
  if (start.head.number >= start.block) return start;
  // Heimdall is the faster chain: the block may have come since.
  ASSIGN_OR_RETURN(start.head, asked(bor.head()));
  if (start.head.number >= start.block) return start;
  return Failure{plain_error("no new headers found for milestone proposition")};
}

/// The parent of the block after the last milestone; empty without one.
Outcome<Bytes> parent_of(const Milestone& last, const BorBlock& first, BorChain& bor) {
  BorBlock next = first;
  if (first.number - last.end_block > 1) {
    ASSIGN_OR_RETURN(next, asked(bor.block(last.end_block + 1)));
  }
  const Bytes parent(next.parent_hash.bytes.begin(), next.parent_hash.bytes.end());
  if (!last.hash.empty() && parent != last.hash) {
    return Failure{plain_error("first block parent hash does not match last milestone hash")};
  }
  return last.hash.empty() ? Bytes{} : parent;
}

Outcome<bool> is_allowed_author(const Context& context, const BorBlockInfo& info) {
  if (info.block.number == 0) return true;
  ASSIGN_OR_RETURN(const bor::Span span, bor::Keeper().span_of_block(context, info.block.number));
  return std::ranges::any_of(span.selected_producers, [&info](const stake::Validator& producer) {
    const auto address = runtime::parse_address(producer.signer);
    return address.ok() && *address == info.author;
  });
}

/// From Rio on a block that another than its span's producer sealed ends the proposition.
Status<Error> cut_at_foreign_author(const Context& context, std::vector<BorBlockInfo>& blocks) {
  const auto phase = bor::Keeper().check_producer_phase(context);
  if (!phase.ok()) return phase.error().is_panic() ? phase : Status<Error>(Unit{});
  std::size_t count = 0;
  for (; count < blocks.size(); ++count) {
    ASSIGN_OR_RETURN(const bool is_allowed, is_allowed_author(context, blocks[count]));
    if (!is_allowed) break;
  }
  if (count == 0) return Failure{plain_error("no valid block author found")};
  blocks.resize(count);
  return Unit{};
}

Bytes bytes_of(const Hash256& hash) { return {hash.bytes.begin(), hash.bytes.end()}; }

Outcome<MilestoneProposition> build(const Context& context, BorChain& bor) {
  ASSIGN_OR_RETURN(const auto last, Keeper().last_if_any(context));
  ASSIGN_OR_RETURN(const Params params, Keeper().params(context));
  ASSIGN_OR_RETURN(const Start start, start_of(last, params, bor));
  const std::uint64_t count =
      std::min(start.head.number - start.block + 1, params.max_milestone_proposition_length);
  ASSIGN_OR_RETURN(std::vector<BorBlockInfo> blocks,
                   asked(bor.blocks(start.block, start.block + count - 1)));
  if (blocks.empty()) return Failure{plain_error("no new headers found")};
  MilestoneProposition proposition{.start_block_number = start.block};
  if (last) {
    ASSIGN_OR_RETURN(proposition.parent_hash, parent_of(*last, blocks.front().block, bor));
  }
  RETURN_IF_ERROR(cut_at_foreign_author(context, blocks));
  for (const BorBlockInfo& info : blocks) {
    proposition.block_hashes.push_back(bytes_of(info.block.hash));
    proposition.block_tds.push_back(info.total_difficulty);
  }
  if (context.forks().proposition_names_head(context.height())) {
    proposition.latest_block_number = start.head.number;
    proposition.latest_block_hash = bytes_of(start.head.hash);
  }
  if (context.forks().is_compact_vote_extension(context.height())) {
    proposition = to_compact(std::move(proposition));
  }
  RETURN_IF_ERROR(validate_proposition(context, proposition, context.height()));
  return proposition;
}

}  // namespace

Outcome<std::optional<MilestoneProposition>> propose(const Context& context, BorChain& bor) {
  auto proposition = build(context, bor);
  if (proposition.ok()) {
    return std::optional<MilestoneProposition>(std::move(proposition).value());
  }
  if (proposition.error().is_panic()) return Failure{std::move(proposition).error()};
  return std::optional<MilestoneProposition>{};
}

}  // namespace buri::consensus::modules::milestone
