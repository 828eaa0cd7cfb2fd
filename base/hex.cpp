#include "base/hex.hpp"

#include <tmmintrin.h>

#include <array>

namespace buri {
namespace {

std::string encode(ByteView bytes, const char* digits) {
  std::string text(bytes.size() * 2, '\0');
  char* place = text.data();
  for (const std::uint8_t byte : bytes) {
    *place++ = digits[byte >> 4];
    *place++ = digits[byte & 15];
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

/// Digits that one step of decode_wide() reads.
constexpr std::size_t kWideDigits = 16;

/// All bits of the lanes whose byte lies between `first` and `last`, both ASCII.
__m128i between(__m128i text, char first, char last) {
  return _mm_and_si128(_mm_cmpgt_epi8(text, _mm_set1_epi8(static_cast<char>(first - 1))),
                       _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(last + 1)), text));
}

/// The bytes of sixteen digits; false if one is none.
bool decode_wide(const char* digits, std::uint8_t* bytes) {
  const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits));
  const __m128i lower = _mm_or_si128(text, _mm_set1_epi8(0x20));  // of letters
  const __m128i is_number = between(text, '0', '9');
  const __m128i is_letter = between(lower, 'a', 'f');
  if (_mm_movemask_epi8(_mm_or_si128(is_number, is_letter)) != 0xffff) return false;
  const __m128i values =
      _mm_or_si128(_mm_and_si128(is_number, _mm_sub_epi8(text, _mm_set1_epi8('0'))),
                   _mm_and_si128(is_letter, _mm_sub_epi8(lower, _mm_set1_epi8('a' - 10))));
  const __m128i pairs = _mm_maddubs_epi16(values, _mm_set1_epi16(0x0110));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(bytes), _mm_packus_epi16(pairs, pairs));
  return true;
}

std::uint8_t digit_value(char digit) { return kDigitValues[static_cast<std::uint8_t>(digit)]; }

}  // namespace

std::string to_hex(ByteView bytes) { return encode(bytes, "0123456789abcdef"); }
std::string to_upper_hex(ByteView bytes) { return encode(bytes, "0123456789ABCDEF"); }

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes(text.size() / 2);
  std::size_t i = 0;
  for (; text.size() - 2 * i >= kWideDigits; i += kWideDigits / 2) {
    if (!decode_wide(text.data() + 2 * i, bytes.data() + i)) return std::nullopt;
  }
  unsigned seen = 0;  // every digit's bits: looked at once, so that the loop has no branches
  for (; i < bytes.size(); ++i) {
    const unsigned high = digit_value(text[2 * i]);
    const unsigned low = digit_value(text[2 * i + 1]);
    seen |= high | low;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if (seen > 15) return std::nullopt;
  return bytes;
}

}  // namespace buri
