#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "node/storage/batch.hpp"
#include "node/storage/error.hpp"

/// Batches that become files of the database without going through its log and write buffers.
/// Private to node/storage.

namespace buri::storage {

/// Makes the files and has the database take them in. Thread-safe. `database` and `handles` must
/// outlive it.
class RocksFiles {
 public:
  RocksFiles(rocksdb::DB& database, std::span<rocksdb::ColumnFamilyHandle* const> handles,
             std::string folder)
      : database_(database), handles_(handles), folder_(std::move(folder)) {}

  /// As Database::write_sorted().
  Status<StorageError> write(const Batch& batch);

  /// Removes what a crash left of files that were not taken in. REQUIRES: the folder's database is
  /// open, so that nobody else makes some, and none are made by RocksFiles yet.
  static void remove_leftovers(rocksdb::Env& environment, const std::string& folder);

 private:
  struct File;

  rocksdb::Status make_files(const Batch& batch, std::vector<std::unique_ptr<File>>& files);

  rocksdb::DB& database_;
  std::span<rocksdb::ColumnFamilyHandle* const> handles_;
  std::string folder_;
  std::atomic<std::uint64_t> made_ = 0;
};

}  // namespace buri::storage
