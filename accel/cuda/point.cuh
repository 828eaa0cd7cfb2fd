#pragma once

#include "accel/cuda/field.cuh"
#include "accel/curve/chains.hpp"
#include "accel/curve/point.hpp"

/// Points in the device's field, and how they lie in device memory.

namespace buri::accel::cuda {

using FieldElement = DeviceField::Element;
using Affine = curve::AffinePoint<DeviceField>;
using Jacobian = curve::JacobianPoint<DeviceField>;

/// One row of a table in memory: fully reduced or not, 64 bytes, the layout of AffineRow.
struct alignas(16) DeviceRow {
  FieldElement x;
  FieldElement y;
};

BURI_HOST_DEVICE inline FieldElement field_sub(const FieldElement& a, const FieldElement& b) {
  return DeviceField::sub<1>(a, b);
}

BURI_HOST_DEVICE inline FieldElement field_one() { return DeviceField::constant({{1, 0, 0, 0}}); }

/// -2p. accel/curve's formula with halving, for a tenth less instructions: products are combined
/// before they are reduced, and the sign that this leaves on y is the caller's to count. L = 3/2
/// x^2, S = y^2, T = x S: x' = L^2 - 2T, -y' = L (x' - T) + S^2, z' = y z.
BURI_HOST_DEVICE inline Jacobian double_negated(const Jacobian& p) {
  using F = DeviceField;
  const FieldElement slope = F::half(F::times<3>(F::sqr(p.x)));
  const FieldElement s = F::sqr(p.y);
  const FieldElement t = F::mul(p.x, s);
  const FieldElement x = F::sub_twice(F::sqr(slope), t);
  const FieldElement y = F::mul_add_sqr(slope, field_sub(x, t), s);
  return {x, y, F::mul(p.y, p.z)};
}

/// -(p + q), and in `ratio` what z was multiplied by. Exceptions as curve::add_mixed, whose formula
/// this is, combined in the same way.
/// H = x2 z^2 - x, R = y2 z^3 - y, V = x H^2: x' = R^2 - H^3 - 2V, -y' = R (x' - V) + y H^3,
/// z' = z H.
BURI_HOST_DEVICE inline Jacobian add_negated(const Jacobian& p, const Affine& q,
                                             FieldElement& ratio) {
  using F = DeviceField;
  const FieldElement zz = F::sqr(p.z);
  const FieldElement h = F::mul_sub(q.x, zz, p.x);
  const FieldElement r = F::mul_sub(F::mul(zz, p.z), q.y, p.y);
  const FieldElement hh = F::sqr(h);
  const FieldElement hhh = F::mul(h, hh);
  const FieldElement v = F::mul(p.x, hh);
  const FieldElement x = F::sub_and_twice(F::sqr(r), hhh, v);
  const FieldElement y = F::mul_add_mul(r, field_sub(x, v), p.y, hhh);
  ratio = h;
  return {x, y, F::mul(p.z, h)};
}

BURI_HOST_DEVICE inline Jacobian add_negated(const Jacobian& p, const Affine& q) {
  FieldElement ratio;
  return add_negated(p, q, ratio);
}

/// y, or -y: the sign of a digit or of a negated sum.
BURI_HOST_DEVICE inline FieldElement with_sign(const FieldElement& y, bool negative) {
  const FieldElement minus = field_sub(DeviceField::constant({{0, 0, 0, 0}}), y);
  return DeviceField::select(negative, minus, y);
}

/// p or -p.
BURI_HOST_DEVICE inline Affine with_sign(const Affine& p, bool negative) {
  return {p.x, with_sign(p.y, negative)};
}
BURI_HOST_DEVICE inline Jacobian with_sign(const Jacobian& p, bool negative) {
  return {p.x, with_sign(p.y, negative), p.z};
}

}  // namespace buri::accel::cuda
