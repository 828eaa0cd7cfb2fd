#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The names of the log's files. Private to wal_reader.cpp and wal_writer.cpp.

namespace buri::consensus::engine {

inline constexpr std::string_view kWalHead = "wal";
inline constexpr std::string_view kWalCorrupted = "wal.CORRUPTED";

/// "wal.007" for 7; more digits above 999.
std::string older_wal_name(std::uint64_t number);
/// The number in such a name; nothing for any other name.
std::optional<std::uint64_t> older_wal_number(std::string_view name);

/// The log's files among `names`, oldest first, the head last.
std::vector<std::string> wal_order(const std::vector<std::string>& names);

}  // namespace buri::consensus::engine
