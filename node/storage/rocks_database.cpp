#include "node/storage/rocks_database.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <vector>

#include "node/storage/rocks_files.hpp"
#include "node/storage/rocks_options.hpp"
#include "node/storage/rocks_values.hpp"

namespace buri::storage {
namespace {

/// RocksDB's file system in memory, which knows absolute paths only.
class MemoryEnvironment final : public rocksdb::EnvWrapper {
 public:
  MemoryEnvironment() : EnvWrapper(rocksdb::NewMemEnv(rocksdb::Env::Default())), owner_(target()) {}
  rocksdb::Status GetAbsolutePath(const std::string& path, std::string* absolute) override {
    *absolute = path.starts_with('/') ? path : "/" + path;
    return rocksdb::Status::OK();
  }
  [[nodiscard]] const char* Name() const override { return "buri memory"; }

 private:
  std::unique_ptr<rocksdb::Env> owner_;
};

class RocksIterator final : public Iterator {
 public:
  explicit RocksIterator(rocksdb::Iterator* iterator) : iterator_(iterator) {}

  void seek(ByteView key) override { iterator_->Seek(slice(key)); }
  void seek_for_previous(ByteView key) override { iterator_->SeekForPrev(slice(key)); }
  [[nodiscard]] bool valid() const override { return iterator_->Valid(); }
  void next() override { iterator_->Next(); }
  void previous() override { iterator_->Prev(); }
  [[nodiscard]] ByteView key() const override { return view(iterator_->key()); }
  [[nodiscard]] ByteView value() const override { return view(iterator_->value()); }
  [[nodiscard]] Status<StorageError> status() const override {
    return result_of(iterator_->status());
  }

 private:
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

class RocksDatabase final : public Database {
 public:
  RocksDatabase(std::unique_ptr<rocksdb::DB> database, std::shared_ptr<rocksdb::Cache> cache,
                std::vector<rocksdb::ColumnFamilyHandle*> handles,
                std::unique_ptr<rocksdb::Env> environment, const std::string& folder)
      : environment_(std::move(environment)),
        database_(std::move(database)),
        cache_(std::move(cache)),
        handles_(std::move(handles)),
        files_(*database_, handles_, folder) {}
  ~RocksDatabase() override {
    for (rocksdb::ColumnFamilyHandle* handle : handles_) {
      database_->DestroyColumnFamilyHandle(handle);
    }
    database_->Close();
  }

  [[nodiscard]] std::optional<Family> family(std::string_view name) const override {
    for (std::uint32_t i = 0; i < handles_.size(); ++i) {
      if (handles_[i]->GetName() == name) return Family{i};
    }
    return std::nullopt;
  }

  Result<bool, StorageError> get(Family family, ByteView key, Bytes& value) const override {
    rocksdb::PinnableSlice found;
    const rocksdb::Status status = database_->Get({}, handles_[family.index], slice(key), &found);
    if (status.IsNotFound()) return false;
    if (!status.ok()) return Failure{error_of(status)};
    const ByteView bytes = view(found);
    value.assign(bytes.begin(), bytes.end());
    return true;
  }

  Result<bool, StorageError> get_within_prefix(Family family, ByteView key,
                                               std::size_t prefix_bytes, Bytes& found_key,
                                               Bytes& value) const override {
    rocksdb::ReadOptions options;
    options.prefix_same_as_start = true;
    const std::unique_ptr<rocksdb::Iterator> iterator(
        database_->NewIterator(options, handles_[family.index]));
    iterator->Seek(slice(key));
    if (!iterator->Valid()) {
      RETURN_IF_ERROR(result_of(iterator->status()));
      return false;
    }
    const ByteView found = view(iterator->key());
    if (found.size() < prefix_bytes || !equal(found.first(prefix_bytes), key.first(prefix_bytes))) {
      return false;
    }
    const ByteView bytes = view(iterator->value());
    found_key.assign(found.begin(), found.end());
    value.assign(bytes.begin(), bytes.end());
    return true;
  }

  [[nodiscard]] std::unique_ptr<Iterator> iterate(Family family) const override {
    rocksdb::ReadOptions options;
    options.total_order_seek = true;
    return std::make_unique<RocksIterator>(database_->NewIterator(options, handles_[family.index]));
  }

  Status<StorageError> write(const Batch& batch, Durability durability) override {
    rocksdb::WriteBatch writes(batch.size_bytes());
    batch.for_each([&](const Batch::Write& write) {
      rocksdb::ColumnFamilyHandle* handle = handles_[write.family.index];
      switch (write.kind) {
        case Batch::Kind::kPut:
          writes.Put(handle, slice(write.key), slice(write.value));
          break;
        case Batch::Kind::kRemove:
          writes.Delete(handle, slice(write.key));
          break;
        case Batch::Kind::kRemoveRange:
          writes.DeleteRange(handle, slice(write.key), slice(write.value));
          break;
      }
    });
    rocksdb::WriteOptions options;
    // What is in memory dies with the process: a log of it would serve nobody.
    options.disableWAL = environment_ != nullptr;
    options.sync = durability == Durability::kSynced && !options.disableWAL;
    return result_of(database_->Write(options, &writes));
  }

  Status<StorageError> write_sorted(const Batch& batch) override { return files_.write(batch); }

  Status<StorageError> copy_to(const std::string& folder) override {
    rocksdb::Checkpoint* checkpoint = nullptr;
    RETURN_IF_ERROR(result_of(rocksdb::Checkpoint::Create(database_.get(), &checkpoint)));
    const std::unique_ptr<rocksdb::Checkpoint> owner(checkpoint);
    return result_of(checkpoint->CreateCheckpoint(folder));
  }

  [[nodiscard]] MemoryUse memory_use() const override {
    MemoryUse use{.cache_bytes = cache_->GetUsage()};
    std::uint64_t bytes = 0;
    if (database_->GetAggregatedIntProperty("rocksdb.cur-size-all-mem-tables", &bytes)) {
      use.write_buffer_bytes = bytes;
    }
    if (database_->GetAggregatedIntProperty("rocksdb.estimate-table-readers-mem", &bytes)) {
      use.table_reader_bytes = bytes;
    }
    return use;
  }

 private:
  std::unique_ptr<rocksdb::Env> environment_;  ///< null: somebody else's
  std::unique_ptr<rocksdb::DB> database_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  RocksFiles files_;
};

}  // namespace

Result<std::unique_ptr<Database>, StorageError> open_rocks_database(
    const RocksOptions& options, std::span<const FamilySpec> families) {
  RocksSetup setup = rocks_setup(options);
  std::unique_ptr<rocksdb::Env> environment;
  if (options.in_memory) {
    environment = std::make_unique<MemoryEnvironment>();
    setup.database.env = environment.get();
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(
      setup.database, options.folder, rocks_families(setup, families), &handles, &opened);
  if (!status.ok()) return Failure{error_of(status)};
  RocksFiles::remove_leftovers(*opened->GetEnv(), options.folder);
  return std::unique_ptr<Database>(
      std::make_unique<RocksDatabase>(std::unique_ptr<rocksdb::DB>(opened), setup.cache,
                                      std::move(handles), std::move(environment), options.folder));
}

}  // namespace buri::storage
