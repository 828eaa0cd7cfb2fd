#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

/// Reading recorded chains: JSON lines, plain or compressed with xz.

namespace buri::consensus::records {

/// What is wrong with a file and where.
struct RecordError {
  std::string path;
  std::uint64_t line = 0;  ///< from 1; 0 when it is about the whole file
  std::string expected;
  std::string found;

  friend bool operator==(const RecordError&, const RecordError&) = default;
};

/// "FILE, line N: expected EXPECTED, found FOUND".
std::string describe(const RecordError& error);

/// The whole content of a file; decompressed if its name ends with ".xz". Errors: it cannot be
/// read, is no xz stream, or exceeds `max_bytes`.
Result<std::string, RecordError> read_text(const std::string& path,
                                           std::size_t max_bytes = std::size_t{1} << 30);

/// Calls `visit` for each line as a JSON document, without holding the file in memory. Stops at its
/// first error or at the first line that is no JSON. A line may take 64 MiB.
using LineVisitor =
    std::function<Status<RecordError>(std::uint64_t line_number, const JsonValue& value)>;
Status<RecordError> for_each_line(const std::string& path, const LineVisitor& visit);

/// The path with or without ".xz", whichever exists; the plain one is preferred.
std::string existing_path(const std::string& plain_path);

}  // namespace buri::consensus::records
