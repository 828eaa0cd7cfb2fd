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

BURI_HOST_DEVICE inline Jacobian double_point(const Jacobian& p) {
  return curve::double_point<DeviceField>(p);
}

/// p + q, and in `ratio` what z was multiplied by. Exceptions as curve::add_mixed.
BURI_HOST_DEVICE inline Jacobian add_mixed(const Jacobian& p, const Affine& q,
                                           FieldElement& ratio) {
  using F = DeviceField;
  const FieldElement zz = F::sqr(p.z);
  const FieldElement h = field_sub(F::mul(q.x, zz), p.x);
  const FieldElement r = field_sub(F::mul(F::mul(zz, p.z), q.y), p.y);
  const FieldElement hh = F::sqr(h);
  const FieldElement hhh = F::mul(h, hh);
  const FieldElement v = F::mul(p.x, hh);
  const FieldElement x = field_sub(field_sub(F::sqr(r), hhh), F::times<2>(v));
  const FieldElement y = field_sub(F::mul(r, field_sub(v, x)), F::mul(p.y, hhh));
  ratio = h;
  return {x, y, F::mul(p.z, h)};
}

BURI_HOST_DEVICE inline Jacobian add_mixed(const Jacobian& p, const Affine& q) {
  FieldElement ratio;
  return add_mixed(p, q, ratio);
}

}  // namespace buri::accel::cuda
