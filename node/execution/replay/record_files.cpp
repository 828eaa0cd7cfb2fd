#include "node/execution/replay/record_files.hpp"

#include <charconv>

namespace buri::execution::replay {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Cuts the first piece up to `separator`, or all, off `text`.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

}  // namespace

Result<TableFile, std::string> TableFile::open(const ReadFile& read, const std::string& name,
                                               std::size_t fields) {
  TableFile table;
  ASSIGN_OR_RETURN(auto text, read(name));
  if (!text) return table;
  table.is_there_ = true;
  table.text_ = std::make_unique<std::string>(std::move(*text));
  std::string_view rest = *table.text_;
  cut(rest, '\n');
  for (std::size_t line = 2; !rest.empty(); ++line) {
    std::string_view row_text = cut(rest, '\n');
    Row row;
    while (!row_text.empty()) row.push_back(cut(row_text, '\t'));
    const auto number = row.empty() ? std::nullopt : parse_number(row.front());
    if (row.size() < fields || !number) {
      return Failure{name + ", line " + std::to_string(line) + ": expected " +
                     std::to_string(fields) + " fields and a block number first"};
    }
    table.rows_.emplace_back(*number, std::move(row));
  }
  return table;
}

std::vector<TableFile::Row> TableFile::rows_of(std::uint64_t number) {
  while (next_ < rows_.size() && rows_[next_].first < number) ++next_;
  std::vector<Row> rows;
  for (std::size_t i = next_; i < rows_.size() && rows_[i].first == number; ++i) {
    rows.push_back(rows_[i].second);
  }
  return rows;
}

Result<LinesFile, std::string> LinesFile::open(const ReadFile& read, const std::string& name) {
  LinesFile file;
  file.name_ = name;
  ASSIGN_OR_RETURN(auto text, read(name));
  if (!text) return file;
  file.is_there_ = true;
  file.text_ = std::move(*text);
  return file;
}

Result<std::optional<JsonValue>, std::string> LinesFile::next() {
  if (pending_) return std::exchange(pending_, std::nullopt);
  if (at_ >= text_.size()) return std::optional<JsonValue>();
  std::string_view rest = std::string_view(text_).substr(at_);
  const std::string_view line = cut(rest, '\n');
  at_ = text_.size() - rest.size();
  ++line_;
  auto value = parse_json(line, {.max_bytes = std::size_t{256} << 20,
                                 .max_depth = 32,
                                 .max_values = 20'000'000,
                                 .max_members = 5'000'000});
  if (value.ok()) return std::optional(std::move(value).value());
  return Failure{name_ + ", line " + std::to_string(line_) + ": " + describe(value.error())};
}

Result<std::optional<JsonValue>, std::string> LinesFile::line_of(std::string_view key,
                                                                 std::uint64_t number) {
  while (true) {
    ASSIGN_OR_RETURN(auto line, next());
    if (!line) return line;
    const auto found = number_of(*line, key);
    if (!found.ok())
      return Failure{name_ + ", line " + std::to_string(line_) + ": " + found.error()};
    if (*found == number) return line;
    if (*found > number) {
      pending_ = std::move(line);
      return std::optional<JsonValue>();
    }
  }
}

Result<std::string, std::string> text_of(const JsonValue& line, std::string_view key) {
  auto member = JsonCursor(line).member(key);
  if (!member.ok()) return Failure{describe(member.error())};
  return member->value().text;
}

Result<std::uint64_t, std::string> number_of(const JsonValue& line, std::string_view key) {
  ASSIGN_OR_RETURN(const std::string text, text_of(line, key));
  const auto number = parse_number(text);
  if (!number) return Failure{std::string(key) + ": expected a number, found \"" + text + "\""};
  return *number;
}

}  // namespace buri::execution::replay
