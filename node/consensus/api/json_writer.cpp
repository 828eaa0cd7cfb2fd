#include "node/consensus/api/json_writer.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"

namespace buri::consensus::api {
namespace {

constexpr std::string_view kReplacement = "\\ufffd";

/// How many bytes the valid UTF-8 sequence at the front has; 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  const std::uint8_t second = byte(1);
  const std::uint8_t least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const std::uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (std::size_t at = 2; at < length; ++at) {
    if ((byte(at) & 0xc0) != 0x80) return 0;
  }
  return length;
}

void append_escaped(std::string& json, char letter) {
  switch (letter) {
    case '"':
    case '\\':
      json += '\\';
      json += letter;
      return;
    case '\b':
      json += "\\b";
      return;
    case '\f':
      json += "\\f";
      return;
    case '\n':
      json += "\\n";
      return;
    case '\r':
      json += "\\r";
      return;
    case '\t':
      json += "\\t";
      return;
    default:
      break;
  }
  const bool is_plain =
      static_cast<std::uint8_t>(letter) >= 0x20 && letter != '<' && letter != '>' && letter != '&';
  if (is_plain) {
    json += letter;
  } else {
    json += fmt::format("\\u{:04x}", static_cast<unsigned>(letter));
  }
}

}  // namespace

std::string go_quoted(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      json += kReplacement;
    } else if (length == 1) {
      append_escaped(json, text[0]);
    } else if (text.starts_with("\xe2\x80\xa8") || text.starts_with("\xe2\x80\xa9")) {
      json += text[2] == '\xa8' ? "\\u2028" : "\\u2029";
    } else {
      json += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return json + '"';
}

std::string go_time_text(const engine::Timestamp& moment) {
  constexpr std::int64_t kDaySeconds = 86'400;
  const std::int64_t day =
      (moment.seconds >= 0 ? moment.seconds : moment.seconds - (kDaySeconds - 1)) / kDaySeconds;
  const std::int64_t second = moment.seconds - day * kDaySeconds;
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<std::int32_t>(day)}}};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  second / 3600, second / 60 % 60, second % 60);
  if (moment.nanos != 0) {
    text += fmt::format(".{:09}", moment.nanos);
    while (text.back() == '0') text.pop_back();
  }
  return text + 'Z';
}

void JsonWriter::begin_value() {
  if (wants_comma_) json_ += ',';
  wants_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() {
  begin_value();
  json_ += '{';
  wants_comma_ = false;
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  json_ += '}';
  wants_comma_ = true;
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  begin_value();
  json_ += '[';
  wants_comma_ = false;
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  json_ += ']';
  wants_comma_ = true;
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  begin_value();
  json_ += go_quoted(name);
  json_ += ':';
  wants_comma_ = false;
  return *this;
}
JsonWriter& JsonWriter::raw(std::string_view json) {
  begin_value();
  json_ += json;
  return *this;
}
JsonWriter& JsonWriter::text(std::string_view value) { return raw(go_quoted(value)); }
JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }
JsonWriter& JsonWriter::null() { return raw("null"); }
JsonWriter& JsonWriter::number(std::int64_t value) { return raw(std::to_string(value)); }
JsonWriter& JsonWriter::integer(std::int64_t value) {
  return raw('"' + std::to_string(value) + '"');
}
JsonWriter& JsonWriter::unsigned_integer(std::uint64_t value) {
  return raw('"' + std::to_string(value) + '"');
}
JsonWriter& JsonWriter::upper_hex(ByteView bytes) { return raw('"' + to_upper_hex(bytes) + '"'); }
JsonWriter& JsonWriter::base64(ByteView bytes) { return raw('"' + to_base64(bytes) + '"'); }
JsonWriter& JsonWriter::base64_or_null(ByteView bytes) {
  return bytes.empty() ? null() : base64(bytes);
}
JsonWriter& JsonWriter::time(const engine::Timestamp& moment) {
  return raw('"' + go_time_text(moment) + '"');
}

}  // namespace buri::consensus::api
