#pragma once

#include <span>
#include <vector>

#include "accel/curve/affine.hpp"
#include "accel/curve/comb.hpp"
#include "accel/scalar/shared_inversion.hpp"

namespace buri::accel::scalar {

/// Reads a table row, negated where the digit says so.
template <curve::Field F>
curve::AffinePoint<F> load_row(const AffineRow& row, bool negative) {
  curve::AffinePoint<F> point{F::constant({{row.x[0], row.x[1], row.x[2], row.x[3]}}),
                              F::constant({{row.y[0], row.y[1], row.y[2], row.y[3]}})};
  return curve::negate_where<F>(negative, point);
}

/// Sums of comb rows, k1 P + lambda k2 P for many multipliers at once. Each item has two groups of
/// points, one per half of its split; a group is added up as a tree, and all additions of one level
/// of all trees share one inversion. Not thread-safe.
template <curve::Field F>
class AffineSums {
 public:
  using Point = curve::AffinePoint<F>;

  /// Starts `items` empty items that will get at most `leaves` points a group.
  void reset(std::size_t items, std::size_t leaves) {
    stride_ = leaves;
    items_ = items;
    points_.resize(2 * items * leaves);
    failed_.assign(items, false);
  }

  /// Writes the rows that `split` selects in `rows` as leaves `first_leaf` and on of item `item`.
  template <class Shape>
  void gather(std::size_t item, std::size_t first_leaf, const curve::OddSplit& split,
              std::span<const AffineRow> rows) {
    for (std::size_t half = 0; half < 2; ++half) {
      const auto digits =
          curve::OddDigits::of(half == 0 ? split.first : split.second, Shape::kBits);
      Point* leaf = group(2 * item + half) + first_leaf;
      for (unsigned window = 0; window < Shape::kWindows; ++window) {
        const curve::SignedDigit digit = Shape::look_up(digits, window);
        leaf[window] = load_row<F>(rows[digit.row], digit.negative);
      }
    }
  }

  /// Adds up every item. REQUIRES: all `leaves` of every group were gathered.
  void add_up() {
    for (std::size_t size = stride_; size > 1; size = size / 2 + size % 2) halve(size);
    join_halves();
  }

  /// True when the sum of `item` met an exceptional pair: sum(item) is then meaningless.
  [[nodiscard]] bool failed(std::size_t item) const { return failed_[item]; }
  [[nodiscard]] const Point& sum(std::size_t item) const { return points_[2 * item * stride_]; }

 private:
  Point* group(std::size_t index) { return points_.data() + index * stride_; }

  void push(std::size_t item, const Point& p, const Point& q) {
    if (!inversion_.push(curve::add_denominator<F>(p, q))) failed_[item] = true;
  }

  /// One level: points 2j and 2j+1 of each group become point j. Pushing backwards lets the sums be
  /// formed forwards, in place.
  void halve(std::size_t size) {
    const std::size_t pairs = size / 2;
    inversion_.reset(2 * items_ * pairs);
    for (std::size_t g = 2 * items_; g-- > 0;) {
      const Point* points = group(g);
      for (std::size_t j = pairs; j-- > 0;) push(g / 2, points[2 * j], points[2 * j + 1]);
    }
    inversion_.invert();
    for (std::size_t g = 0; g < 2 * items_; ++g) {
      Point* points = group(g);
      for (std::size_t j = 0; j < pairs; ++j) {
        points[j] = curve::add_affine<F>(points[2 * j], points[2 * j + 1], inversion_.pop());
      }
      if (size % 2 != 0) points[pairs] = points[size - 1];
    }
  }

  void join_halves() {
    inversion_.reset(items_);
    for (std::size_t item = items_; item-- > 0;) {
      Point& second = *group(2 * item + 1);
      second = curve::endomorphism<F>(second);
      push(item, *group(2 * item), second);
    }
    inversion_.invert();
    for (std::size_t item = 0; item < items_; ++item) {
      Point& first = *group(2 * item);
      first = curve::add_affine<F>(first, *group(2 * item + 1), inversion_.pop());
    }
  }

  std::size_t items_ = 0;
  std::size_t stride_ = 0;
  std::vector<Point> points_;
  std::vector<char> failed_;
  SharedInversion<F> inversion_;
};

}  // namespace buri::accel::scalar
