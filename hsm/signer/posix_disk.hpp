#pragma once

#include <memory>
#include <string>

#include "hsm/signer/disk.hpp"

/// A directory of the kernel's file systems.

namespace buri::hsm::signer {

/// Opens `path`, which must be a directory. The handle is kept, so that a later rename or mount
/// over the path changes nothing. lock() puts an exclusive flock(2) on the file "lock" in it and
/// writes the process id there.
Result<std::unique_ptr<Disk>, DiskError> open_posix_disk(const std::string& path);

}  // namespace buri::hsm::signer
