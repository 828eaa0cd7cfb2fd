#include "accel/curve/generator_table.hpp"

#include <vector>

#include "accel/scalar/comb_table.hpp"

namespace buri::accel::curve {

std::span<const AffineRow> generator_rows() {
  static const std::vector<AffineRow> rows = [] {
    std::vector<AffineRow> table(GeneratorComb::kRows);
    scalar::build_comb<GeneratorComb>({generator_x(), generator_y()}, table);
    return table;
  }();
  return rows;
}

}  // namespace buri::accel::curve
