#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accel/engine/latency.hpp"

/// Where a batch finishes first: pure arithmetic over latency curves and queue lengths.

namespace buri::accel {

/// One or several equal places that can work on a batch.
struct Lane {
  const LatencyCurve* curve = nullptr;
  std::uint64_t ready_ns = 0;  ///< from now until it could start: queue plus hand-over
  std::uint64_t limit = 0;     ///< most items it may be given in total
  std::uint64_t count = 1;     ///< how many equal places share this description
};

/// What each lane gets.
struct Plan {
  std::vector<std::uint64_t> items;  ///< one entry per lane; their sum is the batch
  std::uint64_t finish_ns = 0;       ///< expected time from now until the last lane is done
};

/// Divides `items` over the lanes so that the last one finishes as early as possible. Shares are
/// multiples of `grain` except one. A split is chosen only if it saves at least a twentieth over
/// the best single place, because curves are measurements. REQUIRES: items > 0, grain > 0, the
/// first lane's limit is at least `items`.
Plan plan_split(std::uint64_t items, std::uint64_t grain, std::span<const Lane> lanes);

/// Gives all of `items` to the lane that finishes it first; ties go to the earlier lane. Same
/// requirements.
Plan plan_whole(std::uint64_t items, std::span<const Lane> lanes);

}  // namespace buri::accel
