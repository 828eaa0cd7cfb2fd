#pragma once

#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "base/result.hpp"

/// A file that is there as a whole or not at all.

namespace buri::cli {

/// Writes beside the file, under its name with ".part", and puts that in place at the end. What was
/// not finished is removed. Errors, one sentence each. Not thread-safe.
class OutputFile {
 public:
  explicit OutputFile(std::string path) : path_(std::move(path)), part_(path_ + ".part") {}
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// Errors: the file is there already, or cannot be made.
  Status<std::string> open();
  Status<std::string> write(std::string_view text);
  Status<std::string> finish();
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  std::string path_;
  std::string part_;
  Descriptor file_;
  std::uint64_t bytes_ = 0;
};

}  // namespace buri::cli
