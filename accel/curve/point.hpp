#pragma once

#include "accel/curve/field.hpp"

/// Point formulas for y^2 = x^3 + 7, written once for every field (accel/curve/field.hpp).
///
/// All coordinates taken and given are tight. No formula branches, and none handles infinity or
/// equal x: with odd digits (accel/curve/digits.hpp) an honest computation meets neither. A
/// Jacobian formula that meets an exceptional pair gives Z = 0 mod p, and Z stays 0 through every
/// later formula, so one test of the final Z finds every exception; that signature is then decided
/// by the single-item path. The affine formulas need their denominators tested
/// (accel/curve/affine.hpp).

namespace buri::accel::curve {

/// (x, y).
template <Field F>
struct AffinePoint {
  typename F::Element x;
  typename F::Element y;
};

/// (x / z^2, y / z^3); z = 0 marks infinity or a failed computation.
template <Field F>
struct JacobianPoint {
  typename F::Element x;
  typename F::Element y;
  typename F::Element z;
};

/// The point with z = 1.
template <Field F>
BURI_HOST_DEVICE JacobianPoint<F> to_jacobian(const AffinePoint<F>& p) {
  return {p.x, p.y, F::constant({{1, 0, 0, 0}})};
}

/// lambda * p: the curve's endomorphism.
template <Field F>
BURI_HOST_DEVICE AffinePoint<F> endomorphism(const AffinePoint<F>& p) {
  return {F::mul(p.x, F::constant(endomorphism_beta())), p.y};
}

/// -p where `mask`, else p.
template <Field F>
BURI_HOST_DEVICE AffinePoint<F> negate_where(const typename F::Mask& mask,
                                             const AffinePoint<F>& p) {
  const typename F::Element zero = F::constant({{0, 0, 0, 0}});
  return {p.x, F::select(mask, F::tighten(F::template sub<1>(zero, p.y)), p.y)};
}

/// x^3 + 7. x tight, result tight.
template <Field F>
BURI_HOST_DEVICE typename F::Element curve_right_side(const typename F::Element& x) {
  return F::tighten(F::add(F::mul_loose(F::sqr(x), x), F::constant({{7, 0, 0, 0}})));
}

/// 2p. 3M + 4S. p at infinity (z = 0) gives z = 0; no point of the curve has y = 0.
template <Field F>
BURI_HOST_DEVICE JacobianPoint<F> double_point(const JacobianPoint<F>& p) {
  using Element = typename F::Element;
  if constexpr (F::kPrefersHalving) {
    // L = 3/2 x^2, S = y^2, T = x S: x' = L^2 - 2T, y' = L (T - x') - S^2, z' = y z.
    const Element xx = F::sqr(p.x);
    const Element slope = F::tighten(F::add(xx, F::half(xx)));
    const Element s = F::sqr(p.y);
    const Element t = F::mul(p.x, s);
    const Element x = F::tighten(F::template sub<2>(F::sqr_loose(slope), F::template times<2>(t)));
    const Element drop = F::tighten(F::template sub<1>(t, x));
    const Element y = F::tighten(F::template sub<1>(F::mul_loose(slope, drop), F::sqr_loose(s)));
    return {x, y, F::mul(p.y, p.z)};
  } else {
    // M = 3 x^2, B = y^2, S = 4 x B: x' = M^2 - 2S, y' = M (S - x') - 8 B^2, z' = 2 y z.
    const Element slope = F::tighten(F::template times<3>(F::sqr_loose(p.x)));
    const Element b = F::sqr(p.y);
    const Element s = F::template times<4>(F::mul_loose(p.x, b));
    const Element x = F::tighten(F::template sub<8>(F::sqr_loose(slope), F::template times<2>(s)));
    const Element drop = F::tighten(F::template sub<1>(s, x));
    const Element y = F::tighten(
        F::template sub<8>(F::mul_loose(slope, drop), F::template times<8>(F::sqr_loose(b))));
    return {x, y, F::tighten(F::template times<2>(F::mul_loose(p.y, p.z)))};
  }
}

/// p + q for p != +-q, neither at infinity (otherwise z' = 0). 8M + 3S.
template <Field F>
BURI_HOST_DEVICE JacobianPoint<F> add_mixed(const JacobianPoint<F>& p, const AffinePoint<F>& q) {
  using Element = typename F::Element;
  const Element zz = F::sqr(p.z);
  const Element u2 = F::mul_loose(q.x, zz);
  const Element s2 = F::mul_loose(F::mul(zz, p.z), q.y);
  const Element h = F::tighten(F::template sub<1>(u2, p.x));
  const Element r = F::tighten(F::template sub<1>(s2, p.y));
  const Element hh = F::sqr(h);
  const Element hhh = F::mul(h, hh);
  const Element v = F::mul_loose(p.x, hh);
  const Element x = F::tighten(
      F::template sub<2>(F::template sub<1>(F::sqr_loose(r), hhh), F::template times<2>(v)));
  const Element drop = F::tighten(F::template sub<1>(v, x));
  const Element y = F::tighten(F::template sub<1>(F::mul_loose(r, drop), F::mul_loose(p.y, hhh)));
  return {x, y, F::mul(p.z, h)};
}

/// p + q for p != +-q, neither at infinity (otherwise z' = 0). 12M + 4S.
template <Field F>
BURI_HOST_DEVICE JacobianPoint<F> add_full(const JacobianPoint<F>& p, const JacobianPoint<F>& q) {
  using Element = typename F::Element;
  const Element pzz = F::sqr(p.z);
  const Element qzz = F::sqr(q.z);
  const Element u1 = F::mul(p.x, qzz);
  const Element u2 = F::mul_loose(q.x, pzz);
  const Element s1 = F::mul(F::mul(p.y, q.z), qzz);
  const Element s2 = F::mul_loose(F::mul(q.y, p.z), pzz);
  const Element h = F::tighten(F::template sub<1>(u2, u1));
  const Element r = F::tighten(F::template sub<1>(s2, s1));
  const Element hh = F::sqr(h);
  const Element hhh = F::mul(h, hh);
  const Element v = F::mul_loose(u1, hh);
  const Element x = F::tighten(
      F::template sub<2>(F::template sub<1>(F::sqr_loose(r), hhh), F::template times<2>(v)));
  const Element drop = F::tighten(F::template sub<1>(v, x));
  const Element y = F::tighten(F::template sub<1>(F::mul_loose(r, drop), F::mul_loose(s1, hhh)));
  return {x, y, F::mul(F::mul(p.z, q.z), h)};
}

/// The affine point, given 1 / z.
template <Field F>
BURI_HOST_DEVICE AffinePoint<F> to_affine(const JacobianPoint<F>& p,
                                          const typename F::Element& z_inverse) {
  const typename F::Element zz = F::sqr(z_inverse);
  return {F::mul(p.x, zz), F::mul(F::mul(p.y, z_inverse), zz)};
}

}  // namespace buri::accel::curve
