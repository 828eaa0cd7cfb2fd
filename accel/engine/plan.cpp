#include "accel/engine/plan.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace buri::accel {
namespace {

/// Items that all places of `lane` together finish within `deadline_ns` from now.
std::uint64_t capacity(const Lane& lane, std::uint64_t deadline_ns) {
  if (deadline_ns <= lane.ready_ns) return 0;
  const std::uint64_t each =
      std::min(lane.curve->capacity(deadline_ns - lane.ready_ns), lane.limit);
  return std::min(each * lane.count, lane.limit);
}

std::uint64_t total_capacity(std::span<const Lane> lanes, std::uint64_t deadline_ns) {
  std::uint64_t total = 0;
  for (const Lane& lane : lanes) total += capacity(lane, deadline_ns);
  return total;
}

/// The earliest time by which the lanes together finish `items`, given that `upper_ns` suffices.
std::uint64_t earliest_finish(std::uint64_t items, std::span<const Lane> lanes,
                              std::uint64_t upper_ns) {
  std::uint64_t lower_ns = 0;
  // Half a percent is far below what a curve is worth; it keeps planning to a few steps.
  while (upper_ns - lower_ns > 1 + upper_ns / 256) {
    const std::uint64_t middle = lower_ns + (upper_ns - lower_ns) / 2;
    (total_capacity(lanes, middle) >= items ? upper_ns : lower_ns) = middle;
  }
  return upper_ns;
}

/// Fills the lanes up to their capacity at `finish_ns`, whole grains only; what rounding leaves
/// goes to the first lane, which has no limit.
std::vector<std::uint64_t> fill(std::uint64_t items, std::uint64_t grain,
                                std::span<const Lane> lanes, std::uint64_t finish_ns) {
  std::vector<std::uint64_t> shares(lanes.size(), 0);
  std::uint64_t left = items;
  for (std::size_t i = lanes.size(); i-- > 1;) {
    const std::uint64_t share = std::min(capacity(lanes[i], finish_ns), left) / grain * grain;
    shares[i] = share;
    left -= share;
  }
  shares[0] = left;
  return shares;
}

std::uint64_t finish_of(const Lane& lane, std::uint64_t items) {
  if (items == 0) return 0;
  return lane.ready_ns + lane.curve->at((items + lane.count - 1) / lane.count);
}

}  // namespace

Plan plan_whole(std::uint64_t items, std::span<const Lane> lanes) {
  CHECK(items > 0 && !lanes.empty() && lanes[0].limit >= items, "no lane may take the batch");
  std::size_t best = 0;
  std::uint64_t best_ns = lanes[0].ready_ns + lanes[0].curve->at(items);
  for (std::size_t i = 1; i < lanes.size(); ++i) {
    const std::uint64_t finish_ns = lanes[i].ready_ns + lanes[i].curve->at(items);
    if (lanes[i].limit < items || finish_ns >= best_ns) continue;
    best = i;
    best_ns = finish_ns;
  }
  Plan plan{std::vector<std::uint64_t>(lanes.size(), 0), best_ns};
  plan.items[best] = items;
  return plan;
}

Plan plan_split(std::uint64_t items, std::uint64_t grain, std::span<const Lane> lanes) {
  Plan whole = plan_whole(items, lanes);
  Plan split;
  split.items = fill(items, grain, lanes, earliest_finish(items, lanes, whole.finish_ns));
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    split.finish_ns = std::max(split.finish_ns, finish_of(lanes[i], split.items[i]));
  }
  return split.finish_ns < whole.finish_ns - whole.finish_ns / 20 ? split : whole;
}

}  // namespace buri::accel
