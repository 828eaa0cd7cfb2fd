#include "base/u256_words.hpp"
#include "node/execution/chain/chain.hpp"

/// Blocks whose roots and write go on while the next one is executed.

namespace buri::execution::chain {

Status<AheadFault> Chain::settle() {
  if (under_way_ == nullptr) return Unit{};
  const std::unique_ptr<UnderWay> block = std::move(under_way_);
  const auto kept = block->kept.get();
  if (!kept.ok()) return Failure{AheadFault{block->held->block.header.number, kept.error()}};
  head_ = block->held;
  return Unit{};
}

Status<BlockFault> Chain::settled() {
  const auto status = settle();
  if (!status.ok()) return Failure{status.error().fault};
  return Unit{};
}

Result<ImportResult, AheadFault> Chain::import_ahead(Block block, BlockSigners signers) {
  const std::uint64_t number = block.header.number;
  const Hash256 hash = hash_of(block.header);
  const auto known = services_.blocks.entry(hash);
  const ChainBlock& tip = under_way_ == nullptr ? *head_ : *under_way_->held;
  const BlockEntry parent = tip.entry();
  if (!known.ok() || *known != nullptr || block.header.parent_hash != parent.hash) {
    RETURN_IF_ERROR(settle());
    auto result = import(std::move(block), std::move(signers));
    if (!result.ok()) return Failure{AheadFault{number, result.error()}};
    return *result;
  }
  auto held = std::make_shared<ChainBlock>();
  storage::Batch along;
  const auto judged = [&]() -> Status<BlockFault> {
    ASSIGN_OR_RETURN(const ProducerSet producers, judge(block, signers, parent));
    held->total_difficulty = wrapping_add(parent.total_difficulty, block.header.difficulty);
    held->block = std::move(block);
    held->hash = hash;
    held->signers = std::move(signers);
    RETURN_IF_ERROR(check_whitelist(held->entry()));
    put(along, *held, producers);
    return Unit{};
  }();
  if (!judged.ok()) {
    RETURN_IF_ERROR(settle());
    return Failure{AheadFault{number, judged.error()}};
  }
  RETURN_IF_ERROR(begin(held, std::move(along)));
  return ImportResult::kHead;
}

Status<AheadFault> Chain::begin(const Held& held, storage::Batch along) {
  const bool follows = under_way_ != nullptr;
  auto next = std::make_unique<UnderWay>();
  next->held = held;
  // The state before the block under way stands still, whether that is kept meanwhile or not.
  next->before = follows ? under_way_->before : services_.states.head();
  auto executed = [&]() -> Result<Executed, BlockFault> {
    if (!follows) return execute(*held, {*next->before}, along);
    const state::ChangedState changed(*next->before, under_way_->change);
    return execute(*held, {changed, &under_way_->held->block.header}, along);
  }();
  const auto read = services_.states.check_reads(*next->before);
  RETURN_IF_ERROR(settle());
  const std::uint64_t number = held->block.header.number;
  if (!read.ok()) return Failure{AheadFault{number, no_state(read.error())}};
  if (!executed.ok()) return Failure{AheadFault{number, executed.error()}};
  next->before = services_.states.head();
  next->change = executed->change;
  next->along = std::move(along);
  under_way_ = std::move(next);
  under_way_->kept =
      keeper_.run([this, block = under_way_.get(), done = std::move(executed).value()]() mutable {
        return keep(block->held, std::move(done), block->along);
      });
  return Unit{};
}

}  // namespace buri::execution::chain
