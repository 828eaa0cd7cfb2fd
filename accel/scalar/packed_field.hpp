#pragma once

#include "accel/curve/field.hpp"

/// The field of one lane in four packed 64-bit limbs: everything but multiplication.

namespace buri::accel::scalar {

using curve::kFieldFold;
using curve::Uint256;

/// Base of the two 4x64 fields (accel/curve/field.hpp is the contract; `Multiplier` provides mul
/// and sqr). An Element is any 256-bit value, so every element is tight and magnitudes mean
/// nothing. Residues have one or two representations: v and, for v < 2^32 + 977, v + p. Branches on
/// data: public values only.
template <class Multiplier>
struct PackedField {
  using Element = Uint256;
  using Mask = bool;
  static constexpr bool kPrefersHalving = true;

  static Element mul(const Element& a, const Element& b) { return Multiplier::multiply(a, b); }
  static Element sqr(const Element& a) { return Multiplier::square(a); }
  static Element mul_loose(const Element& a, const Element& b) { return mul(a, b); }
  static Element sqr_loose(const Element& a) { return sqr(a); }
  static Element tighten(const Element& a) { return a; }

  static Element add(const Element& a, const Element& b) {
    Element sum;
    unsigned long long carry = 0;
    for (int i = 0; i < 4; ++i) sum.limb[i] = __builtin_addcll(a.limb[i], b.limb[i], carry, &carry);
    // A carry is worth kFieldFold. Adding it can carry once more, when both inputs were within
    // 2^33 of 2^256; the rest is then tiny.
    carry = add_small(sum, (0 - carry) & kFieldFold);
    if (carry != 0) [[unlikely]]
      sum.limb[0] += kFieldFold;
    return sum;
  }

  template <unsigned M>
  static Element sub(const Element& a, const Element& b) {
    Element difference;
    unsigned long long borrow = 0;
    for (int i = 0; i < 4; ++i) {
      difference.limb[i] = __builtin_subcll(a.limb[i], b.limb[i], borrow, &borrow);
    }
    borrow = sub_small(difference, (0 - borrow) & kFieldFold);
    if (borrow != 0) [[unlikely]]
      difference.limb[0] -= kFieldFold;
    return difference;
  }

  template <unsigned K>
  static Element times(const Element& a) {
    static_assert(K >= 2 && K <= 8);
    if constexpr (K % 2 == 0) {
      const Element twice = add(a, a);
      if constexpr (K == 2) {
        return twice;
      } else {
        return times<K / 2>(twice);
      }
    } else if constexpr (K == 3) {
      return add(add(a, a), a);
    } else {
      return add(times<K - 1>(a), a);
    }
  }

  /// (a + p) / 2 for odd a: a - kFieldFold with 2^256 on top, which a borrow eats up.
  static Element half(const Element& a) {
    const std::uint64_t odd = a.limb[0] & 1;
    Element even = a;
    const unsigned long long borrow = sub_small(even, (0 - odd) & kFieldFold);
    const std::uint64_t top = odd ^ borrow;
    return {{even.limb[0] >> 1 | even.limb[1] << 63, even.limb[1] >> 1 | even.limb[2] << 63,
             even.limb[2] >> 1 | even.limb[3] << 63, even.limb[3] >> 1 | top << 63}};
  }

  static Element normalize(const Element& a) {
    Element reduced;
    const bool below = curve::sub_borrow(a, curve::field_prime(), reduced) != 0;
    return below ? a : reduced;
  }

  static Mask is_zero(const Element& a) {
    if ((a.limb[0] | a.limb[1] | a.limb[2] | a.limb[3]) == 0) return true;
    return a == curve::field_prime();
  }
  static Mask is_odd(const Element& a) { return (a.limb[0] & 1) != 0; }
  static Element select(Mask mask, const Element& a, const Element& b) {
    return curve::select(mask, a, b);
  }
  static Element constant(const Uint256& value) { return value; }

 private:
  static unsigned long long add_small(Element& value, std::uint64_t small) {
    unsigned long long carry = 0;
    value.limb[0] = __builtin_addcll(value.limb[0], small, 0, &carry);
    for (int i = 1; i < 4; ++i) value.limb[i] = __builtin_addcll(value.limb[i], 0, carry, &carry);
    return carry;
  }
  static unsigned long long sub_small(Element& value, std::uint64_t small) {
    unsigned long long borrow = 0;
    value.limb[0] = __builtin_subcll(value.limb[0], small, 0, &borrow);
    for (int i = 1; i < 4; ++i) value.limb[i] = __builtin_subcll(value.limb[i], 0, borrow, &borrow);
    return borrow;
  }
};

}  // namespace buri::accel::scalar
