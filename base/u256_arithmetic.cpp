#include "base/u256_arithmetic.hpp"

namespace buri {
namespace {

using Wide = unsigned __int128;

bool bit(const U256& value, std::size_t index) {
  return (value.limbs[index / 64] >> (index % 64) & 1) != 0;
}

/// value * 2 + low; the bit that falls out.
bool shift_in(U256& value, bool low) {
  bool carry = low;
  for (std::uint64_t& limb : value.limbs) {
    const bool top = (limb >> 63) != 0;
    limb = limb << 1 | static_cast<std::uint64_t>(carry);
    carry = top;
  }
  return carry;
}

/// a - b modulo 2^256.
U256 wrapping_subtract(const U256& a, const U256& b, bool& borrow) {
  U256 result;
  borrow = false;
  for (std::size_t i = 0; i < 4; ++i) {
    const Wide difference = Wide{a.limbs[i]} - b.limbs[i] - static_cast<std::uint64_t>(borrow);
    result.limbs[i] = static_cast<std::uint64_t>(difference);
    borrow = (difference >> 64) != 0;
  }
  return result;
}

U256Division divide_by_limb(const U256& dividend, std::uint64_t divisor) {
  U256Division result;
  Wide remainder = 0;
  for (std::size_t i = 4; i-- > 0;) {
    const Wide part = remainder << 64 | dividend.limbs[i];
    result.quotient.limbs[i] = static_cast<std::uint64_t>(part / divisor);
    remainder = part % divisor;
  }
  result.remainder = U256::from_uint64(static_cast<std::uint64_t>(remainder));
  return result;
}

}  // namespace

std::optional<U256> checked_add(const U256& a, const U256& b) {
  U256 sum;
  Wide carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    carry += Wide{a.limbs[i]} + b.limbs[i];
    sum.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  if (carry != 0) return std::nullopt;
  return sum;
}

std::optional<U256> checked_subtract(const U256& a, const U256& b) {
  bool borrow = false;
  const U256 difference = wrapping_subtract(a, b, borrow);
  if (borrow) return std::nullopt;
  return difference;
}

std::optional<U256> checked_multiply(const U256& a, const U256& b) {
  std::array<std::uint64_t, 8> product{};
  for (std::size_t i = 0; i < 4; ++i) {
    Wide carry = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      carry += Wide{a.limbs[i]} * b.limbs[j] + product[i + j];
      product[i + j] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    product[i + 4] = static_cast<std::uint64_t>(carry);
  }
  if ((product[4] | product[5] | product[6] | product[7]) != 0) return std::nullopt;
  return U256{{product[0], product[1], product[2], product[3]}};
}

U256Division divide(const U256& dividend, const U256& divisor) {
  CHECK(divisor != U256{}, "division by zero");
  if (const auto small = divisor.to_uint64()) return divide_by_limb(dividend, *small);
  U256Division result;
  for (std::size_t i = 256; i-- > 0;) {
    // The bit that falls out means the remainder exceeds the divisor, and subtracting wraps right.
    const bool carried = shift_in(result.remainder, bit(dividend, i));
    bool borrow = false;
    const U256 difference = wrapping_subtract(result.remainder, divisor, borrow);
    const bool fits = carried || !borrow;
    if (fits) result.remainder = difference;
    shift_in(result.quotient, fits);
  }
  return result;
}

}  // namespace buri
