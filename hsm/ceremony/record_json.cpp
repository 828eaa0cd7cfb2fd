#include "hsm/ceremony/record_json.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace buri::hsm::ceremony {

std::string quoted_json(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::array<char, 8> escape{};
      (void)std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
      result += escape.data();
    } else {
      result += c;
    }
  }
  return result + '"';
}

void RecordWriter::begin_item() {
  if (!is_first_) text_ += ',';
  is_first_ = false;
  text_ += '\n' + std::string(2 * depth_, ' ');
}

void RecordWriter::open(char bracket) {
  text_ += bracket;
  ++depth_;
  is_first_ = true;
}

void RecordWriter::close(char bracket) {
  --depth_;
  if (!is_first_) text_ += '\n' + std::string(2 * depth_, ' ');
  text_ += bracket;
  is_first_ = false;
}

std::optional<JsonError> RecordReader::finish() const {
  if (error_) return error_;
  std::string known;
  for (const std::string_view key : known_) {
    known += (known.empty() ? "" : ", ") + std::string(key);
  }
  for (const JsonValue& child : place_.value().children) {
    if (std::ranges::find(known_, child.key) != known_.end()) continue;
    return JsonError{place_.path(), "only the fields " + known, quoted_json(child.key)};
  }
  return std::nullopt;
}

void RecordReader::read(const JsonCursor& place, std::string& text) {
  const auto value = place.string();
  if (!value.ok()) return fail(value.error());
  if (!value->empty() && !is_plain_text(*value)) {
    return fail(place.error("at most " + std::to_string(kMaxTextBytes) +
                            " bytes of text without control characters and outer blanks"));
  }
  text = *value;
}

void RecordReader::read(const JsonCursor& place, Bytes& bytes) {
  const auto text = place.string();
  if (!text.ok()) return fail(text.error());
  auto decoded = from_hex(*text);
  if (!decoded || to_hex(*decoded) != *text) return fail(place.error("lower-case hex"));
  bytes = *std::move(decoded);
}

}  // namespace buri::hsm::ceremony
