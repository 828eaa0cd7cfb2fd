#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "accel/curve/affine.hpp"
#include "accel/scalar/shared_inversion.hpp"

namespace buri::accel::scalar {

/// One table to fill: rows[i] = (2 i + 1) * rows[0]. rows[0] is given, the others are overwritten.
template <curve::Field F>
using OddTable = std::span<curve::AffinePoint<F>>;

/// Fills tables of odd multiples side by side. With the first m rows and the even multiple 2m of
/// the base known, rows m..2m-1 are row i + 2m: each doubling of the tables is one batch of affine
/// additions with one inversion. REQUIRES: bases on the curve (then nothing is exceptional, because
/// the multiples stay far below the group order).
template <curve::Field F>
class OddMultiples {
 public:
  void fill(std::span<const OddTable<F>> tables) {
    std::size_t longest = 0;
    std::size_t total = 0;
    evens_.clear();
    for (const OddTable<F>& table : tables) {
      longest = std::max(longest, table.size());
      total += table.size() + 1;
      evens_.push_back(table[0]);
    }
    if (longest < 2) return;
    extend(tables, 0, total);
    for (std::size_t known = 1; known < longest; known *= 2) extend(tables, known, total);
  }

 private:
  using Point = curve::AffinePoint<F>;

  /// Adds up to `known` rows to each table and doubles the even multiples.
  void extend(std::span<const OddTable<F>> tables, std::size_t known, std::size_t capacity) {
    inversion_.reset(capacity);
    for (std::size_t t = tables.size(); t-- > 0;) {
      for (std::size_t i = new_rows(tables[t], known); i-- > 0;) {
        inversion_.push(curve::add_denominator<F>(tables[t][i], evens_[t]));
      }
      inversion_.push(F::tighten(F::template times<2>(evens_[t].y)));
    }
    inversion_.invert();
    for (std::size_t t = 0; t < tables.size(); ++t) {
      const Point even = evens_[t];
      evens_[t] = curve::double_affine<F>(even, inversion_.pop());
      for (std::size_t i = 0; i < new_rows(tables[t], known); ++i) {
        tables[t][known + i] = curve::add_affine<F>(tables[t][i], even, inversion_.pop());
      }
    }
  }

  static std::size_t new_rows(const OddTable<F>& table, std::size_t known) {
    return known >= table.size() ? 0 : std::min(known, table.size() - known);
  }

  SharedInversion<F> inversion_;
  std::vector<Point> evens_;
};

}  // namespace buri::accel::scalar
