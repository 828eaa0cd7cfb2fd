#pragma once

#include <array>
#include <vector>

#include "accel/curve/digits.hpp"
#include "accel/curve/point.hpp"
#include "accel/scalar/odd_multiples.hpp"

namespace buri::accel::scalar {

/// Multiples of points that have no comb: GLV, odd digits of five bits, tables of sixteen odd
/// multiples built with shared inversions, 125 doublings and 51 mixed additions. Not thread-safe.
template <curve::Field F>
class Multiplier {
 public:
  using Point = curve::AffinePoint<F>;

  /// Makes room for `items` points; each is then to be set with base().
  void reset(std::size_t items) {
    rows_.resize(items);
    mirrored_.resize(items);
  }
  /// The point of `item`. REQUIRES: on the curve when build_tables() is called.
  Point& base(std::size_t item) { return rows_[item][0]; }

  void build_tables() {
    tables_.assign(rows_.begin(), rows_.end());
    odd_multiples_.fill(tables_);
    const auto beta = F::constant(curve::endomorphism_beta());
    for (std::size_t item = 0; item < rows_.size(); ++item) {
      for (std::size_t row = 0; row < kRows; ++row) {
        mirrored_[item][row] = F::mul(rows_[item][row].x, beta);
      }
    }
  }

  /// k times the point of `item`; z = 0 mod p if the computation met an exceptional pair.
  curve::JacobianPoint<F> multiply(std::size_t item, const curve::OddSplit& k) const {
    const auto first = curve::OddDigits::of(k.first, kBits);
    const auto second = curve::OddDigits::of(k.second, kBits);
    auto sum = curve::to_jacobian<F>(row_at(item, first, kWindows - 1));
    sum = curve::add_mixed<F>(sum, mirrored_at(item, second, kWindows - 1));
    for (unsigned window = kWindows - 1; window-- > 0;) {
      for (unsigned i = 0; i < kWindowBits; ++i) sum = curve::double_point<F>(sum);
      sum = curve::add_mixed<F>(sum, row_at(item, first, window));
      sum = curve::add_mixed<F>(sum, mirrored_at(item, second, window));
    }
    return sum;
  }

 private:
  static constexpr unsigned kWindowBits = 5;
  static constexpr unsigned kWindows = 26;
  static constexpr unsigned kBits = kWindowBits * kWindows;
  static constexpr std::size_t kRows = std::size_t{1} << (kWindowBits - 1);
  static_assert(kBits >= 129);

  [[nodiscard]] Point row_at(std::size_t item, const curve::OddDigits& digits,
                             unsigned window) const {
    const auto digit = digits.at(kWindowBits * window, kWindowBits);
    return curve::negate_where<F>(digit.negative, rows_[item][digit.row]);
  }
  [[nodiscard]] Point mirrored_at(std::size_t item, const curve::OddDigits& digits,
                                  unsigned window) const {
    const auto digit = digits.at(kWindowBits * window, kWindowBits);
    const Point row{mirrored_[item][digit.row], rows_[item][digit.row].y};
    return curve::negate_where<F>(digit.negative, row);
  }

  std::vector<std::array<Point, kRows>> rows_;
  std::vector<std::array<typename F::Element, kRows>> mirrored_;  ///< x of the endomorphism's image
  std::vector<OddTable<F>> tables_;
  OddMultiples<F> odd_multiples_;
};

}  // namespace buri::accel::scalar
