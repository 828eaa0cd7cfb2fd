#pragma once

#include "accel/vector/order.hpp"

/// Multipliers as odd digits, one multiplier per lane: the split and the recoding of
/// accel/curve/digits.hpp (which has the mathematics), with the same digits, in lanes.

namespace buri::accel::vector {

/// One digit per lane: (2 row + 1), negated in the lanes of `negative`.
template <class L>
struct LaneDigit {
  L row;
  LaneMask negative;
};

/// An odd integer of either sign, |k| < 2^129, as limbs of k + 2^bits - 1: bit i + 1 of that is bit
/// i of the binary digits from which odd digits are read.
template <class L>
struct LaneDigits {
  L limb[3];  ///< in [0, 2^52)

  /// The digit of `width` bits that starts at bit `position`.
  [[gnu::always_inline]] inline LaneDigit<L> at(unsigned position, unsigned width) const {
    const unsigned word = (position + 1) / 52;
    const unsigned shift = (position + 1) % 52;
    L bits = shift_right_by(limb[word], shift);
    if (shift + width > 52 && word < 2) {
      bits = bit_or(bits, shift_left_by(limb[word + 1], 52 - shift));
    }
    const std::uint64_t half = std::uint64_t{1} << (width - 1);
    const L low = L::splat(half - 1);
    const LaneMask negative = zeros(bit_and(bits, L::splat(half)));
    const L magnitude = bit_and(bits, low);
    return {xor_where(negative, magnitude, low), negative};
  }
};

/// k = first + second * lambda mod n, both odd.
template <class L>
struct LaneSplit {
  LaneDigits<L> first;
  LaneDigits<L> second;
};

namespace detail {

/// floor(k * g / 2^384) in three limbs; products below 2^208 are left out, which can make the
/// result 1 too small where the remainder is below 2^-100: the bounds of the split hold anyway.
template <class L>
inline void divide(const OrderElement<L>& k, const std::uint64_t (&g)[5], L (&quotient)[3]) {
  L column[5];  // weights 2^260 .. 2^468
  for (L& lanes : column) lanes = L::zero();
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
#pragma clang loop unroll(full)
    for (int j = 4 - i; j < 5; ++j) {
      if (i + j >= 5) {
        column[i + j - 5] = add_low_product(column[i + j - 5], k.limb[i], L::splat(g[j]));
      }
      column[i + j - 4] = add_high_product(column[i + j - 4], k.limb[i], L::splat(g[j]));
    }
  }
  const L mask = L::splat(kMask52);
  for (int i = 0; i < 4; ++i) {
    column[i + 1] = add(column[i + 1], shift_right<52>(column[i]));
    column[i] = bit_and(column[i], mask);
  }
  quotient[0] = or_and(shift_right<20>(column[2]), shift_left<32>(column[3]), mask);
  quotient[1] = or_and(shift_right<20>(column[3]), shift_left<32>(column[4]), mask);
  quotient[2] = shift_right<20>(column[4]);
}

/// sum + c * b modulo 2^156.
template <class L>
inline void add_short_product(L (&sum)[3], const L (&c)[3], const std::uint64_t (&b)[3]) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 3; ++i) {
#pragma clang loop unroll(full)
    for (int j = 0; i + j < 3; ++j) {
      sum[i + j] = add_low_product(sum[i + j], c[i], L::splat(b[j]));
      if (i + j < 2) sum[i + j + 1] = add_high_product(sum[i + j + 1], c[i], L::splat(b[j]));
    }
  }
}

/// plus - minus + 2^bits - 1 modulo 2^156.
template <class L>
inline LaneDigits<L> to_digits(const L (&plus)[3], const L (&minus)[3], unsigned bits) {
  const std::uint64_t offset[3] = {kMask52, kMask52, (std::uint64_t{1} << (bits - 104)) - 1};
  const L mask = L::splat(kMask52);
  LaneDigits<L> result;
  L carried = L::zero();
  for (int i = 0; i < 3; ++i) {
    const L sum = add(add(sub(plus[i], minus[i]), L::splat(offset[i])), carried);
    carried = shift_right_signed<52>(sum);
    result.limb[i] = bit_and(sum, mask);
  }
  return result;
}

}  // namespace detail

/// Splits k < 2n; `bits` >= 129 is the sum of the widths with which the digits will be read.
template <class L>
inline LaneSplit<L> split_odd(const OrderElement<L>& k, unsigned bits) {
  // floor(2^384 a1 / n), floor(2^384 b1 / n); a1, a2, b1.
  static constexpr std::uint64_t kG1[5] = {0x3209a45dbb030, 0x1471e8ca7fe89, 0x284eb153daa8a,
                                           0x6bcde86c90e49, 0x3086d221a7d4};
  static constexpr std::uint64_t kG2[5] = {0x1b4ae8ac47f71, 0xac9df506c6157, 0xabfe4c4221208,
                                           0x88286f547fa90, 0xe4437ed6010e};
  static constexpr std::uint64_t kA1[3] = {0xc90e49284eb15, 0x21a7d46bcde86, 0x3086d2};
  static constexpr std::uint64_t kA2[3] = {0x1108d9d44cfd8, 0xf7a8e2f3f657c, 0x114ca50};
  static constexpr std::uint64_t kB1[3] = {0x47fa90abfe4c3, 0xd6010e88286f5, 0xe4437e};
  const L one = L::splat(1);
  L c1[3];
  L c2[3];
  detail::divide(k, kG1, c1);
  detail::divide(k, kG2, c2);
  // c1 must differ from k in the lowest bit, c2 must agree with it. Limbs may reach 2^52 by this
  // only if carried, so carry.
  c1[0] = add(c1[0], bit_and(bit_xor(bit_xor(c1[0], k.limb[0]), one), one));
  c2[0] = add(c2[0], bit_and(bit_xor(c2[0], k.limb[0]), one));
  for (int i = 0; i < 2; ++i) {
    c1[i + 1] = add(c1[i + 1], shift_right<52>(c1[i]));
    c2[i + 1] = add(c2[i + 1], shift_right<52>(c2[i]));
  }
  L first_minus[3] = {L::zero(), L::zero(), L::zero()};
  detail::add_short_product(first_minus, c1, kA1);
  detail::add_short_product(first_minus, c2, kA2);
  L second_plus[3] = {L::zero(), L::zero(), L::zero()};
  detail::add_short_product(second_plus, c1, kB1);
  L second_minus[3] = {L::zero(), L::zero(), L::zero()};
  detail::add_short_product(second_minus, c2, kA1);
  const L low_limbs[3] = {k.limb[0], k.limb[1], k.limb[2]};
  return {detail::to_digits(low_limbs, first_minus, bits),
          detail::to_digits(second_plus, second_minus, bits)};
}

}  // namespace buri::accel::vector
