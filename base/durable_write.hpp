#pragma once

#include <string>

#include "base/bytes.hpp"

/// What every file that has to survive a power cut needs. Both leave the system's reason in errno
/// where they fail, for the caller's sentence. Thread-safe.

namespace buri {

/// Writes everything to an open file, at its position; not yet durable.
bool write_all(int file, ByteView bytes);

/// Makes the entries of a folder durable, and their absence.
bool sync_folder(const std::string& folder);

}  // namespace buri
