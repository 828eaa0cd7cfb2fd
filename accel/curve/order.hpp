#pragma once

#include "accel/curve/constants.hpp"

/// Integers modulo the group order n. Every argument and result is fully reduced (< n) unless it
/// says otherwise. Public data: nothing here is constant time.

namespace buri::accel::curve {

/// a mod n for any 256-bit a (2^256 < 2n, so one subtraction suffices).
BURI_HOST_DEVICE constexpr Uint256 reduce_mod_n(const Uint256& a) {
  Uint256 reduced{};
  const bool below = sub_borrow(a, group_order(), reduced) != 0;
  return select(below, a, reduced);
}

BURI_HOST_DEVICE constexpr Uint256 add_mod_n(const Uint256& a, const Uint256& b) {
  Uint256 sum{};
  Uint256 reduced{};
  const std::uint64_t carry = add_carry(a, b, sum);
  const std::uint64_t borrow = sub_borrow(sum, group_order(), reduced);
  return select(carry < borrow, sum, reduced);
}

BURI_HOST_DEVICE constexpr Uint256 negate_mod_n(const Uint256& a) {
  Uint256 negated{};
  sub_borrow(group_order(), a, negated);
  return select(is_zero(a), a, negated);
}

/// wide mod n. 2^256 = order_fold() mod n, folded three times: 512 -> 386 -> 260 -> 257 bits.
BURI_HOST_DEVICE constexpr Uint256 reduce_wide_mod_n(const Uint512& wide) {
  const Uint256 fold = order_fold();
  std::uint64_t limb[8]{};
  for (int i = 0; i < 8; ++i) limb[i] = wide.limb[i];
  for (int high_limbs = 4; high_limbs >= 2; --high_limbs) {
    std::uint64_t sum[8] = {limb[0], limb[1], limb[2], limb[3]};
    for (int i = 0; i < high_limbs; ++i) {
      std::uint64_t carry = 0;
      for (int j = 0; j < 3; ++j) {
        const Uint128 term = Uint128{limb[4 + i]} * fold.limb[j] + sum[i + j] + carry;
        sum[i + j] = static_cast<std::uint64_t>(term);
        carry = static_cast<std::uint64_t>(term >> 64);
      }
      for (int j = i + 3; j < 8; ++j) {
        const Uint128 term = Uint128{sum[j]} + carry;
        sum[j] = static_cast<std::uint64_t>(term);
        carry = static_cast<std::uint64_t>(term >> 64);
      }
    }
    for (int i = 0; i < 8; ++i) limb[i] = sum[i];
  }
  // limb[4] is 0 or 1 now, and the low limbs are small when it is 1.
  Uint256 result{{limb[0], limb[1], limb[2], limb[3]}};
  Uint256 folded{};
  add_carry(result, fold, folded);
  return reduce_mod_n(select(limb[4] != 0, folded, result));
}

BURI_HOST_DEVICE constexpr Uint256 mul_mod_n(const Uint256& a, const Uint256& b) {
  return reduce_wide_mod_n(mul_wide(a, b));
}

}  // namespace buri::accel::curve
