#include "node/consensus/runtime/decimal.hpp"

#include "base/u256_arithmetic.hpp"
#include "base/u256_division.hpp"

namespace buri::consensus::runtime {
namespace {

constexpr std::size_t kDigits = 18;
constexpr std::uint64_t kScale = 1'000'000'000'000'000'000;

Outcome<Integer> needed(std::optional<Integer> value) {
  if (!value) return Failure{panic("Int overflow")};
  return *value;
}

/// Drops eighteen digits, rounding half to even.
Integer chop(const Integer& value) {
  const auto [quotient, remainder] = buri::divide(value.magnitude(), U256::from_uint64(kScale));
  const U256 half = U256::from_uint64(kScale / 2);
  const bool is_odd = (quotient.limbs[0] & 1) != 0;
  const bool rounds_up = remainder > half || (remainder == half && is_odd);
  const U256 rounded = rounds_up ? checked_add(quotient, U256::from_uint64(1)).value() : quotient;
  return Integer(rounded, value.is_negative());
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Outcome<Decimal> Decimal::from_integer(const Integer& value) {
  ASSIGN_OR_RETURN(const Integer scaled, needed(runtime::multiply(value, Integer(kScale))));
  return Decimal(scaled);
}

Outcome<Decimal> Decimal::from_text(std::string_view text) {
  if (text.empty()) return Failure{plain_error("decimal string cannot be empty")};
  const bool is_negative = text[0] == '-';
  std::string_view digits = text.substr(is_negative ? 1 : 0);
  const std::size_t point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  std::string fraction;
  if (point != std::string_view::npos) {
    fraction = digits.substr(point + 1);
    if (!is_digits(fraction)) return Failure{plain_error("invalid decimal length")};
    if (fraction.size() > kDigits) {
      return Failure{plain_error("value '" + std::string(text) + "' exceeds max precision by " +
                                 std::to_string(kDigits - fraction.size()) +
                                 " decimal places: max precision " + std::to_string(kDigits))};
    }
  }
  if (!is_digits(whole)) {
    return Failure{plain_error("failed to set decimal string with base 10: " + std::string(text))};
  }
  fraction.resize(kDigits, '0');
  const auto scaled = Integer::from_decimal(std::string(whole) + fraction);
  if (!scaled) return Failure{plain_error("decimal out of range")};
  return Decimal(is_negative ? scaled->negated() : *scaled);
}

std::string Decimal::to_text() const {
  std::string digits = scaled_.magnitude().to_decimal();
  if (digits.size() <= kDigits) digits.insert(0, kDigits + 1 - digits.size(), '0');
  digits.insert(digits.size() - kDigits, ".");
  return (scaled_.is_negative() ? "-" : "") + digits;
}

Decimal Decimal::one() { return Decimal(Integer(kScale)); }

Integer Decimal::truncated() const { return quotient(scaled_, Integer(kScale)); }

Integer Decimal::rounded() const { return chop(scaled_); }

Outcome<Decimal> multiply(const Decimal& a, const Decimal& b) {
  ASSIGN_OR_RETURN(const Integer product, needed(multiply(a.scaled_, b.scaled_)));
  return Decimal(chop(product));
}

Outcome<Decimal> divide(const Decimal& a, const Decimal& b) {
  if (b.is_zero()) return Failure{panic("division by zero")};
  ASSIGN_OR_RETURN(Integer dividend, needed(multiply(a.scaled_, Integer(kScale))));
  ASSIGN_OR_RETURN(dividend, needed(multiply(dividend, Integer(kScale))));
  return Decimal(chop(quotient(dividend, b.scaled_)));
}

}  // namespace buri::consensus::runtime
