#include "base/json_cursor.hpp"

#include <algorithm>
#include <charconv>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"

namespace buri {
namespace {

using Kind = JsonValue::Kind;

/// Longer texts are cut in messages.
constexpr std::size_t kMaxShownCharacters = 80;

std::string shown(const JsonValue& value) {
  switch (value.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBoolean:
      return value.boolean ? "true" : "false";
    case Kind::kArray:
      return "an array of " + std::to_string(value.children.size());
    case Kind::kObject:
      return "an object";
    case Kind::kNumber:
    case Kind::kString:
      break;
  }
  const bool cut = value.text.size() > kMaxShownCharacters;
  const std::string text = value.text.substr(0, kMaxShownCharacters) + (cut ? "..." : "");
  return value.kind == Kind::kString ? "\"" + text + "\"" : text;
}

/// The whole of `text` as an integer, if from_chars takes it and would print it the same way.
template <class Integer>
std::optional<Integer> canonical_integer(std::string_view text) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (std::to_string(value) != text) return std::nullopt;
  return value;
}

bool is_lower_hex_digit(char digit) {
  return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
}

}  // namespace

JsonError JsonCursor::error(std::string expected) const {
  return {path(), std::move(expected), shown(*value_)};
}

bool JsonCursor::has(std::string_view key) const {
  if (value_->kind != Kind::kObject) return false;
  return std::any_of(value_->children.begin(), value_->children.end(),
                     [&](const JsonValue& child) { return child.key == key; });
}

Result<JsonCursor, JsonError> JsonCursor::member(std::string_view key) const {
  if (value_->kind != Kind::kObject) return Failure{error("an object")};
  const std::string path = path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  for (const JsonValue& child : value_->children) {
    if (child.key == key) return JsonCursor(child, path);
  }
  return Failure{JsonError{path, "a value", "no such field"}};
}

Status<JsonError> JsonCursor::allow_only(std::initializer_list<std::string_view> keys) const {
  if (value_->kind != Kind::kObject) return Failure{error("an object")};
  for (const JsonValue& child : value_->children) {
    if (std::find(keys.begin(), keys.end(), child.key) != keys.end()) continue;
    std::string known;
    for (const std::string_view key : keys) known += (known.empty() ? "" : ", ") + std::string(key);
    return Failure{JsonError{path(), "only the fields " + known, "\"" + child.key + "\""}};
  }
  return Unit{};
}

Result<std::vector<JsonCursor>, JsonError> JsonCursor::elements(std::size_t max_count) const {
  if (value_->kind != Kind::kArray || value_->children.size() > max_count) {
    return Failure{error("an array of at most " + std::to_string(max_count))};
  }
  std::vector<JsonCursor> cursors;
  cursors.reserve(value_->children.size());
  for (std::size_t i = 0; i < value_->children.size(); ++i) {
    cursors.push_back(JsonCursor(value_->children[i], path_ + "[" + std::to_string(i) + "]"));
  }
  return cursors;
}

Result<std::string_view, JsonError> JsonCursor::string() const {
  if (value_->kind != Kind::kString) return Failure{error("a string")};
  return std::string_view(value_->text);
}

Result<bool, JsonError> JsonCursor::boolean() const {
  if (value_->kind != Kind::kBoolean) return Failure{error("true or false")};
  return value_->boolean;
}

Result<std::uint64_t, JsonError> JsonCursor::unsigned_number(std::uint64_t max) const {
  const auto number = canonical_integer<std::uint64_t>(value_->text);
  if (value_->kind != Kind::kNumber || !number || *number > max) {
    return Failure{error("a whole number from 0 to " + std::to_string(max))};
  }
  return *number;
}

Result<std::int64_t, JsonError> JsonCursor::int64_string(std::int64_t min, std::int64_t max) const {
  const auto number = canonical_integer<std::int64_t>(value_->text);
  if (value_->kind != Kind::kString || !number || *number < min || *number > max) {
    return Failure{error("a decimal number in a string, from " + std::to_string(min) + " to " +
                         std::to_string(max))};
  }
  return *number;
}

Result<std::uint64_t, JsonError> JsonCursor::quantity() const {
  const std::string_view text = value_->text;
  std::uint64_t number = 0;
  const bool shaped = value_->kind == Kind::kString && text.starts_with("0x") && text.size() > 2 &&
                      (text[2] != '0' || text.size() == 3) &&
                      std::all_of(text.begin() + 2, text.end(), is_lower_hex_digit);
  if (!shaped ||
      std::from_chars(text.data() + 2, text.data() + text.size(), number, 16).ec != std::errc{}) {
    return Failure{error("a 64-bit number in hex such as \"0x1b4\"")};
  }
  return number;
}

Result<Bytes, JsonError> JsonCursor::hex(HexStyle style) const {
  const std::string_view text = value_->text;
  const auto bytes = from_hex(text);
  if (value_->kind == Kind::kString && bytes) {
    const bool exact =
        style == HexStyle::kUpper ? text == to_upper_hex(*bytes) : text == "0x" + to_hex(*bytes);
    if (exact) return *bytes;
  }
  return Failure{error(style == HexStyle::kUpper ? "upper-case hex" : "lower-case hex after 0x")};
}

Result<Bytes, JsonError> JsonCursor::base64() const {
  auto bytes = from_base64(value_->text);
  if (value_->kind != Kind::kString || !bytes) return Failure{error("base64")};
  return *std::move(bytes);
}

std::string JsonCursor::hex_text(HexStyle style, std::size_t byte_count) {
  const std::string digits = std::to_string(2 * byte_count);
  return style == HexStyle::kUpper ? digits + " upper-case hex digits"
                                   : "0x and " + digits + " lower-case hex digits";
}

}  // namespace buri
