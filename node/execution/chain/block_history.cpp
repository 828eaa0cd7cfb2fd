#include "node/execution/chain/block_history.hpp"

namespace buri::execution::chain {

using storage::Batch;
using storage::StorageError;

Status<StorageError> BlockHistory::load() {
  ASSIGN_OR_RETURN(const auto policy, blocks_.read_meta(MetaRecord::kHistory, decode_history));
  policy_ = policy.value_or(HistoryPolicy{});
  return Unit{};
}

Status<StorageError> BlockHistory::keep(std::uint64_t kept_blocks) {
  CHECK(kept_blocks == 0 || kept_blocks >= kMinKeptBlocks, "blocks of a reorg stay whole");
  HistoryPolicy policy = policy_;
  policy.kept_blocks = kept_blocks;
  Batch batch;
  blocks_.put_meta(batch, MetaRecord::kHistory, encode_history(policy));
  RETURN_IF_ERROR(blocks_.write(batch, storage::Durability::kSynced));
  policy_ = policy;
  return Unit{};
}

StoredResult<std::uint64_t> BlockHistory::add_old(Batch& batch, std::uint64_t head_number,
                                                  std::uint64_t max_blocks) {
  HistoryPolicy policy = policy_;
  std::uint64_t count = 0;
  const auto is_old = [&] { return policy.first_whole + policy.kept_blocks <= head_number; };
  for (; policy.kept_blocks > 0 && count < max_blocks && is_old(); ++count) {
    RETURN_IF_ERROR(blocks_.prune(batch, policy.first_whole));
    ++policy.first_whole;
  }
  if (count > 0) blocks_.put_meta(batch, MetaRecord::kHistory, encode_history(policy));
  // Should the batch fail, the store must be opened again before it is written to.
  policy_ = policy;
  return count;
}

Status<StorageError> BlockHistory::add_to(Batch& batch, std::uint64_t head_number) {
  if (head_number > kMinKeptBlocks) {
    RETURN_IF_ERROR(blocks_.forget_sides(batch, head_number - kMinKeptBlocks));
  }
  RETURN_IF_ERROR(add_old(batch, head_number, kPrunedPerBlock));
  return Unit{};
}

StoredResult<std::uint64_t> BlockHistory::prune(std::uint64_t head_number,
                                                std::uint64_t max_blocks) {
  Batch batch;
  ASSIGN_OR_RETURN(const std::uint64_t count, add_old(batch, head_number, max_blocks));
  if (count > 0) RETURN_IF_ERROR(blocks_.write(batch, storage::Durability::kSynced));
  return count;
}

}  // namespace buri::execution::chain
