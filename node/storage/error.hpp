#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

/// Why the store could not do what was asked.

namespace buri::storage {

struct StorageError {
  enum class Kind : std::uint8_t {
    kIo,           ///< the disk or the file system refused
    kCorruption,   ///< a checksum or a record's form is wrong
    kInUse,        ///< another process has the database open
    kNewerSchema,  ///< written by a newer program
    kMismatch,     ///< another kind of database, or other column families
  };

  Kind kind = Kind::kIo;
  std::string detail;  ///< one sentence for people, with expected and found where that fits
};

}  // namespace buri::storage
