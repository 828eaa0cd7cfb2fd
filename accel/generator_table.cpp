#include "accel/generator_table.hpp"

#include <vector>

#include "accel/scalar/comb_table.hpp"

namespace buri::accel {

std::span<const AffineRow> generator_rows() {
  using curve::GeneratorComb;
  static const std::vector<AffineRow> rows = [] {
    std::vector<AffineRow> table(GeneratorComb::kRows);
    scalar::build_comb<GeneratorComb>({curve::generator_x(), curve::generator_y()}, table);
    return table;
  }();
  return rows;
}

}  // namespace buri::accel
