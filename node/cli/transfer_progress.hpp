#pragma once

#include <string>

#include "node/cli/progress_line.hpp"

namespace buri::cli {

/// A progress line about bytes: how many, of how many, the rate, the time that is left. Not
/// thread-safe.
class TransferProgress {
 public:
  /// `done` says what happens to the bytes: "imported".
  explicit TransferProgress(std::string done) : done_(std::move(done)) {}

  /// `total_bytes` 0: not known.
  void show(std::uint64_t bytes, std::uint64_t total_bytes);
  void end() { line_.end(); }

 private:
  std::string done_;
  MonotonicTime start_ = system_clock().monotonic();
  ProgressLine line_;
};

}  // namespace buri::cli
