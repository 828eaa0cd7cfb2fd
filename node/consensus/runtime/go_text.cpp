#include "node/consensus/runtime/go_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace buri::consensus::runtime {
namespace {

/// White space outside ASCII: U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F,
/// U+205F, U+3000.
constexpr std::array<std::string_view, 19> kWideSpaces{
    "\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A",
    "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};
constexpr std::string_view kAsciiSpaces = " \t\n\v\f\r";

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool has_hex_prefix(std::string_view text) {
  return text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
std::size_t ascii_space(char c) { return kAsciiSpaces.find(c) != kAsciiSpaces.npos ? 1 : 0; }

std::size_t leading_space(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii(text.front())) return ascii_space(text.front());
  const auto* space =
      std::ranges::find_if(kWideSpaces, [text](auto one) { return text.starts_with(one); });
  return space == kWideSpaces.end() ? 0 : space->size();
}

std::size_t trailing_space(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii(text.back())) return ascii_space(text.back());
  const auto* space =
      std::ranges::find_if(kWideSpaces, [text](auto one) { return text.ends_with(one); });
  return space == kWideSpaces.end() ? 0 : space->size();
}

}  // namespace

std::string_view trim_space(std::string_view text) {
  while (const std::size_t size = leading_space(text)) text.remove_prefix(size);
  while (const std::size_t size = trailing_space(text)) text.remove_suffix(size);
  return text;
}

Bytes lenient_hex(std::string_view text) {
  std::string digits(text);
  if (has_hex_prefix(digits)) digits.erase(0, 2);
  if (digits.size() % 2 == 1) digits.insert(0, "0");
  Bytes bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit_value(digits[i]);
    const int low = digit_value(digits[i + 1]);
    if (high < 0 || low < 0) break;
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

Hash256 lenient_hash(std::string_view text) {
  const Bytes bytes = lenient_hex(text);
  const ByteView tail = ByteView(bytes).last(std::min(bytes.size(), Hash256::kSize));
  Hash256 hash;
  std::ranges::copy(tail, hash.bytes.begin() + (Hash256::kSize - tail.size()));
  return hash;
}

bool is_hex_address(std::string_view text) {
  if (has_hex_prefix(text)) text.remove_prefix(2);
  return text.size() == 2 * Address::kSize &&
         std::ranges::all_of(text, [](char c) { return digit_value(c) >= 0; });
}

bool is_fixed_width_hash(std::string_view text) {
  return text.size() == 2 + 2 * Hash256::kSize && has_hex_prefix(text) &&
         std::ranges::all_of(text.substr(2), [](char c) { return digit_value(c) >= 0; });
}

}  // namespace buri::consensus::runtime
