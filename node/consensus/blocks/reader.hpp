#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "node/consensus/blocks/records.hpp"
#include "node/storage/database.hpp"

/// Reading of records by height, with the memory of the first failure. Private to
/// node/consensus/blocks.

namespace buri::consensus::blocks {

/// Thread-safe.
class Reader {
 public:
  explicit Reader(const storage::Database& database) : database_(&database) {}

  [[nodiscard]] std::optional<Bytes> get(storage::Family family, ByteView key) const;
  /// The record, decoded; one that does not decode is a failure.
  template <class T>
  std::optional<T> get_as(storage::Family family, ByteView key,
                          Decoded<T> (*decode)(ByteView record)) const {
    const auto record = get(family, key);
    if (!record) return std::nullopt;
    return value_or_fail(family, key, decode(*record));
  }
  template <class T>
  std::optional<T> value_or_fail(storage::Family family, ByteView key, Decoded<T> decoded) const {
    if (decoded.ok()) return std::move(decoded).value();
    fail_to_decode(family, key, codec::describe(decoded.error()));
    return std::nullopt;
  }
  /// The first and the last height of a family; nothing if it is empty.
  struct Heights {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };
  [[nodiscard]] std::optional<Heights> heights(storage::Family family) const;
  /// The last height at or below `height`.
  [[nodiscard]] std::optional<std::int64_t> at_or_below(storage::Family family,
                                                        std::int64_t height) const;

  [[nodiscard]] std::optional<storage::StorageError> failure() const;

 private:
  void fail(storage::StorageError error) const;
  void fail_to_decode(storage::Family family, ByteView key, std::string_view why) const;

  const storage::Database* database_;
  mutable std::mutex mutex_;
  mutable std::optional<storage::StorageError> failure_;
};

}  // namespace buri::consensus::blocks
