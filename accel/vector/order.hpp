#pragma once

#include "accel/vector/field.hpp"

/// Integers modulo the group order n, one per lane, in the limbs of field.hpp. n lies too far
/// from a power of two for folding to pay, so products are Montgomery products with R = 2^260, and
/// the few formulas of this room are arranged so that factors of R cancel.

namespace buri::accel::vector {

/// limb 0..3 in [0, 2^52), limb 4 in [0, 2^50). Products below come out under 1.25 n.
template <class L>
struct OrderElement {
  L limb[5];
};

inline constexpr std::uint64_t kOrder[5] = {0x25e8cd0364141, 0xe6af48a03bbfd, 0xffffffebaaedc,
                                            kMask52, kMask48};
/// -1/n mod 2^52.
inline constexpr std::uint64_t kOrderNegatedInverse = 0xdff665588b13f;
/// 2^520 mod n.
inline constexpr std::uint64_t kOrderRSquared[5] = {
    0xe180c268b3b23, 0x94fd6e33e4c8e, 0xd07c73b975948, 0xc5e697f5e45bc, 0x671cd581c69b};

template <class L>
[[gnu::always_inline]] inline OrderElement<L> splat_order(const std::uint64_t (&limbs)[5]) {
  OrderElement<L> result;
  for (int i = 0; i < 5; ++i) result.limb[i] = L::splat(limbs[i]);
  return result;
}

/// The value of `a` as limbs of an OrderElement, and back: one layout, two meanings.
template <class L>
[[gnu::always_inline]] inline OrderElement<L> as_order(const Element<L>& a) {
  return {{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
}
template <class L>
[[gnu::always_inline]] inline Element<L> as_limbs(const OrderElement<L>& a) {
  return {{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
}

/// a * b / 2^260 mod n, below 1.25 n. REQUIRES: a and b below 2^257 (a product or any 256-bit
/// value).
template <class L>
[[gnu::always_inline]] inline OrderElement<L> multiply(const OrderElement<L>& a,
                                                       const OrderElement<L>& b) {
  const L inverse = L::splat(kOrderNegatedInverse);
  const OrderElement<L> n = splat_order<L>(kOrder);
  Product<L> sum = add_product(empty_product<L>(), as_limbs(a), as_limbs(b));
  // Five multiples of n clear the lower columns, lowest first. The full product is there already,
  // so that only this chain is waited for.
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
    const L q = add_low_product(L::zero(), sum.column[i], inverse);
#pragma clang loop unroll(full)
    for (int j = 0; j < 5; ++j) {
      multiply_add(sum.column[i + j], sum.column[i + j + 1], to_factor(q), to_factor(n.limb[j]));
    }
#pragma clang loop unroll(full)
    for (int j = 0; j < 6; ++j) {
      sum.column[i + j] = without_bias(sum.column[i + j], j < 5 ? 1 : 0, j > 0 ? 1 : 0);
    }
    sum.column[i + 1] = add(sum.column[i + 1], shift_right<52>(sum.column[i]));
  }
  const Element<L> tidy =
      propagate(sum.column[5], sum.column[6], sum.column[7], sum.column[8], sum.column[9]);
  return {{tidy.limb[0], tidy.limb[1], tidy.limb[2], tidy.limb[3], tidy.limb[4]}};
}

/// The same residue in [0, n). REQUIRES: a below 2n.
template <class L>
[[gnu::always_inline]] inline OrderElement<L> normalize(const OrderElement<L>& a) {
  L less[5];
  L borrow = L::zero();
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
    less[i] = add(sub(a.limb[i], L::splat(kOrder[i])), borrow);
    borrow = shift_right_signed<52>(less[i]);
    if (i < 4) less[i] = bit_and(less[i], L::splat(kMask52));
  }
  const LaneMask below = negatives(borrow);
  OrderElement<L> result;
  for (int i = 0; i < 5; ++i) result.limb[i] = select(below, a.limb[i], less[i]);
  return result;
}

}  // namespace buri::accel::vector
