#pragma once

#include "accel/cuda/folds.cuh"
#include "accel/curve/field.hpp"

/// The device's field for the formulas of accel/curve: integers mod p = 2^256 - 2^32 - 977 in eight
/// 32-bit limbs. Every value of 256 bits is a valid element, reduced or not; every operation takes
/// and gives such values and is exact for all of them, so all elements are tight.
///
/// Products are summed in two rows of pairs, one for columns that start at even limbs and one for
/// odd, so that each partial product is a single IMAD.WIDE; the rows meet in one addition. A chain
/// that runs into a column without a product so far takes the first product of that column as its
/// end: product + carry never overflows. Only the last chain of the odd row carries out.

namespace buri::accel::cuda {

struct DeviceField {
  struct Element {
    Limb limb[8];
  };
  using Mask = bool;
  static constexpr bool kPrefersHalving = true;

  BURI_HOST_DEVICE static Element mul(const Element& a, const Element& b) {
    Limb wide[16];
    product(a.limb, b.limb, wide);
    return reduce(wide);
  }

  BURI_HOST_DEVICE static Element sqr(const Element& a) {
    Limb wide[16];
    square(a.limb, wide);
    return reduce(wide);
  }

  /// a b - c: the subtraction starts the product's sums, for less than half of what sub costs.
  BURI_HOST_DEVICE static Element mul_sub(const Element& a, const Element& b, const Element& c) {
    Limb wide[16];
#pragma unroll
    for (unsigned i = 0; i < 8; ++i) wide[i] = c.limb[i];
    const Limb ninth = negate9(wide);
    multiply_even(a.limb, b.limb, wide, ninth);
    add_odd(a.limb, b.limb, wide);
    return reduce(wide);
  }

  /// a b + c d with one reduction.
  BURI_HOST_DEVICE static Element mul_add_mul(const Element& a, const Element& b, const Element& c,
                                              const Element& d) {
    Limb first[16];
    Limb second[16];
    product(a.limb, b.limb, first);
    product(c.limb, d.limb, second);
    return reduce_sum(first, second);
  }

  /// a b + c^2 with one reduction.
  BURI_HOST_DEVICE static Element mul_add_sqr(const Element& a, const Element& b,
                                              const Element& c) {
    Limb first[16];
    Limb second[16];
    product(a.limb, b.limb, first);
    square(c.limb, second);
    return reduce_sum(first, second);
  }

  /// a - 2 b.
  BURI_HOST_DEVICE static Element sub_twice(const Element& a, const Element& b) {
    Element difference = a;
    const Limb borrow = subtract_twice(difference.limb, b.limb);
    fold_borrow(difference.limb, borrow);
    return difference;
  }

  /// a - b - 2 c.
  BURI_HOST_DEVICE static Element sub_and_twice(const Element& a, const Element& b,
                                                const Element& c) {
    Element difference = a;
    Limb borrow = sub8(difference.limb, b.limb);
    borrow += subtract_twice(difference.limb, c.limb);
    fold_borrow(difference.limb, borrow);
    return difference;
  }

  BURI_HOST_DEVICE static Element mul_loose(const Element& a, const Element& b) {
    return mul(a, b);
  }
  BURI_HOST_DEVICE static Element sqr_loose(const Element& a) { return sqr(a); }

  BURI_HOST_DEVICE static Element add(const Element& a, const Element& b) {
    Element sum = a;
    const Limb carry = add8(sum.limb, b.limb);
    fold_carry(sum.limb, carry);
    return sum;
  }

  template <unsigned Magnitude>
  BURI_HOST_DEVICE static Element sub(const Element& a, const Element& b) {
    Element difference = a;
    const Limb borrow = sub8(difference.limb, b.limb);
    fold_borrow(difference.limb, borrow);
    return difference;
  }

  template <unsigned Factor>
  BURI_HOST_DEVICE static Element times(const Element& a) {
    static_assert(Factor == 2 || Factor == 3 || Factor == 4 || Factor == 8);
    constexpr unsigned kShift = Factor == 8 ? 3 : Factor == 4 ? 2 : 1;
    Element product;
    product.limb[0] = a.limb[0] << kShift;
#pragma unroll
    for (unsigned i = 1; i < 8; ++i)
      product.limb[i] = a.limb[i] << kShift | a.limb[i - 1] >> (32 - kShift);
    Limb carry = a.limb[7] >> (32 - kShift);
    if constexpr (Factor == 3) carry += add8(product.limb, a.limb);
    fold_carry(product.limb, carry);
    return product;
  }

  BURI_HOST_DEVICE static Element half(const Element& a) {
    const Limb odd = 0 - (a.limb[0] & 1);
    const Limb prime[8] = {odd & 0xfffffc2f, odd & 0xfffffffe, odd, odd, odd, odd, odd, odd};
    Element sum = a;
    const Limb carry = add8(sum.limb, prime);
#pragma unroll
    for (unsigned i = 0; i < 7; ++i) sum.limb[i] = sum.limb[i] >> 1 | sum.limb[i + 1] << 31;
    sum.limb[7] = sum.limb[7] >> 1 | carry << 31;
    return sum;
  }

  BURI_HOST_DEVICE static Element tighten(const Element& a) { return a; }

  BURI_HOST_DEVICE static Element normalize(const Element& a) {
    Element above = a;  // a + 2^256 - p
    const Limb fold[8] = {977, 1, 0, 0, 0, 0, 0, 0};
    const Limb carry = add8(above.limb, fold);
    return select(carry != 0, above, a);
  }

  /// The two forms of zero are 0 and p.
  BURI_HOST_DEVICE static Mask is_zero(const Element& a) {
    Limb any = a.limb[0] | a.limb[1];
    Limb off_prime = (a.limb[0] ^ 0xfffffc2f) | (a.limb[1] ^ 0xfffffffe);
#pragma unroll
    for (unsigned i = 2; i < 8; ++i) {
      any |= a.limb[i];
      off_prime |= ~a.limb[i];
    }
    return any == 0 || off_prime == 0;
  }

  BURI_HOST_DEVICE static Mask is_odd(const Element& a) { return (a.limb[0] & 1) != 0; }

  BURI_HOST_DEVICE static Element select(Mask mask, const Element& a, const Element& b) {
    Element chosen;
#pragma unroll
    for (unsigned i = 0; i < 8; ++i) chosen.limb[i] = mask ? a.limb[i] : b.limb[i];
    return chosen;
  }

  BURI_HOST_DEVICE static Element constant(const curve::Uint256& value) {
    Element element;
#pragma unroll
    for (unsigned i = 0; i < 8; ++i)
      element.limb[i] = static_cast<Limb>(value.limb[i / 2] >> (32 * (i % 2)));
    return element;
  }

  /// The unique representative as a plain integer.
  BURI_HOST_DEVICE static curve::Uint256 to_integer(const Element& a) {
    const Element reduced = normalize(a);
    curve::Uint256 value{};
#pragma unroll
    for (unsigned i = 0; i < 8; ++i)
      value.limb[i / 2] |= static_cast<std::uint64_t>(reduced.limb[i]) << (32 * (i % 2));
    return value;
  }

 private:
  BURI_HOST_DEVICE static void product(const Limb (&a)[8], const Limb (&b)[8], Limb (&wide)[16]) {
    multiply_even(a, b, wide);
    add_odd(a, b, wide);
  }

  BURI_HOST_DEVICE static void square(const Limb (&a)[8], Limb (&wide)[16]) {
    cross_products(a, wide);
#pragma unroll
    for (unsigned i = 15; i > 1; --i) wide[i] = wide[i] << 1 | wide[i - 1] >> 31;
    wide[1] <<= 1;
    add_squares(wide, a);
  }

  BURI_HOST_DEVICE static void add_odd(const Limb (&a)[8], const Limb (&b)[8], Limb (&wide)[16]) {
    Limb odd[15];
    multiply_odd(a, b, odd);
    add15(wide + 1, odd);
  }

  /// a -= 2 b; returns what was borrowed, up to 2.
  BURI_HOST_DEVICE static Limb subtract_twice(Limb (&a)[8], const Limb (&b)[8]) {
    Limb twice[8];
    twice[0] = b[0] << 1;
#pragma unroll
    for (unsigned i = 1; i < 8; ++i) twice[i] = b[i] << 1 | b[i - 1] >> 31;
    return sub8(a, twice) + (b[7] >> 31);
  }

  /// The products whose column is even: a[i] * b[j], i + j even, summed at limb i + j.
  BURI_HOST_DEVICE static void multiply_even(const Limb (&a)[8], const Limb (&b)[8],
                                             Limb (&sum)[16]) {
    multiply(sum, a[0], b[0]);
    multiply(sum + 2, a[2], b[0]);
    multiply(sum + 4, a[4], b[0]);
    multiply(sum + 6, a[6], b[0]);
    chain3_fresh(sum + 2, sum + 8, {a[1], a[3], a[5], a[7]}, {b[1], b[1], b[1], b[1]});
    multiply_even_rest(a, b, sum);
  }

  /// The same on top of what sum[0..7] and, at limb 8, `ninth` (0 or 1) hold already.
  BURI_HOST_DEVICE static void multiply_even(const Limb (&a)[8], const Limb (&b)[8],
                                             Limb (&sum)[16], Limb ninth) {
    chain4_fresh(sum, sum + 8, {a[0], a[2], a[4], a[6], a[7]}, {b[0], b[0], b[0], b[0], b[1]});
    chain3_into(sum + 2, sum + 8, {a[1], a[3], a[5]}, {b[1], b[1], b[1]}, ninth);
    multiply_even_rest(a, b, sum);
  }

  /// Rows b[2] to b[7].
  BURI_HOST_DEVICE static void multiply_even_rest(const Limb (&a)[8], const Limb (&b)[8],
                                                  Limb (&sum)[16]) {
    chain4_fresh(sum + 2, sum + 10, {a[0], a[2], a[4], a[6], a[7]}, {b[2], b[2], b[2], b[2], b[3]});
    chain3_into(sum + 4, sum + 10, {a[1], a[3], a[5]}, {b[3], b[3], b[3]});
    chain4_fresh(sum + 4, sum + 12, {a[0], a[2], a[4], a[6], a[7]}, {b[4], b[4], b[4], b[4], b[5]});
    chain3_into(sum + 6, sum + 12, {a[1], a[3], a[5]}, {b[5], b[5], b[5]});
    chain4_fresh(sum + 6, sum + 14, {a[0], a[2], a[4], a[6], a[7]}, {b[6], b[6], b[6], b[6], b[7]});
    chain3_into(sum + 8, sum + 14, {a[1], a[3], a[5]}, {b[7], b[7], b[7]});
  }

  /// The products whose column is odd, summed at limb i + j - 1.
  BURI_HOST_DEVICE static void multiply_odd(const Limb (&a)[8], const Limb (&b)[8],
                                            Limb (&sum)[15]) {
    multiply(sum, a[1], b[0]);
    multiply(sum + 2, a[3], b[0]);
    multiply(sum + 4, a[5], b[0]);
    multiply(sum + 6, a[7], b[0]);
    chain4_fresh(sum, sum + 8, {a[0], a[2], a[4], a[6], a[7]}, {b[1], b[1], b[1], b[1], b[2]});
    chain3_into(sum + 2, sum + 8, {a[1], a[3], a[5]}, {b[2], b[2], b[2]});
    chain4_fresh(sum + 2, sum + 10, {a[0], a[2], a[4], a[6], a[7]}, {b[3], b[3], b[3], b[3], b[4]});
    chain3_into(sum + 4, sum + 10, {a[1], a[3], a[5]}, {b[4], b[4], b[4]});
    chain4_fresh(sum + 4, sum + 12, {a[0], a[2], a[4], a[6], a[7]}, {b[5], b[5], b[5], b[5], b[6]});
    chain3_into(sum + 6, sum + 12, {a[1], a[3], a[5]}, {b[6], b[6], b[6]});
    sum[14] = chain4_out(sum + 6, {a[0], a[2], a[4], a[6]}, {b[7], b[7], b[7], b[7]});
  }

  /// The sum of a[i] * a[j] * 2^(32 (i + j)) over i < j: below 2^480, so limb 15 is 0.
  BURI_HOST_DEVICE static void cross_products(const Limb (&a)[8], Limb (&sum)[16]) {
    Limb odd[14];
    multiply(sum + 2, a[0], a[2]);
    multiply(sum + 4, a[0], a[4]);
    multiply(sum + 6, a[0], a[6]);
    multiply(sum + 8, a[1], a[7]);
    chain3_fresh(sum + 4, sum + 10, {a[1], a[1], a[2], a[3]}, {a[3], a[5], a[6], a[7]});
    chain3_fresh(sum + 6, sum + 12, {a[2], a[3], a[4], a[5]}, {a[4], a[5], a[6], a[7]});
    multiply(odd, a[0], a[1]);
    multiply(odd + 2, a[0], a[3]);
    multiply(odd + 4, a[0], a[5]);
    multiply(odd + 6, a[0], a[7]);
    chain3_fresh(odd + 2, odd + 8, {a[1], a[1], a[1], a[2]}, {a[2], a[4], a[6], a[7]});
    chain3_fresh(odd + 4, odd + 10, {a[2], a[2], a[3], a[4]}, {a[3], a[5], a[6], a[7]});
    chain3_fresh(odd + 6, odd + 12, {a[3], a[4], a[5], a[6]}, {a[4], a[5], a[6], a[7]});
    sum[0] = sum[1] = sum[14] = sum[15] = 0;
    add14(sum + 1, odd);
  }

  BURI_HOST_DEVICE static Element reduce(Limb (&wide)[16]) {
    Limb top[2];
    fold_high(wide, wide + 8, top);
    fold_top(wide, top);
    return low_limbs(wide);
  }

  /// a + b, where both are products.
  BURI_HOST_DEVICE static Element reduce_sum(Limb (&a)[16], const Limb (&b)[16]) {
    const Limb carry = add16(a, b);
    Limb top[2];
    fold_high(a, a + 8, top);
    fold_top_carry(a, top, carry);
    return low_limbs(a);
  }

  BURI_HOST_DEVICE static Element low_limbs(const Limb (&wide)[16]) {
    Element result;
#pragma unroll
    for (unsigned i = 0; i < 8; ++i) result.limb[i] = wide[i];
    return result;
  }
};

static_assert(curve::Field<DeviceField>);

}  // namespace buri::accel::cuda
