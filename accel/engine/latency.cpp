#include "accel/engine/latency.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace buri::accel {
namespace {

constexpr std::size_t kMostPoints = 64;
constexpr std::uint64_t kLargest = std::uint64_t{1} << 40;

/// a * b / c, rounded down, without overflow in between. REQUIRES: c > 0.
std::uint64_t scale(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  const auto product = static_cast<unsigned __int128>(a) * b / c;
  return product > UINT64_MAX / 4 ? UINT64_MAX / 4 : static_cast<std::uint64_t>(product);
}

}  // namespace

std::optional<LatencyCurve> LatencyCurve::from_points(std::vector<Point> points) {
  if (points.empty() || points.size() > kMostPoints) return std::nullopt;
  if (points.front().items != 1 || points.front().nanoseconds == 0) return std::nullopt;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].items > kLargest || points[i].nanoseconds > kLargest) return std::nullopt;
    if (i == 0) continue;
    const bool ascends = points[i].items > points[i - 1].items;
    if (!ascends || points[i].nanoseconds < points[i - 1].nanoseconds) return std::nullopt;
  }
  return LatencyCurve(std::move(points));
}

LatencyCurve LatencyCurve::faster_of(const LatencyCurve& a, const LatencyCurve& b) {
  std::vector<std::uint64_t> sizes;
  sizes.reserve(a.points_.size() + b.points_.size());
  for (const Point& point : a.points_) sizes.push_back(point.items);
  for (const Point& point : b.points_) sizes.push_back(point.items);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  std::vector<Point> points;
  points.reserve(sizes.size());
  for (const std::uint64_t items : sizes) {
    points.push_back({items, std::min(a.at(items), b.at(items))});
  }
  return LatencyCurve(std::move(points));
}

LatencyCurve::Point LatencyCurve::last_slope() const {
  const Point last = points_.back();
  if (points_.size() == 1) return last;
  const Point before = points_[points_.size() - 2];
  return {last.items - before.items,
          std::max<std::uint64_t>(1, last.nanoseconds - before.nanoseconds)};
}

std::uint64_t LatencyCurve::at(std::uint64_t items) const {
  if (items == 0) return 0;
  const auto next =
      std::lower_bound(points_.begin(), points_.end(), items,
                       [](const Point& point, std::uint64_t n) { return point.items < n; });
  if (next == points_.end()) {
    const Point last = points_.back();
    const Point slope = last_slope();
    return last.nanoseconds + scale(items - last.items, slope.nanoseconds, slope.items);
  }
  if (next->items == items) return next->nanoseconds;
  const Point before = *(next - 1);  // exists: the first point is at one item
  return before.nanoseconds + scale(items - before.items, next->nanoseconds - before.nanoseconds,
                                    next->items - before.items);
}

std::uint64_t LatencyCurve::capacity(std::uint64_t nanoseconds) const {
  // The first point that takes too long; the answer lies between its predecessor and it.
  const auto next =
      std::upper_bound(points_.begin(), points_.end(), nanoseconds,
                       [](std::uint64_t t, const Point& point) { return t < point.nanoseconds; });
  if (next == points_.begin()) return 0;
  const Point before = *(next - 1);
  const std::uint64_t spare = nanoseconds - before.nanoseconds;
  if (next == points_.end()) {
    const Point slope = last_slope();
    return before.items + scale(spare, slope.items, slope.nanoseconds);
  }
  return before.items +
         scale(spare, next->items - before.items, next->nanoseconds - before.nanoseconds);
}

}  // namespace buri::accel
