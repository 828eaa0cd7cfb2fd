#pragma once

#include "accel/curve/field.hpp"

/// Inverses and square roots mod p by Fermat's little theorem. Both exponents start with 223 ones,
/// so both chains share their first part: p - 2 = (2^223 - 1) 2^33 + (2^22 - 1) 2^10 + 0b101101 and
/// (p + 1) / 4 = (2^223 - 1) 2^31 + (2^22 - 1) 2^8 + 0b00001100.

namespace buri::accel::curve {

/// a^(2^count). REQUIRES: a tight, count >= 1.
template <Field F>
BURI_HOST_DEVICE typename F::Element sqr_times(const typename F::Element& a, unsigned count) {
  typename F::Element result = F::sqr(a);
  for (unsigned i = 1; i < count; ++i) result = F::sqr(result);
  return result;
}

namespace detail {

/// The powers a^(2^k - 1) that both chains end with.
template <Field F>
struct OnesPowers {
  typename F::Element ones2;
  typename F::Element ones22;
  typename F::Element ones223;
};

template <Field F>
BURI_HOST_DEVICE OnesPowers<F> ones_powers(const typename F::Element& a) {
  using Element = typename F::Element;
  const Element ones2 = F::mul(F::sqr(a), a);
  const Element ones3 = F::mul(F::sqr(ones2), a);
  const Element ones6 = F::mul(sqr_times<F>(ones3, 3), ones3);
  const Element ones9 = F::mul(sqr_times<F>(ones6, 3), ones3);
  const Element ones11 = F::mul(sqr_times<F>(ones9, 2), ones2);
  const Element ones22 = F::mul(sqr_times<F>(ones11, 11), ones11);
  const Element ones44 = F::mul(sqr_times<F>(ones22, 22), ones22);
  const Element ones88 = F::mul(sqr_times<F>(ones44, 44), ones44);
  const Element ones176 = F::mul(sqr_times<F>(ones88, 88), ones88);
  const Element ones220 = F::mul(sqr_times<F>(ones176, 44), ones44);
  return {ones2, ones22, F::mul(sqr_times<F>(ones220, 3), ones3)};
}

}  // namespace detail

/// 1 / a, and 0 for 0. a tight, result tight. 255 squarings, 15 multiplications.
template <Field F>
BURI_HOST_DEVICE typename F::Element invert(const typename F::Element& a) {
  const detail::OnesPowers<F> powers = detail::ones_powers<F>(a);
  typename F::Element result = F::mul(sqr_times<F>(powers.ones223, 23), powers.ones22);
  result = F::mul(sqr_times<F>(result, 5), a);
  result = F::mul(sqr_times<F>(result, 3), powers.ones2);
  return F::mul(sqr_times<F>(result, 2), a);
}

/// A root of a if a is a square; otherwise a root of -a. The caller squares to find out. a tight,
/// result tight. 253 squarings, 13 multiplications.
template <Field F>
BURI_HOST_DEVICE typename F::Element square_root(const typename F::Element& a) {
  const detail::OnesPowers<F> powers = detail::ones_powers<F>(a);
  typename F::Element result = F::mul(sqr_times<F>(powers.ones223, 23), powers.ones22);
  result = F::mul(sqr_times<F>(result, 6), powers.ones2);
  return sqr_times<F>(result, 2);
}

}  // namespace buri::accel::curve
