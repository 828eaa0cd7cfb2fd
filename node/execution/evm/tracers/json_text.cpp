#include "node/execution/evm/tracers/json_text.hpp"

#include <cstdio>

#include "base/hex.hpp"

namespace buri::execution::evm::tracers {
namespace {

/// Bytes of the UTF-8 character that a text begins with; 0 if it begins with none.
std::size_t character_bytes(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  std::uint32_t code = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<std::uint8_t>(text[i]);
    if ((next & 0xc0) != 0x80) return 0;
    code = code << 6 | (next & 0x3f);
  }
  const bool is_overlong = code < (length == 4 ? 0x10000U : length == 3 ? 0x800U : 0x80U);
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  return is_overlong || is_surrogate || code > 0x10ffff ? 0 : length;
}

void append_escaped(std::string& target, char character) {
  if (character == '"' || character == '\\') {
    target += {'\\', character};
  } else if (static_cast<std::uint8_t>(character) < 0x20) {
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(character));
    target += escape.data();
  } else {
    target += character;
  }
}

}  // namespace

std::string quantity_text(const U256& value) {
  std::string digits = to_hex(value.to_word());
  const std::size_t first = digits.find_first_not_of('0');
  return "0x" + (first == std::string::npos ? "0" : digits.substr(first));
}

void JsonText::begin_value() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

JsonText& JsonText::open(char bracket) {
  begin_value();
  text_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonText& JsonText::close(char bracket) {
  text_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonText& JsonText::key(std::string_view name) {
  begin_value();
  text_ += '"';
  text_ += name;
  text_ += "\":";
  needs_comma_ = false;
  return *this;
}

JsonText& JsonText::raw(std::string_view value) {
  begin_value();
  text_ += value;
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  begin_value();
  text_ += '"';
  while (!value.empty()) {
    const std::size_t length = character_bytes(value);
    if (length == 0) {
      text_ += "\xef\xbf\xbd";
    } else if (length == 1) {
      append_escaped(text_, value[0]);
    } else {
      text_ += value.substr(0, length);
    }
    value.remove_prefix(length == 0 ? 1 : length);
  }
  text_ += '"';
  return *this;
}

JsonText& JsonText::number(std::uint64_t value) { return raw(std::to_string(value)); }
JsonText& JsonText::boolean(bool value) { return raw(value ? "true" : "false"); }
JsonText& JsonText::hex(ByteView bytes) { return raw("\"0x" + to_hex(bytes) + "\""); }
JsonText& JsonText::quantity(const U256& value) { return raw('"' + quantity_text(value) + '"'); }

}  // namespace buri::execution::evm::tracers
