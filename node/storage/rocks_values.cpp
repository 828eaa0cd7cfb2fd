#include "node/storage/rocks_values.hpp"

namespace buri::storage {

StorageError error_of(const rocksdb::Status& status) {
  using Kind = StorageError::Kind;
  const std::string text = status.ToString();
  if (status.IsCorruption()) return {Kind::kCorruption, text};
  const bool locked =
      text.find("lock file") != std::string::npos || text.find("lock hold") != std::string::npos;
  if (locked) return {Kind::kInUse, text};
  if (status.IsInvalidArgument()) return {Kind::kMismatch, text};
  return {Kind::kIo, text};
}

Status<StorageError> result_of(const rocksdb::Status& status) {
  if (status.ok()) return Unit{};
  return Failure{error_of(status)};
}

}  // namespace buri::storage
