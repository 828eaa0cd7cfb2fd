#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// Suites as they are distributed: tar archives compressed by xz.

namespace buri::testing {

/// Where a suite lies: $BURI_FIXTURES, else ../shared/fixtures beside the checkout. Nothing if the
/// file is not there.
std::optional<std::string> fixture_path(std::string_view file);

/// What an .xz file holds. Aborts on a file that is damaged.
std::string read_xz(const std::string& path);

/// Calls `visit` with each regular file of a .tar.xz, in the archive's order. Aborts on an archive
/// that is damaged.
void visit_archive(const std::string& path,
                   const std::function<void(std::string_view name, std::string_view text)>& visit);

}  // namespace buri::testing
