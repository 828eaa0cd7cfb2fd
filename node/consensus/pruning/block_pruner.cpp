#include "node/consensus/pruning/block_pruner.hpp"

#include <algorithm>

#include "node/consensus/pruning/retention.hpp"

namespace buri::consensus::pruning {

BlockPruner::BlockPruner(const PruningServices& services, const PruningOptions& options,
                         Logger logger)
    : services_(services), options_(options), logger_(std::move(logger)) {}

void BlockPruner::block_applied(const host::AppliedBlock& applied) {
  const std::int64_t height = applied.chain->last_height;
  if (options_.kept_blocks == 0 || is_over_ || is_busy_ || height < due_height_) return;
  due_height_ = height + options_.interval_heights;
  is_busy_ = true;
  pass_ = Pass{.age = evidence::EvidenceAge::of(*applied.chain), .goal = {}, .removed = 0};
  turn();
}

void BlockPruner::turn() {
  services_.worker->post_first([this] {
    services_.loop->post([this, turn = work()] {
      if (!is_over_) after(turn);
    });
  });
}

BlockPruner::Turn BlockPruner::work() {
  if (!pass_.goal) {
    pass_.goal = retain_height(*services_.blocks, pass_.age, options_.kept_blocks);
  }
  const auto removed = remove_slice();
  if (!removed.ok()) return {false, removed.error().detail};
  return {services_.blocks->base() < *pass_.goal, std::nullopt};
}

/// Blocks go first and states behind the last of them, so that every stored block has its states; a
/// pass without blocks to remove removes the states that a crash left.
Status<storage::StorageError> BlockPruner::remove_slice() {
  const std::int64_t base = services_.blocks->base();
  const std::int64_t end = std::min(base + options_.slice_heights, *pass_.goal);
  ASSIGN_OR_RETURN(const std::int64_t removed, services_.blocks->prune(end));
  pass_.removed += removed;
  if (end < *pass_.goal) return Unit{};
  return services_.states->prune(end);
}

void BlockPruner::after(const Turn& turn) {
  if (turn.failure) {
    is_over_ = true;
    logger_.error("blocks are not pruned any more", {{"reason", *turn.failure}});
    return;
  }
  if (turn.has_more) {
    services_.loop->after(options_.slice_pause, [this] {
      if (!is_over_) this->turn();
    });
    return;
  }
  is_busy_ = false;
  if (pass_.removed == 0) return;
  logger_.info("blocks pruned", {{"removed", pass_.removed}, {"oldest", *pass_.goal}});
}

}  // namespace buri::consensus::pruning
