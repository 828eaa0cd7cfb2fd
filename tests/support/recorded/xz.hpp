#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Reads compressed recordings.

namespace buri::testing {

/// The decompressed text of an .xz file; nothing if it cannot be opened. Aborts if it is damaged.
std::optional<std::string> read_xz(const std::string& path);

/// Calls visit(line) for each line of `text`, without its end.
void for_each_line(std::string_view text, const std::function<void(std::string_view)>& visit);

}  // namespace buri::testing
