#include "base/hex.hpp"

#include <array>

namespace buri {
namespace {

std::string encode(ByteView bytes, const char* digits) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

/// No digit: above all their values.
constexpr std::uint8_t kNoDigit = 0xff;

/// The value of each character as a hex digit.
constexpr std::array<std::uint8_t, 256> kDigitValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) values['a' + i] = values['A' + i] = 10 + i;
  return values;
}();

std::uint8_t digit_value(char digit) { return kDigitValues[static_cast<std::uint8_t>(digit)]; }

}  // namespace

std::string to_hex(ByteView bytes) { return encode(bytes, "0123456789abcdef"); }
std::string to_upper_hex(ByteView bytes) { return encode(bytes, "0123456789ABCDEF"); }

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes(text.size() / 2);
  unsigned seen = 0;  // every digit's bits: looked at once, so that the loop has no branches
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned high = digit_value(text[2 * i]);
    const unsigned low = digit_value(text[2 * i + 1]);
    seen |= high | low;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if (seen > 15) return std::nullopt;
  return bytes;
}

}  // namespace buri
