#include "node/consensus/runtime/integer.hpp"

#include "base/u256_arithmetic.hpp"
#include "base/u256_division.hpp"

namespace buri::consensus::runtime {
namespace {

int digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'Z') return digit - 'A' + 10;
  return 64;
}

/// Takes the base's prefix from `digits`: 10 without one.
unsigned take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  switch (digits[1]) {
    case 'x':
    case 'X':
      digits.remove_prefix(2);
      return 16;
    case 'o':
    case 'O':
      digits.remove_prefix(2);
      return 8;
    case 'b':
    case 'B':
      digits.remove_prefix(2);
      return 2;
    default:
      digits.remove_prefix(1);
      return 8;
  }
}

std::optional<U256> parse_digits(std::string_view digits, unsigned base, bool with_underscores) {
  if (base == 10 && !with_underscores) {
    while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
    return U256::from_decimal(digits);
  }
  U256 value;
  const U256 factor = U256::from_uint64(base);
  bool after_separator = !with_underscores;
  if (digits.empty()) return std::nullopt;
  for (const char digit : digits) {
    if (digit == '_' && with_underscores && !after_separator) {
      after_separator = true;
      continue;
    }
    const int parsed = digit_value(digit);
    if (parsed >= static_cast<int>(base)) return std::nullopt;
    const auto scaled = checked_multiply(value, factor);
    if (!scaled) return std::nullopt;
    const auto sum = checked_add(*scaled, U256::from_uint64(static_cast<std::uint64_t>(parsed)));
    if (!sum) return std::nullopt;
    value = *sum;
    after_separator = false;
  }
  if (digits.back() == '_') return std::nullopt;
  return value;
}

/// Takes a sign from the front; true for minus.
bool take_sign(std::string_view& text) {
  if (text.empty() || (text[0] != '-' && text[0] != '+')) return false;
  const bool is_negative = text[0] == '-';
  text.remove_prefix(1);
  return is_negative;
}

}  // namespace

std::optional<Integer> Integer::from_text(std::string_view text) {
  if (text.empty()) return Integer{};
  const bool is_negative = take_sign(text);
  const std::size_t before = text.size();
  const unsigned base = take_base(text);
  const auto magnitude = parse_digits(text, base, text.size() != before);
  if (!magnitude) return std::nullopt;
  return Integer(*magnitude, is_negative);
}

std::optional<Integer> Integer::from_decimal(std::string_view text) {
  const bool is_negative = take_sign(text);
  const auto magnitude = parse_digits(text, 10, false);
  if (!magnitude) return std::nullopt;
  return Integer(*magnitude, is_negative);
}

std::string Integer::to_text() const { return (is_negative_ ? "-" : "") + magnitude_.to_decimal(); }

std::optional<std::uint64_t> Integer::to_uint64() const {
  if (is_negative_) return std::nullopt;
  return magnitude_.to_uint64();
}

std::optional<std::int64_t> Integer::to_int64() const {
  constexpr std::uint64_t kMinimum = std::uint64_t{1} << 63;
  const auto value = magnitude_.to_uint64();
  if (!value || *value > kMinimum || (*value == kMinimum && !is_negative_)) return std::nullopt;
  return static_cast<std::int64_t>(is_negative_ ? ~*value + 1 : *value);
}

std::strong_ordering operator<=>(const Integer& a, const Integer& b) {
  if (a.is_negative_ != b.is_negative_) {
    return a.is_negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.is_negative_ ? b.magnitude_ <=> a.magnitude_ : a.magnitude_ <=> b.magnitude_;
}

std::optional<Integer> add(const Integer& a, const Integer& b) {
  if (a.is_negative() == b.is_negative()) {
    const auto sum = checked_add(a.magnitude(), b.magnitude());
    if (!sum) return std::nullopt;
    return Integer(*sum, a.is_negative());
  }
  if (const auto difference = checked_subtract(a.magnitude(), b.magnitude())) {
    return Integer(*difference, a.is_negative());
  }
  return Integer(*checked_subtract(b.magnitude(), a.magnitude()), b.is_negative());
}

std::optional<Integer> subtract(const Integer& a, const Integer& b) { return add(a, b.negated()); }

std::optional<Integer> multiply(const Integer& a, const Integer& b) {
  const auto product = checked_multiply(a.magnitude(), b.magnitude());
  if (!product) return std::nullopt;
  return Integer(*product, a.is_negative() != b.is_negative());
}

Integer quotient(const Integer& a, const Integer& b) {
  return Integer(divide(a.magnitude(), b.magnitude()).quotient, a.is_negative() != b.is_negative());
}

}  // namespace buri::consensus::runtime
