#include "node/consensus/iavl/pruner.hpp"

namespace buri::consensus::iavl {

Status<storage::StorageError> Pruner::load() {
  ASSIGN_OR_RETURN(const std::int64_t oldest, tables_.mark(Tables::kOldest));
  target_ = oldest;
  ASSIGN_OR_RETURN(pruned_, tables_.mark(Tables::kPruned));
  return Unit{};
}

Result<bool, storage::StorageError> Pruner::slice() {
  if (target_ == 0) return false;
  if (pruned_ < target_) {
    RETURN_IF_ERROR(prune_height(pruned_ + 1));
    return true;
  }
  ASSIGN_OR_RETURN(const bool some_pages, prune_pages());
  if (some_pages) return true;
  return prune_anchors();
}

/// Removes the values that `height` replaced, and the records of heights that are not kept.
Status<storage::StorageError> Pruner::prune_height(std::int64_t height) {
  storage::Batch batch;
  ASSIGN_OR_RETURN(const std::vector<ChangedKey> changed, tables_.changes_of(height));
  for (const ChangedKey& change : changed) RETURN_IF_ERROR(hide(change, height, batch));
  batch.remove(tables_.changes, height_key(height - 1));
  batch.remove(tables_.changes, height_key(height));
  batch.remove(tables_.commits, height_key(height - 1));
  tables_.put_mark(batch, Tables::kPruned, height);
  RETURN_IF_ERROR(tables_.database->write(batch, storage::Durability::kOrdered));
  pruned_ = height;
  return Unit{};
}

/// All older versions of the key but one are gone already.
Status<storage::StorageError> Pruner::hide(const ChangedKey& changed, std::int64_t height,
                                           storage::Batch& batch) const {
  Bytes key;
  append_state_prefix(key, changed.store, changed.key);
  const std::size_t prefix_bytes = key.size();
  append_state_version(key, height - 1);
  Bytes older;
  Bytes value;
  ASSIGN_OR_RETURN(const bool found, tables_.database->get_within_prefix(
                                         tables_.state, key, prefix_bytes, older, value));
  if (found) batch.remove(tables_.state, older);
  if (changed.removed) {
    key.resize(prefix_bytes);
    append_state_version(key, height);
    batch.remove(tables_.state, key);
  }
  return Unit{};
}

Result<bool, storage::StorageError> Pruner::prune_pages() {
  const auto records = tables_.database->iterate(tables_.dead_pages);
  records->seek({});
  if (!records->valid()) {
    RETURN_IF_ERROR(records->status());
    return false;
  }
  const ByteView key = records->key();
  if (key.size() != 16) return Failure{corruption("a key of dead pages has another length")};
  if (height_of(key) > target_) return false;
  const auto dead = decode_pages(records->value());
  if (!dead) return Failure{corruption("a record of dead pages cannot be read")};
  storage::Batch batch;
  for (const PageId page : *dead) batch.remove(tables_.pages, page_key(page));
  batch.remove(tables_.dead_pages, key);
  RETURN_IF_ERROR(tables_.database->write(batch, storage::Durability::kOrdered));
  return true;
}

Result<bool, storage::StorageError> Pruner::prune_anchors() {
  ASSIGN_OR_RETURN(const auto older, tables_.last_height(tables_.anchors, target_ - 1));
  if (!older) return false;
  storage::Batch batch;
  batch.remove(tables_.anchors, height_key(*older));
  RETURN_IF_ERROR(tables_.database->write(batch, storage::Durability::kOrdered));
  return true;
}

}  // namespace buri::consensus::iavl
