#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

/// What every file that a command makes durable needs.

namespace buri::cli {

/// "PATH WHAT: the system's reason", of the last call that failed (errno).
Failure<std::string> system_failure(const std::string& path, std::string_view what);

/// Writes everything to an open file; `path` names it in the error, a sentence.
Status<std::string> write_all(int file, const std::string& path, std::string_view text);

/// Makes the entries of a folder durable, and their absence. The error is a sentence.
Status<std::string> sync_folder(const std::string& folder);

}  // namespace buri::cli
