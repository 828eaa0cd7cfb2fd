#pragma once

#include <cstddef>

#include "accel/curve/chains.hpp"
#include "accel/curve/point.hpp"

/// Affine additions that share one inversion. An affine addition is cheap once 1 / (x2 - x1) is
/// known, and Montgomery's trick inverts a whole batch for three multiplications a value: 5M + 1S
/// an addition against 8M + 3S for a mixed one.

namespace buri::accel::curve {

/// Replaces each of `count` tight values by its inverse; zeros (per lane) stay zero. Four
/// multiplications a value at most, and one inversion. `products` is scratch of `count` elements
/// and does not alias `values`.
template <Field F>
BURI_HOST_DEVICE void batch_invert(typename F::Element* values, typename F::Element* products,
                                   std::size_t count) {
  using Element = typename F::Element;
  const Element one = F::constant({{1, 0, 0, 0}});
  Element product = one;
  for (std::size_t i = 0; i < count; ++i) {
    products[i] = product;
    product = F::mul(product, F::select(F::is_zero(values[i]), one, values[i]));
  }
  Element inverse = invert<F>(product);
  const Element zero = F::constant({{0, 0, 0, 0}});
  for (std::size_t i = count; i-- > 0;) {
    const Element value = values[i];
    const typename F::Mask dead = F::is_zero(value);
    values[i] = F::select(dead, zero, F::mul(inverse, products[i]));
    inverse = F::mul(inverse, F::select(dead, one, value));
  }
}

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
