#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "node/app/config.hpp"

/// Strict reading of config.toml: what is not in the list of config_fields.cpp is an error, and so
/// is a value of another type or out of bounds.

namespace buri::app {

/// Reads a TOML text in ASCII; what it does not set keeps its default. The error is one sentence
/// with `name` (the file's), line and setting, what was expected, what was found (unless it may be
/// a secret) and what to do.
Result<Config, std::string> parse_config(std::string_view text, std::string_view name);

/// Reads a file of at most 1 MiB. Errors as above, or why it cannot be read.
Result<Config, std::string> read_config(const std::string& path);

/// The text of a file of at most `max_bytes`; the error is a sentence with the path.
Result<std::string, std::string> read_small_file(const std::string& path, std::size_t max_bytes);

}  // namespace buri::app
