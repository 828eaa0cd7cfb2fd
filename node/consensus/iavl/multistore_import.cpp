#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/iavl/tables.hpp"

/// A first height that memory does not hold.

namespace buri::consensus::iavl {
namespace {

constexpr std::size_t kImportBatchBytes = std::size_t{4} << 20;
constexpr std::size_t kPagesPerBatch = 4096;

}  // namespace

/// A store of an import: reads see all that was written before.
class Import::ImportStore final : public store::Store {
 public:
  ImportStore(Import& owner, TreeIndex index)
      : owner_(owner),
        index_(index),
        written_(owner.owner_.tables_->state_source(nullptr), index, owner.height_) {}

  Result<std::optional<Bytes>, store::AccessError> get(ByteView key) override {
    RETURN_IF_ERROR(answer(owner_.write_all()));
    return written_.get(key);
  }
  Result<bool, store::AccessError> has(ByteView key) override {
    RETURN_IF_ERROR(answer(owner_.write_all()));
    return written_.has(key);
  }
  Result<std::unique_ptr<store::Iterator>, store::AccessError> iterate(
      const store::KeyRange& range, store::Direction direction) override {
    RETURN_IF_ERROR(answer(owner_.write_all()));
    return written_.iterate(range, direction);
  }
  Status<store::AccessError> set(ByteView key, ByteView value) override {
    return answer(owner_.set(index_, key, value));
  }
  Status<store::AccessError> remove(ByteView key) override {
    return answer(owner_.remove(index_, key));
  }

 private:
  static Status<store::AccessError> answer(const Status<storage::StorageError>& written) {
    if (!written.ok()) return Failure{store::AccessError::kStorage};
    return Unit{};
  }

  Import& owner_;
  TreeIndex index_;
  HeightStore written_;
};

Import::Import(Multistore& owner, std::int64_t height) : owner_(owner), height_(height) {
  for (std::size_t i = 0; i < owner.store_names().size(); ++i) {
    stores_.push_back(std::make_unique<ImportStore>(*this, static_cast<TreeIndex>(i)));
  }
}

Import::~Import() = default;

std::vector<store::Store*> Import::stores() {
  std::vector<store::Store*> all;
  for (const auto& store : stores_) all.push_back(store.get());
  return all;
}

std::int64_t Multistore::imported_height() const {
  const std::lock_guard lock(heights_mutex_);
  return imported_;
}

Result<std::unique_ptr<Import>, Multistore::Error> Multistore::import_first(std::int64_t height) {
  CHECK(this->height() == 0 && height > 0, "an import is the first height");
  RETURN_IF_ERROR(forget_import());
  const std::lock_guard lock(heights_mutex_);
  imported_ = 0;
  return std::unique_ptr<Import>(new Import(*this, height));
}

/// Removes what an import left. REQUIRES: there is no height.
Status<Multistore::Error> Multistore::forget_import() {
  storage::Batch batch;
  batch.remove_range(tables_->state, {}, Bytes{0xff, 0xff});
  batch.remove(tables_->meta, as_bytes(Tables::kImported));
  return tables_->database->write(batch, storage::Durability::kSynced);
}

Bytes Import::state_key(std::size_t store, ByteView key) const {
  CHECK(key.size() <= kMaxKeyBytes, "a key is at most 65535 bytes long");
  Bytes state_key;
  append_state_prefix(state_key, static_cast<TreeIndex>(store), key);
  append_state_version(state_key, height_);
  return state_key;
}

Status<storage::StorageError> Import::set(std::size_t store, ByteView key, ByteView value) {
  Bytes record{kPresentMark};
  append(record, value);
  batch_.put(owner_.tables_->state, state_key(store, key), record);
  return write_some();
}

Status<storage::StorageError> Import::remove(std::size_t store, ByteView key) {
  batch_.remove(owner_.tables_->state, state_key(store, key));
  return write_some();
}

Status<storage::StorageError> Import::write_some() {
  return batch_.size_bytes() < kImportBatchBytes ? Status<storage::StorageError>(Unit{})
                                                 : write_all();
}

Status<storage::StorageError> Import::write_all() {
  if (batch_.size_bytes() == 0) return Unit{};
  RETURN_IF_ERROR(owner_.tables_->database->write(batch_, storage::Durability::kOrdered));
  batch_.clear();
  return Unit{};
}

Status<storage::StorageError> Import::finish() {
  owner_.tables_->put_mark(batch_, Tables::kImported, height_);
  RETURN_IF_ERROR(owner_.tables_->database->write(batch_, storage::Durability::kSynced));
  batch_.clear();
  const std::lock_guard lock(owner_.heights_mutex_);
  owner_.imported_ = height_;
  return Unit{};
}

/// Writes what has changed so far and drops half of the nodes.
Status<Multistore::Error> Multistore::spill_forest() {
  forest_->hash_changes();
  forest_->spill();
  storage::Batch batch;
  for (bool done = false; !done;) {
    batch.clear();
    done = forest_->write_pages(batch, kPagesPerBatch);
    RETURN_IF_ERROR(tables_->database->write(batch, storage::Durability::kOrdered));
  }
  forest_->evict(options_.tree_cache_bytes / sizeof(Node) / 2);
  return Unit{};
}

/// Sets all that the stores hold, key after key, as the network does when the first block's writes
/// are flushed together with those of the genesis. Writes pages when memory runs short. REQUIRES:
/// the trees are empty.
Status<Multistore::Error> Multistore::build_forest(std::int64_t height,
                                                   const std::vector<store::ReadStore*>& stores) {
  const Error unreadable{Error::Kind::kIo, "what was imported cannot be read"};
  const std::size_t max_nodes = options_.tree_cache_bytes / sizeof(Node);
  for (std::size_t i = 0; i < stores.size(); ++i) {
    auto iterator = stores[i]->iterate({}, store::Direction::kAscending);
    if (!iterator.ok()) return Failure{unreadable};
    for (store::Iterator& at = **iterator; at.valid();) {
      RETURN_IF_ERROR(forest_->set(static_cast<TreeIndex>(i), at.key(), at.value(), height));
      if (forest_->changed_nodes() > max_nodes / 2) RETURN_IF_ERROR(spill_forest());
      if (!at.next().ok()) return Failure{unreadable};
    }
  }
  return Unit{};
}

}  // namespace buri::consensus::iavl
