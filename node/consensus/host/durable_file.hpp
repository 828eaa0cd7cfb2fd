#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.hpp"

/// Small files that are replaced as a whole.

namespace buri::consensus::host {

/// Writes a file of that mode in place of what bears the name: after a crash the old one or the new
/// one is there, and when this succeeds it is the new one. The error is a sentence.
Status<std::string> replace_file(const std::string& path, std::string_view content, mode_t mode);

/// A whole file of at most `max_bytes`. The error is a sentence.
Result<std::string, std::string> read_file(const std::string& path,
                                           std::size_t max_bytes = std::size_t{64} << 20);

}  // namespace buri::consensus::host
