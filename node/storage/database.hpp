#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "node/storage/batch.hpp"
#include "node/storage/error.hpp"

/// An ordered key-value database with column families and atomic batches: what the layers keep
/// their data in. Production is RocksDB (rocks_database.hpp); simulations bring a disk that crashes
/// at will.

namespace buri::storage {

/// A column family as data: one per kind of data, tuned for how that kind is read and written.
struct FamilySpec {
  std::string_view name;
  /// Uncompressed size of the unit that is read from disk and cached.
  std::size_t block_bytes = std::size_t{8} << 10;
  /// Bits per key of the filter that spares reads of absent keys; 0 for none.
  int filter_bits_per_key = 10;
  /// The filter knows a key without its last bytes: how many. For keys that end in a version.
  std::size_t filter_suffix_bytes = 0;
  /// Memory for writes before they go to a file of their own.
  std::size_t write_buffer_bytes = std::size_t{32} << 20;
  bool compress = true;  ///< LZ4; pointless for records that are mostly hashes
};

/// What is durable when a write returns.
enum class Durability : std::uint8_t {
  /// The batch is on disk, and so is everything written before it.
  kSynced,
  /// A crash of the machine may lose the batch, but then also everything written after it.
  kOrdered,
};

/// A position in a family, moved by key. Sees the database as it was when the iterator was made.
/// One thread at a time. REQUIRES: does not outlive its database.
class Iterator {
 public:
  virtual ~Iterator() = default;

  /// To the first key at or after `key`; invalid if there is none.
  virtual void seek(ByteView key) = 0;
  /// To the last key at or before `key`; invalid if there is none.
  virtual void seek_for_previous(ByteView key) = 0;
  [[nodiscard]] virtual bool valid() const = 0;
  /// REQUIRES: valid(). The views hold until the iterator moves.
  virtual void next() = 0;
  virtual void previous() = 0;
  [[nodiscard]] virtual ByteView key() const = 0;
  [[nodiscard]] virtual ByteView value() const = 0;
  /// Why the iterator became invalid before its end; ok otherwise.
  [[nodiscard]] virtual Status<StorageError> status() const = 0;
};

/// Memory in use, for metrics and tests.
struct MemoryUse {
  std::size_t cache_bytes = 0;         ///< blocks, filters and indices
  std::size_t write_buffer_bytes = 0;  ///< not yet in files
  std::size_t table_reader_bytes = 0;  ///< outside the cache
};

/// See the top of this file. Thread-safe; batches of concurrent write() calls are ordered somehow.
/// Every call may block on the disk.
class Database {
 public:
  virtual ~Database() = default;

  /// The family of that name, or nothing if the database was opened without it.
  [[nodiscard]] virtual std::optional<Family> family(std::string_view name) const = 0;

  /// Copies the value at `key` into `value`; false (and `value` unspecified) if there is none.
  virtual Result<bool, StorageError> get(Family family, ByteView key, Bytes& value) const = 0;

  /// The first record at or after `key` that shares the first `prefix_bytes` bytes with it. False
  /// if there is none. REQUIRES: prefix_bytes <= key.size(); in a family with filter_suffix_bytes,
  /// the prefix is `key` without those, and all records with that prefix are as long as `key`.
  virtual Result<bool, StorageError> get_within_prefix(Family family, ByteView key,
                                                       std::size_t prefix_bytes, Bytes& found_key,
                                                       Bytes& value) const = 0;

  [[nodiscard]] virtual std::unique_ptr<Iterator> iterate(Family family) const = 0;

  /// Applies the batch as a whole or, after a crash, not at all.
  virtual Status<StorageError> write(const Batch& batch, Durability durability) = 0;

  /// Applies a large batch as a whole, durable when it returns, without keeping other writes
  /// waiting for as long as write() would. What was written before and not synced may still be lost
  /// in a crash. REQUIRES: the keys of each family ascend strictly, and there are no ranges.
  virtual Status<StorageError> write_sorted(const Batch& batch) = 0;

  /// Makes a consistent copy at `folder`, which must not exist; files are hard-linked where the
  /// file system allows. Does not block readers or writers for long.
  virtual Status<StorageError> copy_to(const std::string& folder) = 0;

  [[nodiscard]] virtual MemoryUse memory_use() const = 0;
};

/// The family of that name. REQUIRES: the database was opened with it.
Family opened_family(const Database& database, std::string_view name);

}  // namespace buri::storage
