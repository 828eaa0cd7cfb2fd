#pragma once

#include <array>
#include <vector>

#include "accel/curve/digits.hpp"
#include "accel/curve/point.hpp"
#include "accel/scalar/odd_multiples.hpp"
#include "accel/scalar/pair_field.hpp"

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

  /// k times the point of its item.
  struct Task {
    std::size_t item;
    curve::OddSplit k;
  };
  /// Two products at once, which overlap; each has z = 0 mod p if it met an exceptional pair.
  [[nodiscard]] std::array<curve::JacobianPoint<F>, 2> multiply(
      const std::array<Task, 2>& tasks) const {
    using Pair = PairField<F>;
    const auto first = digits_of(tasks, &curve::OddSplit::first);
    const auto second = digits_of(tasks, &curve::OddSplit::second);
    auto sum = curve::to_jacobian<Pair>(rows_at(tasks, first, kWindows - 1));
    sum = curve::add_mixed<Pair>(sum, mirrored_at(tasks, second, kWindows - 1));
    for (unsigned window = kWindows - 1; window-- > 0;) {
      for (unsigned i = 0; i < kWindowBits; ++i) sum = curve::double_point<Pair>(sum);
      sum = curve::add_mixed<Pair>(sum, rows_at(tasks, first, window));
      sum = curve::add_mixed<Pair>(sum, mirrored_at(tasks, second, window));
    }
    return {{{sum.x.lane[0], sum.y.lane[0], sum.z.lane[0]},
             {sum.x.lane[1], sum.y.lane[1], sum.z.lane[1]}}};
  }

 private:
  static constexpr unsigned kWindowBits = 5;
  static constexpr unsigned kWindows = 26;
  static constexpr unsigned kBits = kWindowBits * kWindows;
  static constexpr std::size_t kRows = std::size_t{1} << (kWindowBits - 1);
  static_assert(kBits >= 129);

  using Tasks = std::array<Task, 2>;
  using Digits = std::array<curve::OddDigits, 2>;
  using PointPair = curve::AffinePoint<PairField<F>>;

  static Digits digits_of(const Tasks& tasks, curve::OddInteger curve::OddSplit::* half) {
    return {curve::OddDigits::of(tasks[0].k.*half, kBits),
            curve::OddDigits::of(tasks[1].k.*half, kBits)};
  }
  static PointPair join(const Point& p, const Point& q) { return {{{p.x, q.x}}, {{p.y, q.y}}}; }

  [[nodiscard]] PointPair rows_at(const Tasks& tasks, const Digits& digits, unsigned window) const {
    const auto row = [&](std::size_t lane) {
      const auto digit = digits[lane].at(kWindowBits * window, kWindowBits);
      return curve::negate_where<F>(digit.negative, rows_[tasks[lane].item][digit.row]);
    };
    return join(row(0), row(1));
  }
  [[nodiscard]] PointPair mirrored_at(const Tasks& tasks, const Digits& digits,
                                      unsigned window) const {
    const auto row = [&](std::size_t lane) {
      const std::size_t item = tasks[lane].item;
      const auto digit = digits[lane].at(kWindowBits * window, kWindowBits);
      const Point image{mirrored_[item][digit.row], rows_[item][digit.row].y};
      return curve::negate_where<F>(digit.negative, image);
    };
    return join(row(0), row(1));
  }

  std::vector<std::array<Point, kRows>> rows_;
  std::vector<std::array<typename F::Element, kRows>> mirrored_;  ///< x of the endomorphism's image
  std::vector<OddTable<F>> tables_;
  OddMultiples<F> odd_multiples_;
};

}  // namespace buri::accel::scalar
