#pragma once

#include "node/execution/chain/block_store.hpp"

/// What goes as blocks come: side branches that can no longer win, and, where the operator keeps
/// only a part of the past, bodies and receipts of old blocks. Headers stay for ever.

namespace buri::execution::chain {

/// Not thread-safe. `blocks` must outlive it.
class BlockHistory {
 public:
  /// So many newest blocks stay whole at least.
  static constexpr std::uint64_t kMinKeptBlocks = 1024;

  explicit BlockHistory(BlockStore& blocks) : blocks_(blocks) {}

  /// Reads the policy of the store.
  Status<storage::StorageError> load();
  [[nodiscard]] const HistoryPolicy& policy() const { return policy_; }
  /// Changes the policy. REQUIRES: kept_blocks is 0 or at least kMinKeptBlocks.
  Status<storage::StorageError> keep(std::uint64_t kept_blocks);

  /// Adds to the batch of block `head_number` what goes with it: of old blocks at most
  /// kPrunedPerBlock.
  Status<storage::StorageError> add_to(storage::Batch& batch, std::uint64_t head_number);
  /// Removes up to `max_blocks` blocks that the policy lets go, in a batch of their own. How many
  /// went.
  StoredResult<std::uint64_t> prune(std::uint64_t head_number, std::uint64_t max_blocks);

 private:
  static constexpr std::uint64_t kPrunedPerBlock = 4;

  StoredResult<std::uint64_t> add_old(storage::Batch& batch, std::uint64_t head_number,
                                      std::uint64_t max_blocks);

  BlockStore& blocks_;
  HistoryPolicy policy_;
};

}  // namespace buri::execution::chain
