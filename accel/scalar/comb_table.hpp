#pragma once

#include <array>
#include <vector>

#include "accel/curve/comb.hpp"
#include "accel/scalar/odd_multiples.hpp"
#include "accel/scalar/portable_field.hpp"
#include "base/check.hpp"

namespace buri::accel::scalar {

/// Writes the comb of `point` (accel/curve/comb.hpp) into `rows`. REQUIRES: rows.size() ==
/// Shape::kRows; `point` on the curve.
template <class Shape>
void build_comb(const curve::AffinePoint<PortableField>& point, std::span<AffineRow> rows) {
  using F = PortableField;
  CHECK(rows.size() == Shape::kRows, "a comb was built into a table of another size");
  std::array<curve::JacobianPoint<F>, Shape::kWindows> bases;
  bases[0] = curve::to_jacobian<F>(point);
  for (unsigned window = 1; window < Shape::kWindows; ++window) {
    bases[window] = bases[window - 1];
    for (unsigned i = 0; i < Shape::kWindowBits; ++i) {
      bases[window] = curve::double_point<F>(bases[window]);
    }
  }
  SharedInversion<F> inversion;
  inversion.reset(bases.size());
  for (const auto& base : bases) inversion.push(base.z);
  inversion.invert();

  std::vector<curve::AffinePoint<F>> points(Shape::kRows);
  std::array<OddTable<F>, Shape::kWindows> tables;
  for (unsigned window = Shape::kWindows; window-- > 0;) {
    tables[window] = std::span(points).subspan(Shape::first_row(window), Shape::rows_of(window));
    tables[window][0] = curve::to_affine<F>(bases[window], inversion.pop());
  }
  OddMultiples<F>().fill(tables);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Uint256 x = F::normalize(points[i].x);
    const Uint256 y = F::normalize(points[i].y);
    std::copy_n(x.limb, 4, rows[i].x.begin());
    std::copy_n(y.limb, 4, rows[i].y.begin());
  }
}

}  // namespace buri::accel::scalar
