#include <algorithm>

#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/iavl/pruner.hpp"
#include "node/consensus/iavl/tables.hpp"

/// Anchors and pruning: what goes on beside the heights.

namespace buri::consensus::iavl {
namespace {

/// Pages written while the forest is held.
constexpr std::size_t kPagesPerSlice = 128;
/// Of the memory for nodes, what may be changed before an anchor begins.
constexpr std::size_t kChangedShare = 4;

std::size_t max_nodes(const MultistoreOptions& options) {
  return options.tree_cache_bytes / sizeof(Node);
}

}  // namespace

/// Begins an anchor of the newest height if it is due or asked for; drops nodes above the budget.
void Multistore::begin_anchor(bool now) {
  const std::lock_guard lock(forest_mutex_);
  const std::int64_t newest = height();
  const bool due = newest - anchor_height_ >= options_.anchor_interval_heights ||
                   forest_->changed_nodes() > max_nodes(options_) / kChangedShare;
  if (!forest_->freezing() && (now || due) && newest > anchor_height_) {
    forest_->freeze(newest);
    anchor_height_ = newest;
  }
  forest_->evict(max_nodes(options_));
}

/// Writes some pages of the anchor under way, and its record after the last. False if there is
/// none. REQUIRES: maintain_mutex_ is held, so that the record is written after all pages.
Result<bool, Multistore::Error> Multistore::anchor_slice() {
  storage::Batch batch;
  {
    const std::lock_guard lock(forest_mutex_);
    if (!forest_->freezing()) return false;
    if (forest_->write_pages(batch, kPagesPerSlice)) {
      std::vector<PageId> dead;
      const Anchor anchor = forest_->finish(dead);
      tables_->put_anchor(batch, anchor, dead);
      // The forest may drop nodes and read these pages from now on.
      RETURN_IF_ERROR(tables_->database->write(batch, storage::Durability::kOrdered));
      return true;
    }
  }
  RETURN_IF_ERROR(tables_->database->write(batch, storage::Durability::kOrdered));
  return true;
}

Status<Multistore::Error> Multistore::finish_anchor() {
  const std::lock_guard lock(maintain_mutex_);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, anchor_slice());
    if (!more) return Unit{};
  }
}

/// While an anchor is written nothing can be dropped: does not let changes pile up behind it.
Status<Multistore::Error> Multistore::finish_anchor_if_late() {
  {
    const std::lock_guard lock(forest_mutex_);
    const bool late =
        forest_->freezing() && forest_->changed_nodes() > max_nodes(options_) / kChangedShare;
    if (!late) return Unit{};
  }
  return finish_anchor();
}

Status<Multistore::Error> Multistore::write_anchor() {
  RETURN_IF_ERROR(finish_anchor());
  begin_anchor(true);
  return finish_anchor();
}

Result<bool, Multistore::Error> Multistore::maintain() {
  const std::lock_guard lock(maintain_mutex_);
  ASSIGN_OR_RETURN(const bool more, anchor_slice());
  if (more) return true;
  return pruner_->slice();
}

Status<Multistore::Error> Multistore::prune(std::int64_t height) {
  const std::lock_guard lock(heights_mutex_);
  height = std::min(height, height_);
  if (!viewed_.empty()) height = std::min(height, *viewed_.begin());
  ASSIGN_OR_RETURN(const auto anchor, tables_->last_height(tables_->anchors, height));
  if (!anchor || *anchor <= oldest_) return Unit{};
  storage::Batch batch;
  tables_->put_mark(batch, Tables::kOldest, *anchor);
  RETURN_IF_ERROR(tables_->database->write(batch, storage::Durability::kOrdered));
  oldest_ = *anchor;
  pruner_->keep_from(oldest_);
  return Unit{};
}

}  // namespace buri::consensus::iavl
