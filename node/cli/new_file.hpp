#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Files that a command adds to a home: each is there as a whole or not at all, and none replaces
/// another.

namespace buri::cli {

/// Files made so far; those of a command that did not come to its end are removed.
class NewFiles {
 public:
  NewFiles() = default;
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;
  ~NewFiles();

  /// Makes `path` durable with that content and mode. Errors, one sentence: there is such a file,
  /// or it cannot be made.
  Status<std::string> write(const std::string& path, std::string_view content, ::mode_t mode);
  /// Makes `path` another name of `target`; false if the file systems do not let it, or if they are
  /// two. Errors: there is such a file.
  Result<bool, std::string> link(const std::string& target, const std::string& path);
  /// They stay.
  void keep() { paths_.clear(); }

 private:
  std::vector<std::string> paths_;
};

}  // namespace buri::cli
