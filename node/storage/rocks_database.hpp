#pragma once

#include <memory>
#include <span>
#include <string>

#include "node/storage/database.hpp"

/// The database on disk.

namespace rocksdb {
class Env;
}

namespace buri::storage {

/// How a database is opened. Memory is bounded by block_cache_bytes: write buffers, filters and
/// indices are charged to it.
struct RocksOptions {
  std::string folder;
  /// Keeps everything in memory, where it is gone with the database; `folder` is then a mere name.
  bool in_memory = false;
  bool create_if_missing = true;
  std::size_t block_cache_bytes = std::size_t{256} << 20;
  /// Of block_cache_bytes, what all write buffers together take before they are written to files.
  /// What is being written counts beside it.
  std::size_t write_buffer_bytes = std::size_t{96} << 20;
  int max_open_files = 512;  ///< each costs a descriptor and some kilobytes
  int background_jobs = 2;   ///< threads that write files and merge them
  /// The world it runs in; null is the machine's. For fault injection. Outlives the database.
  rocksdb::Env* environment = nullptr;
};

/// Opens the database in `options.folder` with the given families, creating what is missing. A
/// family on disk that `families` lacks is an error (kMismatch): it would not be kept consistent.
/// After a crash the database holds every synced batch and, of those after, a prefix.
Result<std::unique_ptr<Database>, StorageError> open_rocks_database(
    const RocksOptions& options, std::span<const FamilySpec> families);

}  // namespace buri::storage
