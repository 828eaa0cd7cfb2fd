#pragma once

#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include "base/bytes.hpp"
#include "node/storage/error.hpp"

/// RocksDB's values from ours and back. Private to node/storage.

namespace buri::storage {

inline rocksdb::Slice slice(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline ByteView view(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}

/// REQUIRES: the status is not ok.
StorageError error_of(const rocksdb::Status& status);
Status<StorageError> result_of(const rocksdb::Status& status);

}  // namespace buri::storage
