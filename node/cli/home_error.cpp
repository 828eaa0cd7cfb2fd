#include "node/cli/home_error.hpp"

namespace buri::cli {

std::string home_sentence(const std::string& folder, const storage::StorageError& error) {
  using storage::StorageError;
  switch (error.kind) {
    case StorageError::Kind::kInUse:
      return folder + ": another process uses this home; end it first";
    case StorageError::Kind::kNewerSchema:
      return folder + ": a newer buri wrote this home: " + error.detail;
    case StorageError::Kind::kMismatch:
      return folder + ": this folder holds another kind of database: " + error.detail;
    case StorageError::Kind::kCorruption:
      return folder + ": this home is damaged: " + error.detail;
    case StorageError::Kind::kIo:
      break;
  }
  return folder + ": " + error.detail;
}

}  // namespace buri::cli
