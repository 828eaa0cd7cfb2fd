#include "node/consensus/codec/json.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "base/codec/base64.hpp"

namespace buri::consensus::codec {
namespace {

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Takes exactly `digits` digits and then `separator` (unless 0) from the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits, char separator) {
  if (text.size() < digits + (separator != 0 ? 1 : 0)) return std::nullopt;
  const auto value = parse_number<int>(text.substr(0, digits));
  if (!value || *value < 0 || text[0] == '-') return std::nullopt;
  text.remove_prefix(digits);
  if (separator != 0) {
    if (text[0] != separator) return std::nullopt;
    text.remove_prefix(1);
  }
  return value;
}

/// ".380541069" to nanoseconds; takes it from the front. Nothing if a dot has no 1 to 9 digits.
std::optional<std::int32_t> take_fraction(std::string_view& text) {
  if (text.empty() || text[0] != '.') return 0;
  std::size_t digits = 0;
  std::int32_t nanos = 0;
  while (digits < 9 && digits + 1 < text.size() && text[digits + 1] >= '0' &&
         text[digits + 1] <= '9') {
    nanos = nanos * 10 + (text[++digits] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits + 1);
  for (; digits < 9; ++digits) nanos *= 10;
  return nanos;
}

/// Offset from UTC in minutes: "Z", "+01:30"; must be all that is left.
std::optional<int> zone_minutes(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2, ':');
  const auto minutes = take_number(text, 2, 0);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

/// None, three, six or nine digits: protobuf's JSON has no others.
std::string fraction_text(std::int32_t nanos) {
  if (nanos == 0) return {};
  std::string text = fmt::format(".{:09}", nanos);
  while (text.ends_with("000")) text.resize(text.size() - 3);
  return text;
}

/// Bytes of the UTF-8 character that `text` starts with; 0 if it starts with none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool is_overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool is_surrogate = first == 0xED && byte(1) > 0x9F;
  const bool is_too_large = first == 0xF4 && byte(1) > 0x8F;
  return is_overlong || is_surrogate || is_too_large ? 0 : length;
}

/// One character as encoding/json writes it; `length` is 0 for a byte that is no UTF-8.
void append_json_character(std::string& target, std::string_view character, std::size_t length) {
  if (length == 0) {
    target += "\\ufffd";
    return;
  }
  if (length == 3 && (character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9")) {
    target += character[2] == '\xA8' ? "\\u2028" : "\\u2029";
    return;
  }
  const char c = character[0];
  switch (c) {
    case '"':
      target += "\\\"";
      return;
    case '\\':
      target += "\\\\";
      return;
    case '\b':
      target += "\\b";
      return;
    case '\f':
      target += "\\f";
      return;
    case '\n':
      target += "\\n";
      return;
    case '\r':
      target += "\\r";
      return;
    case '\t':
      target += "\\t";
      return;
    default:
      break;
  }
  const bool is_html = c == '<' || c == '>' || c == '&';
  if (length == 1 && (static_cast<unsigned char>(c) < 0x20 || is_html)) {
    target += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  } else {
    target += character;
  }
}

const JsonValue* find_member(const JsonValue& object, std::string_view key) {
  const auto child = std::ranges::find(object.children, key, &JsonValue::key);
  return child == object.children.end() ? nullptr : &*child;
}

}  // namespace

std::string to_rfc3339(const Timestamp& time) {
  const std::chrono::sys_seconds moment{std::chrono::seconds{time.seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{moment - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     fraction_text(time.nanos));
}

std::optional<Timestamp> timestamp_from_rfc3339(std::string_view text) {
  const auto year = take_number(text, 4, '-');
  const auto month = take_number(text, 2, '-');
  const auto day = take_number(text, 2, 'T');
  const auto hour = take_number(text, 2, ':');
  const auto minute = take_number(text, 2, ':');
  const auto second = take_number(text, 2, 0);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const auto nanos = take_fraction(text);
  const auto zone = zone_minutes(text);
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!nanos || !zone || !date.ok() || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  const auto moment = std::chrono::sys_days{date} + std::chrono::hours{*hour} +
                      std::chrono::minutes{*minute - *zone} + std::chrono::seconds{*second};
  return Timestamp{
      std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch()).count(), *nanos};
}

std::string to_seconds_text(const Duration& duration) {
  const bool is_negative = duration.seconds < 0 || duration.nanos < 0;
  std::string text = is_negative ? "-" : "";
  text += std::to_string(duration.seconds < 0 ? -duration.seconds : duration.seconds);
  if (duration.nanos != 0) {
    // Three, six or nine digits, as protobuf's JSON has it.
    std::string fraction =
        fmt::format(".{:09}", duration.nanos < 0 ? -duration.nanos : duration.nanos);
    while (fraction.ends_with("000")) fraction.resize(fraction.size() - 3);
    text += fraction;
  }
  return text + "s";
}

std::optional<Duration> duration_from_seconds_text(std::string_view text) {
  if (!text.ends_with('s')) return std::nullopt;
  text.remove_suffix(1);
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const std::size_t dot = std::min(text.find('.'), text.size());
  const auto seconds = parse_number<std::int64_t>(text.substr(0, dot));
  text.remove_prefix(dot);
  const auto nanos = take_fraction(text);
  if (!seconds || *seconds < 0 || !nanos || !text.empty()) return std::nullopt;
  return is_negative ? Duration{-*seconds, -*nanos} : Duration{*seconds, *nanos};
}

std::string to_lower_camel(std::string_view snake) {
  std::string camel;
  bool raises = false;
  for (const char c : snake) {
    if (c == '_') {
      raises = true;
      continue;
    }
    camel += raises && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    raises = false;
  }
  return camel;
}

void append_json_string(std::string& target, std::string_view text) {
  target += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    append_json_character(target, text.substr(0, std::max<std::size_t>(length, 1)), length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  target += '"';
}

std::optional<JsonCursor> json_member(const JsonCursor& object, std::string_view snake) {
  for (const std::string& name : {std::string(snake), to_lower_camel(snake)}) {
    const JsonValue* child = find_member(object.value(), name);
    if (child == nullptr || child->kind == JsonValue::Kind::kNull) continue;
    auto member = object.member(name);
    if (member.ok()) return *member;
  }
  return std::nullopt;
}

namespace detail {

Result<std::int64_t, JsonError> json_integer(const JsonCursor& value, std::int64_t min,
                                             std::int64_t max) {
  const JsonValue& json = value.value();
  const bool is_numeric =
      json.kind == JsonValue::Kind::kString || json.kind == JsonValue::Kind::kNumber;
  const auto number = is_numeric ? parse_number<std::int64_t>(json.text) : std::nullopt;
  if (!number || *number < min || *number > max) return Failure{value.error("an integer")};
  return *number;
}

Result<std::uint64_t, JsonError> json_unsigned(const JsonCursor& value, std::uint64_t max) {
  const JsonValue& json = value.value();
  const bool is_numeric =
      json.kind == JsonValue::Kind::kString || json.kind == JsonValue::Kind::kNumber;
  const auto number = is_numeric ? parse_number<std::uint64_t>(json.text) : std::nullopt;
  if (!number || *number > max) return Failure{value.error("an unsigned integer")};
  return *number;
}

Result<Bytes, JsonError> json_bytes(const JsonCursor& value) { return value.base64(); }

void append_base64(std::string& target, ByteView bytes) {
  target += '"';
  target += to_base64(bytes);
  target += '"';
}

}  // namespace detail
}  // namespace buri::consensus::codec
