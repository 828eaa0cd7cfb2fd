#include "base/u256.hpp"

#include <algorithm>
#include <array>

namespace buri {
namespace {

using Wide = unsigned __int128;

/// Decimal digits that fit a limb, whatever they are, and their power of ten.
constexpr unsigned kLimbDigits = 19;
constexpr std::uint64_t kLimbPower = 10'000'000'000'000'000'000U;
/// Enough for 2^256 - 1 written in whole limbs' digits.
constexpr std::size_t kMaxDigits = 96;

/// value * factor + addend; false when the result needs more than 256 bits.
bool multiply_add(U256& value, std::uint64_t factor, std::uint64_t addend) {
  std::uint64_t carry = addend;
  for (std::uint64_t& limb : value.limbs) {
    const Wide product = Wide{limb} * factor + carry;
    limb = static_cast<std::uint64_t>(product);
    carry = static_cast<std::uint64_t>(product >> 64);
  }
  return carry == 0;
}

/// Divides in place and returns the remainder.
std::uint64_t divide(U256& value, std::uint64_t divisor) {
  Wide remainder = 0;
  for (std::size_t i = value.limbs.size(); i-- > 0;) {
    const Wide dividend = remainder << 64 | value.limbs[i];
    value.limbs[i] = static_cast<std::uint64_t>(dividend / divisor);
    remainder = dividend % divisor;
  }
  return static_cast<std::uint64_t>(remainder);
}

}  // namespace

std::optional<U256> U256::from_big_endian(ByteView bytes) {
  if (bytes.size() > 32) return std::nullopt;
  U256 value;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value.limbs[i / 8] |= std::uint64_t{bytes[bytes.size() - 1 - i]} << (8 * (i % 8));
  }
  return value;
}

std::optional<U256> U256::from_decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  U256 value;
  while (!text.empty()) {
    const std::string_view some = text.substr(0, kLimbDigits);
    text.remove_prefix(some.size());
    std::uint64_t number = 0;
    std::uint64_t power = 1;
    for (const char digit : some) {
      if (digit < '0' || digit > '9') return std::nullopt;
      number = number * 10 + static_cast<std::uint64_t>(digit - '0');
      power *= 10;
    }
    if (!multiply_add(value, power, number)) return std::nullopt;
  }
  return value;
}

Hash256 U256::to_word() const {
  Hash256 word;
  for (std::size_t i = 0; i < 32; ++i) {
    word.bytes[31 - i] = static_cast<std::uint8_t>(limbs[i / 8] >> (8 * (i % 8)));
  }
  return word;
}

Bytes U256::to_minimal_big_endian() const {
  const Hash256 word = to_word();
  const auto first = std::find_if(word.bytes.begin(), word.bytes.end(),
                                  [](std::uint8_t byte) { return byte != 0; });
  return {first, word.bytes.end()};
}

std::string U256::to_decimal() const {
  U256 rest = *this;
  std::array<char, kMaxDigits> digits;
  std::size_t first = digits.size();
  // As many digits by one wide division as fit a limb; those of the last limb end where it does.
  while ((rest.limbs[1] | rest.limbs[2] | rest.limbs[3]) != 0) {
    std::uint64_t some = divide(rest, kLimbPower);
    for (unsigned i = 0; i < kLimbDigits; ++i, some /= 10) {
      digits[--first] = static_cast<char>('0' + some % 10);
    }
  }
  std::uint64_t last = rest.limbs[0];
  do {
    digits[--first] = static_cast<char>('0' + last % 10);
    last /= 10;
  } while (last != 0);
  return {digits.begin() + static_cast<std::ptrdiff_t>(first), digits.end()};
}

std::optional<std::uint64_t> U256::to_uint64() const {
  if ((limbs[1] | limbs[2] | limbs[3]) != 0) return std::nullopt;
  return limbs[0];
}

std::strong_ordering operator<=>(const U256& a, const U256& b) {
  for (std::size_t i = a.limbs.size(); i-- > 0;) {
    if (a.limbs[i] != b.limbs[i]) return a.limbs[i] <=> b.limbs[i];
  }
  return std::strong_ordering::equal;
}

}  // namespace buri
