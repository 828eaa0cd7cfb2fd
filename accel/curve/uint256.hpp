#pragma once

#include <cstdint>

#include "accel/curve/host_device.hpp"

/// 256-bit unsigned integers in four little-endian 64-bit limbs, for host and device. Plain data,
/// public values only: nothing here is constant time.

namespace buri::accel::curve {

// Both compilers of this project have it, on the device too; __extension__ keeps -Wpedantic quiet.
__extension__ using Uint128 = unsigned __int128;

struct Uint256 {
  std::uint64_t limb[4];

  BURI_HOST_DEVICE friend constexpr bool operator==(const Uint256& a, const Uint256& b) {
    return ((a.limb[0] ^ b.limb[0]) | (a.limb[1] ^ b.limb[1]) | (a.limb[2] ^ b.limb[2]) |
            (a.limb[3] ^ b.limb[3])) == 0;
  }
};

/// Stores a + b mod 2^256 in `sum` (may alias) and returns the carry, 0 or 1.
BURI_HOST_DEVICE constexpr std::uint64_t add_carry(const Uint256& a, const Uint256& b,
                                                   Uint256& sum) {
  Uint128 carry = 0;
  for (int i = 0; i < 4; ++i) {
    carry += Uint128{a.limb[i]} + b.limb[i];
    sum.limb[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return static_cast<std::uint64_t>(carry);
}

/// Stores a - b mod 2^256 in `difference` (may alias) and returns the borrow, 0 or 1.
BURI_HOST_DEVICE constexpr std::uint64_t sub_borrow(const Uint256& a, const Uint256& b,
                                                    Uint256& difference) {
  std::uint64_t borrow = 0;
  for (int i = 0; i < 4; ++i) {
    const Uint128 limb = Uint128{a.limb[i]} - b.limb[i] - borrow;
    difference.limb[i] = static_cast<std::uint64_t>(limb);
    borrow = static_cast<std::uint64_t>(limb >> 64) & 1;
  }
  return borrow;
}

BURI_HOST_DEVICE constexpr bool is_zero(const Uint256& a) {
  return (a.limb[0] | a.limb[1] | a.limb[2] | a.limb[3]) == 0;
}

BURI_HOST_DEVICE constexpr bool less(const Uint256& a, const Uint256& b) {
  Uint256 difference{};
  return sub_borrow(a, b, difference) != 0;
}

/// `condition ? a : b` without a branch.
BURI_HOST_DEVICE constexpr Uint256 select(bool condition, const Uint256& a, const Uint256& b) {
  const std::uint64_t mask = 0 - static_cast<std::uint64_t>(condition);
  Uint256 result{};
  for (int i = 0; i < 4; ++i) result.limb[i] = (a.limb[i] & mask) | (b.limb[i] & ~mask);
  return result;
}

/// The full product, eight little-endian limbs.
struct Uint512 {
  std::uint64_t limb[8];
};
BURI_HOST_DEVICE constexpr Uint512 mul_wide(const Uint256& a, const Uint256& b) {
  Uint512 product{};
  for (int i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (int j = 0; j < 4; ++j) {
      const Uint128 term = Uint128{a.limb[i]} * b.limb[j] + product.limb[i + j] + carry;
      product.limb[i + j] = static_cast<std::uint64_t>(term);
      carry = static_cast<std::uint64_t>(term >> 64);
    }
    product.limb[i + 4] = carry;
  }
  return product;
}

/// Reads 32 big-endian bytes.
BURI_HOST_DEVICE constexpr Uint256 from_big_endian(const std::uint8_t* bytes) {
  Uint256 result{};
  for (int i = 0; i < 32; ++i) {
    std::uint64_t& limb = result.limb[3 - i / 8];
    limb = limb << 8 | bytes[i];
  }
  return result;
}

/// Writes 32 big-endian bytes.
BURI_HOST_DEVICE constexpr void to_big_endian(const Uint256& value, std::uint8_t* bytes) {
  for (int i = 0; i < 32; ++i) {
    bytes[i] = static_cast<std::uint8_t>(value.limb[3 - i / 8] >> (56 - 8 * (i % 8)));
  }
}

}  // namespace buri::accel::curve
