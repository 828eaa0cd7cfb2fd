#pragma once

#include "accel/vector/field.hpp"

/// Points of y^2 = x^3 + 7 in Jacobian coordinates with a doubled y: (x, y2, z) stands for the
/// affine point (x / z^2, y2 / (2 z^3)). Neither formula knows exceptions: an addition of a point
/// to itself or to its opposite gives z = 0, and z stays 0 from then on, so one test at the end of
/// a chain finds every lane in which an exception happened.

namespace buri::accel::vector {

/// An affine point as the affine formulas leave it: y only ever enters differences.
template <class L>
struct AffinePoint {
  Element<L> x;
  Sum<L> y;  ///< |limb| < 2^60
};

template <class L>
struct JacobianPoint {
  Element<L> x;
  Element<L> y2;
  Element<L> z;
};

template <class L>
[[gnu::always_inline]] inline JacobianPoint<L> to_jacobian(const AffinePoint<L>& p) {
  return {p.x, carry_signed<1u << 13>(scale<1>(p.y)), one_element<L>()};
}

/// -2p: the opposite of the double comes for one reduction less than the double, because
/// -2y' = m * 2(x' - u) + s^2 is a sum where 2y' is a difference. A chain of doublings keeps count
/// of the signs. With s = y2^2, u = x s (= 4 x y^2), m = 3 x^2:
///   x' = m^2 - 2u,  z' = y2 z.  3M + 4S, one reduction shared.
template <class L>
[[gnu::always_inline]] inline JacobianPoint<L> negated_double(const JacobianPoint<L>& p) {
  const Sum<L> xx = square_wide(p.x);
  const Element<L> m = carry(xx + scale<1>(xx));
  const Element<L> s = square(p.y2);
  const Element<L> z = multiply(p.y2, p.z);
  const Sum<L> u = scale<1>(multiply_wide(p.x, s));
  const Sum<L> x = square_wide(m) - u;
  const Element<L> w = carry_signed<1u << 12>(scale<1>(x) - u);
  return {carry_signed<1u << 11>(x), reduce_and_carry(add_product(square_product(s), m, w)), z};
}

/// p + q. With h = q.x z^2 - x, r = 2 q.y z^3 - y2, i = 4 h^2, j = h i, v = x i:
///   x' = r^2 - j - 2v,  y2' = r * 2(v - x') - y2 * 2j,  z' = 2 z h.
template <class L>
[[gnu::always_inline]] inline JacobianPoint<L> add_mixed(const JacobianPoint<L>& p,
                                                         const Element<L>& x, const Element<L>& y) {
  const Element<L> zz = square(p.z);
  const Element<L> zzz = multiply(zz, p.z);
  const Element<L> h = carry_signed<8>(multiply_wide(x, zz) - widen(p.x));
  const Element<L> i = carry(scale<2>(square_wide(h)));
  const Element<L> r = carry_signed<8>(scale<1>(multiply_wide(y, zzz)) - widen(p.y2));
  const Sum<L> j = multiply_wide(h, i);
  const Sum<L> v = multiply_wide(p.x, i);
  const Sum<L> zero{{L::zero(), L::zero(), L::zero(), L::zero(), L::zero()}};
  const Element<L> minus_j2 = carry_signed<1u << 11>(zero - scale<1>(j));
  const Element<L> z = carry(scale<1>(multiply_wide(p.z, h)));
  const Element<L> x3 = carry_signed<1u << 11>(square_wide(r) - j - scale<1>(v));
  const Element<L> w = carry_signed<16>(scale<1>(v - widen(x3)));
  return {x3, reduce_and_carry(add_product(add_product(empty_product<L>(), r, w), p.y2, minus_j2)),
          z};
}

}  // namespace buri::accel::vector
