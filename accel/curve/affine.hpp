#pragma once

#include "accel/curve/point.hpp"

/// Affine additions that share one inversion. An affine addition is cheap once 1 / (x2 - x1) is
/// known, and Montgomery's trick inverts a whole batch for three multiplications a value: 5M + 1S
/// an addition against 8M + 3S for a mixed one.

namespace buri::accel::curve {

/// x2 - x1: what add_affine needs inverted. Zero marks an exceptional pair, p = +-q.
template <Field F>
BURI_HOST_DEVICE typename F::Element add_denominator(const AffinePoint<F>& p,
                                                     const AffinePoint<F>& q) {
  return F::tighten(F::template sub<1>(q.x, p.x));
}

namespace detail {

/// The third point on the line through p with this slope, mirrored; `other_x` is the second's x.
template <Field F>
BURI_HOST_DEVICE AffinePoint<F> reflect(const typename F::Element& slope, const AffinePoint<F>& p,
                                        const typename F::Element& other_x) {
  using Element = typename F::Element;
  const Element x =
      F::tighten(F::template sub<1>(F::template sub<1>(F::sqr_loose(slope), p.x), other_x));
  const Element drop = F::tighten(F::template sub<1>(p.x, x));
  return {x, F::tighten(F::template sub<1>(F::mul_loose(slope, drop), p.y))};
}

}  // namespace detail

/// p + q, given 1 / (q.x - p.x). 2M + 1S. An inverse of 0 gives garbage, not a fault.
template <Field F>
BURI_HOST_DEVICE AffinePoint<F> add_affine(const AffinePoint<F>& p, const AffinePoint<F>& q,
                                           const typename F::Element& inverse) {
  const typename F::Element rise = F::tighten(F::template sub<1>(q.y, p.y));
  return detail::reflect<F>(F::mul(rise, inverse), p, q.x);
}

/// 2p, given 1 / (2 p.y). 2M + 2S.
template <Field F>
BURI_HOST_DEVICE AffinePoint<F> double_affine(const AffinePoint<F>& p,
                                              const typename F::Element& inverse) {
  const typename F::Element rise = F::tighten(F::template times<3>(F::sqr_loose(p.x)));
  return detail::reflect<F>(F::mul(rise, inverse), p, p.x);
}

}  // namespace buri::accel::curve
