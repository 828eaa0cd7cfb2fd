#include "base/u256_arithmetic.hpp"

namespace buri {
namespace {

using Wide = unsigned __int128;

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

}  // namespace buri
