#pragma once

#include <cstdint>
#include <optional>
#include <vector>

/// How long a backend takes for a batch of a given size, as measured, and the inverse question.

namespace buri::accel {

/// A monotone piecewise-linear curve through measured points, in items and nanoseconds. Immutable.
class LatencyCurve {
 public:
  struct Point {
    std::uint64_t items;
    std::uint64_t nanoseconds;

    friend bool operator==(const Point&, const Point&) = default;
  };

  /// Nothing unless points hold 1 to 64 entries, items ascend strictly from 1, nanoseconds ascend
  /// from at least 1 without falling, and no number exceeds 2^40.
  static std::optional<LatencyCurve> from_points(std::vector<Point> points);

  /// The curve that takes, at every measured size of either, the faster of the two.
  static LatencyCurve faster_of(const LatencyCurve& a, const LatencyCurve& b);

  /// Expected nanoseconds for a batch of `items`; zero for an empty one. Beyond the last point the
  /// last slope goes on.
  [[nodiscard]] std::uint64_t at(std::uint64_t items) const;

  /// The most items that fit: at(capacity(t)) <= t, and capacity is monotone.
  [[nodiscard]] std::uint64_t capacity(std::uint64_t nanoseconds) const;

  [[nodiscard]] const std::vector<Point>& points() const { return points_; }

  friend bool operator==(const LatencyCurve&, const LatencyCurve&) = default;

 private:
  explicit LatencyCurve(std::vector<Point> points) : points_(std::move(points)) {}

  /// Item and time steps of the line that continues the curve. Both are at least 1.
  [[nodiscard]] Point last_slope() const;

  std::vector<Point> points_;
};

}  // namespace buri::accel
