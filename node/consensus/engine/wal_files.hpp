#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// The disk as the write-ahead log needs it: one directory of files that only grow at their end.
/// Injected, so that simulations can cut the power between any two calls.

namespace buri::consensus::engine {

/// Why a call on the disk failed.
struct WalFileError {
  std::string file;    ///< a name within the directory, or the directory
  std::string reason;  ///< the system's words
};
/// "FILE: REASON".
std::string describe(const WalFileError& error);

/// One directory. Names have no slash. Not thread-safe.
class WalFiles {
 public:
  virtual ~WalFiles() = default;

  /// Names of all files, ascending.
  virtual Result<std::vector<std::string>, WalFileError> list() = 0;
  /// The whole file.
  virtual Result<Bytes, WalFileError> read(const std::string& name) = 0;
  /// Adds to the end, creating the file if there is none. Not durable before sync(); after an error
  /// any part may have been written.
  virtual Status<WalFileError> append(const std::string& name, ByteView bytes) = 0;
  /// What was appended to the file, and its name, are durable when this succeeds. After an error
  /// nobody knows what is on the disk; callers never repeat it.
  virtual Status<WalFileError> sync(const std::string& name) = 0;
  /// Cuts the file; durable when this succeeds.
  virtual Status<WalFileError> truncate(const std::string& name, std::uint64_t byte_count) = 0;
  /// Gives a file another name, replacing what bore it; durable when this succeeds.
  virtual Status<WalFileError> rename(const std::string& from, const std::string& to) = 0;
  virtual Status<WalFileError> remove(const std::string& name) = 0;
};

/// A directory of the kernel's, created with mode 0700 if it is missing. Keeps the file open that
/// was appended to last.
Result<std::unique_ptr<WalFiles>, WalFileError> open_wal_directory(const std::string& path);

}  // namespace buri::consensus::engine
