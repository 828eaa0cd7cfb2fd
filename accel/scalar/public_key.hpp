#pragma once

#include "accel/curve/chains.hpp"
#include "accel/curve/point.hpp"
#include "accel/signature.hpp"

namespace buri::accel::scalar {

/// The point with this x whose y is odd or even as asked, given what square_root said of
/// curve_right_side(x). False when the curve has none. REQUIRES: x < p. Coordinates come out
/// normalized.
template <curve::Field F>
bool lift_with_root(const typename F::Element& x, const typename F::Element& candidate, bool odd,
                    curve::AffinePoint<F>& point) {
  const auto root = F::normalize(candidate);
  if (!F::is_zero(F::template sub<1>(F::sqr(root), curve::curve_right_side<F>(x)))) return false;
  point = {x, root};
  // A root of 0 has no odd twin, but the curve has no point with y = 0.
  if (F::is_odd(root) != odd) {
    point.y = F::normalize(F::template sub<1>(F::constant({{0, 0, 0, 0}}), root));
  }
  return true;
}

/// As lift_with_root, computing the root.
template <curve::Field F>
bool lift_x(const typename F::Element& x, bool odd, curve::AffinePoint<F>& point) {
  return lift_with_root<F>(x, curve::square_root<F>(curve::curve_right_side<F>(x)), odd, point);
}

/// Decodes a serialized key: kOk, kBadLength or kNotOnCurve. Coordinates come out normalized.
template <curve::Field F>
SignatureStatus decode_key(const PublicKey& key, curve::AffinePoint<F>& point) {
  if (key.length != 33 && key.length != 65) return SignatureStatus::kBadLength;
  const std::uint8_t prefix = key.bytes[0];
  const curve::Uint256 x = curve::from_big_endian(key.bytes.data() + 1);
  if (!less(x, curve::field_prime())) return SignatureStatus::kNotOnCurve;
  if (key.length == 33) {
    const bool good = (prefix == 2 || prefix == 3) && lift_x<F>(F::constant(x), prefix == 3, point);
    return good ? SignatureStatus::kOk : SignatureStatus::kNotOnCurve;
  }
  const curve::Uint256 y = curve::from_big_endian(key.bytes.data() + 33);
  if (prefix != 4 || !less(y, curve::field_prime())) return SignatureStatus::kNotOnCurve;
  point = {F::constant(x), F::constant(y)};
  const auto difference = F::template sub<1>(F::sqr(point.y), curve::curve_right_side<F>(point.x));
  return F::is_zero(difference) ? SignatureStatus::kOk : SignatureStatus::kNotOnCurve;
}

}  // namespace buri::accel::scalar
