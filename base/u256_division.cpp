#include "base/u256_division.hpp"

#include "base/u256_words.hpp"

/// Long division in limbs of 64 bits: Knuth, The Art of Computer Programming 4.3.1, algorithm D.
/// The quotient digit comes from a reciprocal (Moeller and Granlund, "Improved division by
/// invariant integers", algorithm 4), so that the processor divides once per call.

namespace buri {
namespace {

using Wide = unsigned __int128;
constexpr std::uint64_t kMaxLimb = ~std::uint64_t{0};

std::uint64_t low(Wide value) { return static_cast<std::uint64_t>(value); }
std::uint64_t high(Wide value) { return static_cast<std::uint64_t>(value >> 64); }

/// The top limb of a normalised divisor and its reciprocal floor((2^128 - 1) / d) - 2^64.
struct TopLimb {
  explicit TopLimb(std::uint64_t limb)
      : divisor(limb), reciprocal(low((Wide{~limb} << 64 | kMaxLimb) / limb)) {}

  /// (upper:lower) / divisor; leaves the remainder. REQUIRES: upper < divisor.
  std::uint64_t divide(std::uint64_t upper, std::uint64_t lower, std::uint64_t& remainder) const {
    const Wide estimate = Wide{reciprocal} * upper + (Wide{upper} << 64 | lower);
    std::uint64_t quotient = high(estimate) + 1;
    remainder = lower - quotient * divisor;
    if (remainder > low(estimate)) {
      --quotient;
      remainder += divisor;
    }
    if (remainder >= divisor) [[unlikely]] {
      ++quotient;
      remainder -= divisor;
    }
    return quotient;
  }

  std::uint64_t divisor;
  std::uint64_t reciprocal;
};

/// part -= factor * divisor over `count` + 1 limbs; true when the result went below zero.
bool multiply_subtract(std::uint64_t* part, const std::uint64_t* divisor, std::size_t count,
                       std::uint64_t factor) {
  std::uint64_t carry = 0;
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Wide product = Wide{factor} * divisor[i] + carry;
    carry = high(product);
    const Wide difference = Wide{part[i]} - low(product) - borrow;
    part[i] = low(difference);
    borrow = high(difference) & 1;
  }
  const Wide difference = Wide{part[count]} - carry - borrow;
  part[count] = low(difference);
  return (high(difference) & 1) != 0;
}

/// part += divisor over `count` + 1 limbs, modulo their size.
void add_back(std::uint64_t* part, const std::uint64_t* divisor, std::size_t count) {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Wide sum = Wide{part[i]} + divisor[i] + carry;
    part[i] = low(sum);
    carry = high(sum);
  }
  part[count] += carry;
}

/// One digit of the quotient: divides the `count` + 1 limbs at `part` by the divisor and leaves the
/// remainder in them. REQUIRES: the quotient is below 2^64, count >= 2.
std::uint64_t quotient_digit(std::uint64_t* part, const std::uint64_t* divisor, std::size_t count,
                             const TopLimb& top) {
  std::uint64_t digit = kMaxLimb;
  std::uint64_t rest = part[count - 1] + top.divisor;
  bool rest_fits = rest >= top.divisor;
  if (part[count] < top.divisor) {
    digit = top.divide(part[count], part[count - 1], rest);
    rest_fits = true;
  }
  while (rest_fits && Wide{digit} * divisor[count - 2] > (Wide{rest} << 64 | part[count - 2])) {
    --digit;
    rest += top.divisor;
    rest_fits = rest >= top.divisor;
  }
  if (multiply_subtract(part, divisor, count, digit)) {
    --digit;
    add_back(part, divisor, count);
  }
  return digit;
}

std::size_t limb_count(const std::uint64_t* limbs, std::size_t count) {
  while (count > 0 && limbs[count - 1] == 0) --count;
  return count;
}

/// A dividend of N limbs becomes the quotient; the remainder is returned. REQUIRES: divisor != 0.
template <std::size_t N>
U256 divide_in_place(std::array<std::uint64_t, N>& dividend, const U256& divisor) {
  const std::size_t count = limb_count(divisor.limbs.data(), 4);
  const std::size_t length = limb_count(dividend.data(), N);
  const unsigned shift = static_cast<unsigned>(std::countl_zero(divisor.limbs[count - 1]));
  const U256 scaled = shift_left(divisor, shift);
  std::array<std::uint64_t, N + 1> rest{};  // the dividend, scaled alike
  for (std::size_t i = 0; i < length; ++i) {
    const Wide limb = Wide{dividend[i]} << shift;
    rest[i] |= low(limb);
    rest[i + 1] = high(limb);
  }
  dividend = {};
  const TopLimb top(scaled.limbs[count - 1]);
  if (count == 1) {
    std::uint64_t carry = rest[length];
    for (std::size_t i = length; i-- > 0;) {
      dividend[i] = top.divide(carry, rest[i], carry);
    }
    return U256::from_uint64(carry >> shift);
  }
  for (std::size_t i = length < count ? 0 : length - count + 1; i-- > 0;) {
    dividend[i] = quotient_digit(&rest[i], scaled.limbs.data(), count, top);
  }
  U256 remainder;
  for (std::size_t i = 0; i < count; ++i) remainder.limbs[i] = rest[i];
  return shift_right(remainder, shift);
}

U256 magnitude(const U256& a) { return is_negative(a) ? wrapping_negate(a) : a; }

}  // namespace

U256Division divide(const U256& dividend, const U256& divisor) {
  CHECK(!is_zero(divisor), "division by zero");
  if (fits_uint64(dividend) && fits_uint64(divisor)) {
    return {U256::from_uint64(dividend.limbs[0] / divisor.limbs[0]),
            U256::from_uint64(dividend.limbs[0] % divisor.limbs[0])};
  }
  if (less(dividend, divisor)) return {U256{}, dividend};
  U256Division result{dividend, {}};
  result.remainder = divide_in_place(result.quotient.limbs, divisor);
  return result;
}

U256 quotient_or_zero(const U256& a, const U256& b) {
  return is_zero(b) ? U256{} : divide(a, b).quotient;
}

U256 remainder_or_zero(const U256& a, const U256& b) {
  return is_zero(b) ? U256{} : divide(a, b).remainder;
}

U256 signed_quotient_or_zero(const U256& a, const U256& b) {
  const U256 quotient = quotient_or_zero(magnitude(a), magnitude(b));
  return is_negative(a) != is_negative(b) ? wrapping_negate(quotient) : quotient;
}

U256 signed_remainder_or_zero(const U256& a, const U256& b) {
  const U256 remainder = remainder_or_zero(magnitude(a), magnitude(b));
  return is_negative(a) ? wrapping_negate(remainder) : remainder;
}

U256 add_modulo(const U256& a, const U256& b, const U256& modulus) {
  if (is_zero(modulus)) return {};
  std::array<std::uint64_t, 5> sum{};
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const Wide limb = Wide{a.limbs[i]} + b.limbs[i] + carry;
    sum[i] = low(limb);
    carry = high(limb);
  }
  sum[4] = carry;
  return divide_in_place(sum, modulus);
}

U256 multiply_modulo(const U256& a, const U256& b, const U256& modulus) {
  if (is_zero(modulus)) return {};
  std::array<std::uint64_t, 8> product{};
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const Wide part = Wide{a.limbs[j]} * b.limbs[i] + product[i + j] + carry;
      product[i + j] = low(part);
      carry = high(part);
    }
    product[i + 4] = carry;
  }
  return divide_in_place(product, modulus);
}

U256 wrapping_power(const U256& base, const U256& exponent) {
  U256 result = U256::from_uint64(1);
  for (unsigned i = bit_width(exponent); i-- > 0;) {
    result = wrapping_multiply(result, result);
    if ((exponent.limbs[i / 64] >> (i % 64) & 1) != 0) result = wrapping_multiply(result, base);
  }
  return result;
}

}  // namespace buri
