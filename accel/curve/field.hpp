#pragma once

#include <concepts>

#include "accel/curve/constants.hpp"

/// The contract between the curve formulas and a field: integers modulo p in whatever form suits
/// the machine, one or several lanes at once.
///
/// Representation. An Element holds one residue mod p per lane, not necessarily reduced. It has a
/// *magnitude* m: a promise of the caller, not a stored number. A field of packed limbs (4x64,
/// 8x32) folds after every operation, ignores magnitudes and has only tight elements; a field of
/// loose limbs (5x52) lets values grow to m times the tight bound before it carries.
///   tight  magnitude 1 and limbs in the range that multiplication reads. Points hold tight
///          coordinates, tables hold fully reduced ones (which are tight).
///   loose  any magnitude up to kMaxMagnitude; limbs may hold pending carries.
///
/// | operation            | takes                                | gives                        |
/// |----------------------|--------------------------------------|------------------------------|
/// | mul, sqr             | tight                                | tight                        |
/// | mul_loose, sqr_loose | tight                                | loose, magnitude 1           |
/// | add(a, b)            | loose                                | magnitude(a) + magnitude(b)  |
/// | sub<M>(a, b)         | a loose, b of magnitude at most M    | magnitude(a) + M + 1         |
/// | times<K>(a)          | loose, K in 2..8                     | K * magnitude(a)             |
/// | half(a)              | tight                                | tight; 2 * half(a) = a mod p |
/// | tighten(a)           | loose                                | tight                        |
/// | normalize(a)         | tight                                | the unique value below p     |
/// | is_zero(a)           | tight                                | mask: a = 0 mod p            |
/// | is_odd(a)            | normalized                           | mask: lowest bit             |
/// | select(mask, a, b)   | any                                  | a where mask, else b         |
/// | constant(value)      | value < p                            | normalized, in every lane    |
///
/// Functions are static, pure and free of data-dependent branches in a field of several lanes. A
/// field of one lane may branch: all data is public.
///
/// kPrefersHalving picks the doubling formula: halving (packed limbs) or small multiples (loose).

namespace buri::accel::curve {

/// The largest magnitude any formula of this folder creates.
inline constexpr unsigned kMaxMagnitude = 24;

template <class F>
concept Field = requires(const typename F::Element& a, const typename F::Mask& mask) {
  { F::mul(a, a) } -> std::same_as<typename F::Element>;
  { F::sqr(a) } -> std::same_as<typename F::Element>;
  { F::mul_loose(a, a) } -> std::same_as<typename F::Element>;
  { F::sqr_loose(a) } -> std::same_as<typename F::Element>;
  { F::add(a, a) } -> std::same_as<typename F::Element>;
  { F::template sub<2>(a, a) } -> std::same_as<typename F::Element>;
  { F::template times<2>(a) } -> std::same_as<typename F::Element>;
  { F::half(a) } -> std::same_as<typename F::Element>;
  { F::tighten(a) } -> std::same_as<typename F::Element>;
  { F::normalize(a) } -> std::same_as<typename F::Element>;
  { F::is_zero(a) } -> std::same_as<typename F::Mask>;
  { F::is_odd(a) } -> std::same_as<typename F::Mask>;
  { F::select(mask, a, a) } -> std::same_as<typename F::Element>;
  { F::constant(Uint256{}) } -> std::same_as<typename F::Element>;
  { F::kPrefersHalving } -> std::convertible_to<bool>;
};

}  // namespace buri::accel::curve
