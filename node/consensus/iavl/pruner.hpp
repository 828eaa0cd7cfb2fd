#pragma once

#include <atomic>

#include "node/consensus/iavl/tables.hpp"

/// Removing what only heights before the oldest kept one need, a slice at a time. Nothing is
/// searched for: a height's changes say which older values it hides, an anchor's dead pages which
/// pages it replaced. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// One thread at a time, keep_from() excepted.
class Pruner {
 public:
  explicit Pruner(const Tables& tables) : tables_(tables) {}

  /// Goes on where the marks in the database say.
  Status<storage::StorageError> load();
  /// Tells the first height of all, which hides nothing. REQUIRES: before the first keep_from().
  void begin_at(std::int64_t first_height) { pruned_ = first_height; }
  /// Everything that heights from `oldest` on do not need may go. REQUIRES: `oldest` is an anchor
  /// and is remembered as the oldest height kept.
  void keep_from(std::int64_t oldest) { target_ = oldest; }
  /// Removes some; false if nothing is left to remove.
  Result<bool, storage::StorageError> slice();

 private:
  Status<storage::StorageError> prune_height(std::int64_t height);
  Status<storage::StorageError> hide(const ChangedKey& changed, std::int64_t height,
                                     storage::Batch& batch) const;
  Result<bool, storage::StorageError> prune_pages();
  Result<bool, storage::StorageError> prune_anchors();

  Tables tables_;
  std::atomic<std::int64_t> target_{0};  ///< 0: nothing to prune yet
  std::int64_t pruned_ = 0;              ///< values that heights up to here hide are gone
};

}  // namespace buri::consensus::iavl
