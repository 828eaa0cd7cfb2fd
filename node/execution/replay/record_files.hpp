#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_cursor.hpp"
#include "base/result.hpp"

/// The files of a recorded chain as texts. Who replays brings the disk.

namespace buri::execution::replay {

/// The text of a file of the chain's folder, decompressed; nothing if there is none. An error is
/// one sentence.
using ReadFile =
    std::function<Result<std::optional<std::string>, std::string>(const std::string& name)>;

/// Rows of a table with tabs between fields, below one line of titles, by ascending block number in
/// the first field.
class TableFile {
 public:
  using Row = std::vector<std::string_view>;

  /// Without a file it has no rows. Errors: a row with fewer fields than `fields`, or without a
  /// number.
  static Result<TableFile, std::string> open(const ReadFile& read, const std::string& name,
                                             std::size_t fields);

  [[nodiscard]] bool is_there() const { return is_there_; }
  /// The rows of a block. REQUIRES: numbers are asked for in ascending order.
  std::vector<Row> rows_of(std::uint64_t number);

 private:
  std::unique_ptr<std::string> text_;  ///< rows borrow it
  std::vector<std::pair<std::uint64_t, Row>> rows_;
  std::size_t next_ = 0;
  bool is_there_ = false;
};

/// A JSON document on each line.
class LinesFile {
 public:
  static Result<LinesFile, std::string> open(const ReadFile& read, const std::string& name);

  [[nodiscard]] bool is_there() const { return is_there_; }
  /// The next line; nothing at the end. Errors: a line that is no document.
  Result<std::optional<JsonValue>, std::string> next();
  /// The line whose member `key` is that number; nothing if there is none. Lines stand by ascending
  /// number. REQUIRES: numbers are asked for in ascending order.
  Result<std::optional<JsonValue>, std::string> line_of(std::string_view key, std::uint64_t number);

 private:
  std::string name_;
  std::string text_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;
  std::optional<JsonValue> pending_;
  bool is_there_ = false;
};

/// The text of a member, or an error that names file and field.
Result<std::string, std::string> text_of(const JsonValue& line, std::string_view key);
Result<std::uint64_t, std::string> number_of(const JsonValue& line, std::string_view key);

}  // namespace buri::execution::replay
