#pragma once

#include "accel/curve/field.hpp"

namespace buri::accel::scalar {

/// Two lanes of F side by side: each operation is done for both, one right after the other. The two
/// do not depend on each other, so the processor overlaps the latencies that a single chain of
/// squarings or of point formulas would wait for.
template <curve::Field F>
struct PairField {
  struct Element {
    typename F::Element lane[2];
  };
  struct Mask {
    typename F::Mask lane[2];
  };
  static constexpr bool kPrefersHalving = F::kPrefersHalving;

  static Element mul(const Element& a, const Element& b) {
    return {{F::mul(a.lane[0], b.lane[0]), F::mul(a.lane[1], b.lane[1])}};
  }
  static Element sqr(const Element& a) { return {{F::sqr(a.lane[0]), F::sqr(a.lane[1])}}; }
  static Element mul_loose(const Element& a, const Element& b) { return mul(a, b); }
  static Element sqr_loose(const Element& a) { return sqr(a); }
  static Element add(const Element& a, const Element& b) {
    return {{F::add(a.lane[0], b.lane[0]), F::add(a.lane[1], b.lane[1])}};
  }
  template <unsigned M>
  static Element sub(const Element& a, const Element& b) {
    return {{F::template sub<M>(a.lane[0], b.lane[0]), F::template sub<M>(a.lane[1], b.lane[1])}};
  }
  template <unsigned K>
  static Element times(const Element& a) {
    return {{F::template times<K>(a.lane[0]), F::template times<K>(a.lane[1])}};
  }
  static Element half(const Element& a) { return {{F::half(a.lane[0]), F::half(a.lane[1])}}; }
  static Element tighten(const Element& a) {
    return {{F::tighten(a.lane[0]), F::tighten(a.lane[1])}};
  }
  static Element normalize(const Element& a) {
    return {{F::normalize(a.lane[0]), F::normalize(a.lane[1])}};
  }
  static Mask is_zero(const Element& a) { return {{F::is_zero(a.lane[0]), F::is_zero(a.lane[1])}}; }
  static Mask is_odd(const Element& a) { return {{F::is_odd(a.lane[0]), F::is_odd(a.lane[1])}}; }
  static Element select(const Mask& mask, const Element& a, const Element& b) {
    return {{F::select(mask.lane[0], a.lane[0], b.lane[0]),
             F::select(mask.lane[1], a.lane[1], b.lane[1])}};
  }
  static Element constant(const curve::Uint256& value) {
    return {{F::constant(value), F::constant(value)}};
  }
};

}  // namespace buri::accel::scalar
