#pragma once

#include "accel/curve/order.hpp"

/// How a multiplier mod n becomes table look-ups: the GLV split into two short *odd* integers, and
/// their recoding into odd signed digits. Odd digits are never zero, so a sum over look-ups has the
/// same shape for every multiplier: no lane ever skips an addition or starts from infinity.
///
/// GLV (Gallant, Lambert, Vanstone 2001): the lattice of (x, y) with x + y lambda = 0 mod n has the
/// basis (a1, -b1) and (a2, a1) below. k - c1 (a1, -b1) - c2 (a2, a1) is short when c1 and c2 are
/// near k a1 / n and k b1 / n. As a1 and b1 are odd and a2 is even, both halves are odd exactly
/// when c1 differs from k in its lowest bit and c2 agrees with it; taking the nearest such c1 and
/// c2 costs less than 1 each, so |first| < a1 + a2 < 1.271 * 2^128 and |second| < a1 + b1 < 1.081 *
/// 2^128.

namespace buri::accel::curve {

/// An odd integer in (-2^129, 2^129), held as (value - 1) / 2 in two's complement.
struct OddInteger {
  std::uint64_t half[3];
};

/// k = first + second * lambda mod n.
struct OddSplit {
  OddInteger first;
  OddInteger second;
};

/// |values| of an OddSplit are below kSplitBound / 1000 * 2^128.
inline constexpr unsigned kSplitBoundPermille = 1271;

namespace detail {

/// (accumulator - c * b) mod 2^192 for c, b < 2^192 (c of two limbs).
BURI_HOST_DEVICE constexpr void subtract_product(std::uint64_t (&accumulator)[3],
                                                 const std::uint64_t (&c)[2],
                                                 const std::uint64_t (&b)[3]) {
  for (int i = 0; i < 2; ++i) {
    std::uint64_t carry = 0;
    for (int j = 0; i + j < 3; ++j) {
      const Uint128 term = Uint128{c[i]} * b[j] + carry;
      const auto low = static_cast<std::uint64_t>(term);
      carry = static_cast<std::uint64_t>(term >> 64) + (accumulator[i + j] < low ? 1 : 0);
      accumulator[i + j] -= low;
    }
  }
}

BURI_HOST_DEVICE constexpr OddInteger halve(const std::uint64_t (&value)[3]) {
  return {{value[0] >> 1 | value[1] << 63, value[1] >> 1 | value[2] << 63,
           static_cast<std::uint64_t>(static_cast<std::int64_t>(value[2]) >> 1)}};
}

}  // namespace detail

/// Splits k < n. 0 is allowed and splits like any other: into halves whose sum is 0 mod n.
BURI_HOST_DEVICE constexpr OddSplit split_odd(const Uint256& k) {
  // floor(2^384 a1 / n) and floor(2^384 b1 / n).
  const Uint256 g1{
      {0xe893209a45dbb030, 0x3daa8a1471e8ca7f, 0xe86c90e49284eb15, 0x3086d221a7d46bcd}};
  const Uint256 g2{
      {0x1571b4ae8ac47f71, 0x221208ac9df506c6, 0x6f547fa90abfe4c4, 0xe4437ed6010e8828}};
  const std::uint64_t a1[3] = {0xe86c90e49284eb15, 0x3086d221a7d46bcd, 0};
  const std::uint64_t a2[3] = {0x57c1108d9d44cfd8, 0x14ca50f7a8e2f3f6, 1};
  const std::uint64_t minus_b1[3] = {0x90ab8056f5401b3d, 0x1bbc8129fef177d7, ~std::uint64_t{0}};
  const Uint512 p1 = mul_wide(k, g1);
  const Uint512 p2 = mul_wide(k, g2);
  const Uint128 c1_floor = Uint128{p1.limb[7]} << 64 | p1.limb[6];
  const Uint128 c2_floor = Uint128{p2.limb[7]} << 64 | p2.limb[6];
  const Uint128 c1_odd = c1_floor + ((p1.limb[6] ^ k.limb[0] ^ 1) & 1);
  const Uint128 c2_odd = c2_floor + ((p2.limb[6] ^ k.limb[0]) & 1);
  const std::uint64_t c1[2] = {static_cast<std::uint64_t>(c1_odd),
                               static_cast<std::uint64_t>(c1_odd >> 64)};
  const std::uint64_t c2[2] = {static_cast<std::uint64_t>(c2_odd),
                               static_cast<std::uint64_t>(c2_odd >> 64)};
  std::uint64_t first[3] = {k.limb[0], k.limb[1], k.limb[2]};
  detail::subtract_product(first, c1, a1);
  detail::subtract_product(first, c2, a2);
  std::uint64_t second[3] = {0, 0, 0};
  detail::subtract_product(second, c1, minus_b1);
  detail::subtract_product(second, c2, a1);
  return {detail::halve(first), detail::halve(second)};
}

/// A digit 2 * row + 1 or -(2 * row + 1): which row of a table of odd multiples, and its sign.
struct SignedDigit {
  std::uint32_t row;
  bool negative;
};

/// An odd integer k as base-2^w odd digits, for any window widths that add up to `bits` >= 129:
/// k = sum (2 b_i - (2^(w_i) - 1)) 2^(position_i), where the b_i are the plain bits of
/// (k - 1) / 2 + 2^(bits - 1). So recoding is one addition and digits are read in any order.
struct OddDigits {
  std::uint64_t limb[3];

  /// REQUIRES: 129 <= bits <= 160.
  BURI_HOST_DEVICE static constexpr OddDigits of(const OddInteger& k, unsigned bits) {
    // bits - 1 >= 128, so only the top limb changes.
    return {{k.half[0], k.half[1], k.half[2] + (std::uint64_t{1} << (bits - 129))}};
  }

  /// The digit of `width` bits (1..31) that starts at bit `position`.
  BURI_HOST_DEVICE constexpr SignedDigit at(unsigned position, unsigned width) const {
    const unsigned word = position / 64;
    const unsigned shift = position % 64;
    std::uint64_t bits = limb[word] >> shift;
    if (shift + width > 64 && word < 2) bits |= limb[word + 1] << (64 - shift);
    const auto raw = static_cast<std::uint32_t>(bits) & ((1u << width) - 1);
    const std::uint32_t half = 1u << (width - 1);
    const bool negative = raw < half;
    return {negative ? half - 1 - raw : raw - half, negative};
  }
};

}  // namespace buri::accel::curve
