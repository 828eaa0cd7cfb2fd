#pragma once

#include "accel/avx512/field.hpp"

/// Integers modulo the group order n, eight at a time, in the limbs of field.hpp. n lies too far
/// from a power of two for folding to pay, so products are Montgomery products with R = 2^260, and
/// the few formulas of this room are arranged so that factors of R cancel.

namespace buri::accel::avx512 {

/// limb 0..3 in [0, 2^52), limb 4 in [0, 2^50). Products below come out under 1.25 n.
struct OrderElement {
  Lanes limb[5];
};

inline constexpr std::uint64_t kOrder[5] = {0x25e8cd0364141, 0xe6af48a03bbfd, 0xffffffebaaedc,
                                            kMask52, kMask48};
/// -1/n mod 2^52.
inline constexpr std::uint64_t kOrderNegatedInverse = 0xdff665588b13f;
/// 2^520 mod n.
inline constexpr std::uint64_t kOrderRSquared[5] = {
    0xe180c268b3b23, 0x94fd6e33e4c8e, 0xd07c73b975948, 0xc5e697f5e45bc, 0x671cd581c69b};

[[gnu::always_inline]] inline OrderElement splat_order(const std::uint64_t (&limbs)[5]) {
  OrderElement result;
  for (int i = 0; i < 5; ++i) result.limb[i] = splat(limbs[i]);
  return result;
}

/// The value of `a` as limbs of an OrderElement, and back: one layout, two meanings.
[[gnu::always_inline]] inline OrderElement as_order(const Element& a) {
  return {{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
}
[[gnu::always_inline]] inline Element as_limbs(const OrderElement& a) {
  return {{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
}

/// a * b / 2^260 mod n, below 1.25 n. REQUIRES: a and b below 2^257 (a product or any 256-bit
/// value).
[[gnu::always_inline]] inline OrderElement multiply(const OrderElement& a, const OrderElement& b) {
  const Lanes inverse = splat(kOrderNegatedInverse);
  const OrderElement n = splat_order(kOrder);
  Product sum = add_product(empty_product(), as_limbs(a), as_limbs(b));
  // Five multiples of n clear the lower columns, lowest first. The full product is there already,
  // so that only this chain is waited for.
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
    const Lanes q = add_low_product(zero_lanes(), sum.column[i], inverse);
#pragma clang loop unroll(full)
    for (int j = 0; j < 5; ++j) {
      sum.column[i + j] = add_low_product(sum.column[i + j], q, n.limb[j]);
      sum.column[i + j + 1] = add_high_product(sum.column[i + j + 1], q, n.limb[j]);
    }
    sum.column[i + 1] = add(sum.column[i + 1], shift_right<52>(sum.column[i]));
  }
  const Element tidy =
      propagate(sum.column[5], sum.column[6], sum.column[7], sum.column[8], sum.column[9]);
  return {{tidy.limb[0], tidy.limb[1], tidy.limb[2], tidy.limb[3], tidy.limb[4]}};
}

/// The same residue in [0, n). REQUIRES: a below 2n.
[[gnu::always_inline]] inline OrderElement normalize(const OrderElement& a) {
  Lanes less[5];
  Lanes borrow = zero_lanes();
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
    less[i] = add(sub(a.limb[i], splat(kOrder[i])), borrow);
    borrow = shift_right_signed<52>(less[i]);
    if (i < 4) less[i] = bit_and(less[i], splat(kMask52));
  }
  const LaneMask below = _mm512_movepi64_mask(borrow);
  OrderElement result;
  for (int i = 0; i < 5; ++i) result.limb[i] = select(below, a.limb[i], less[i]);
  return result;
}

}  // namespace buri::accel::avx512
