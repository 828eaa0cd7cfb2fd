#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// The disk as a dependency: one directory of flat files, with the calls whose order makes
/// sign-state and audit log safe. posix_disk.hpp is the kernel's; tests/support/hsm/sim_disk.hpp
/// plays power cuts, torn writes and failing calls.

namespace buri::hsm::signer {

/// Why a call on the disk failed.
enum class DiskError : std::uint8_t {
  kNotFound,  ///< no file of that name
  kExists,    ///< the name is taken
  kNoSpace,   ///< ENOSPC, EDQUOT or EFBIG: what was written of the range is unspecified
  kReadOnly,  ///< EROFS: nothing was written
  kDenied,    ///< permissions
  kLocked,    ///< another process holds the directory
  kIo,        ///< anything else: what is on the disk is unspecified
};

/// What the error means, for people.
std::string_view describe(DiskError error);

/// One open file. Not thread-safe.
class DiskFile {
 public:
  virtual ~DiskFile() = default;

  /// Up to `max_bytes` from `offset`; fewer only at the end of the file.
  virtual Result<Bytes, DiskError> read(std::uint64_t offset, std::size_t max_bytes) = 0;
  /// All of `bytes` to `offset`. Not durable before sync(); after an error any part may have been
  /// written.
  virtual Status<DiskError> write(std::uint64_t offset, ByteView bytes) = 0;
  /// fdatasync(2): everything written is durable when this succeeds. After an error nobody knows
  /// what is on the disk, and a second call may succeed without having written anything, so callers
  /// never repeat it.
  virtual Status<DiskError> sync() = 0;
  virtual Result<std::uint64_t, DiskError> size() = 0;
  /// Cuts or extends the file with zeros; durable after sync().
  virtual Status<DiskError> resize(std::uint64_t byte_count) = 0;
};

/// One directory. Names have no slash. Not thread-safe.
class Disk {
 public:
  virtual ~Disk() = default;

  /// Opens an existing file for reading and writing.
  virtual Result<std::unique_ptr<DiskFile>, DiskError> open(const std::string& name) = 0;
  /// Creates an empty file, readable and writable by the owner alone; kExists if the name is taken.
  virtual Result<std::unique_ptr<DiskFile>, DiskError> create(const std::string& name) = 0;
  /// Gives a file another name, atomically; durable after sync_directory(). kExists rather than
  /// replacing a file.
  virtual Status<DiskError> rename(const std::string& from, const std::string& to) = 0;
  virtual Status<DiskError> remove(const std::string& name) = 0;
  /// Makes creations, renames and removals durable.
  virtual Status<DiskError> sync_directory() = 0;
  /// Names of all files, ascending.
  virtual Result<std::vector<std::string>, DiskError> list() = 0;
  /// Takes the directory for this process until the Disk is destroyed; kLocked if another has it.
  virtual Status<DiskError> lock() = 0;
};

}  // namespace buri::hsm::signer
