#include "accel/engine/choice.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace buri::accel::engine {
namespace {

/// The earliest of the candidates that lie within a fiftieth of the fastest: curves are
/// measurements, and the earlier candidates are the simpler ones.
std::uint8_t fastest(const std::vector<CpuCandidate>& candidates, std::uint64_t items) {
  std::uint64_t least = UINT64_MAX;
  for (const CpuCandidate& candidate : candidates) {
    least = std::min(least, candidate.curve.at(items));
  }
  std::size_t best = 0;
  while (candidates[best].curve.at(items) > least + least / 50) ++best;
  return static_cast<std::uint8_t>(best);
}

}  // namespace

CpuChoice::CpuChoice(const std::vector<CpuCandidate>& candidates) {
  CHECK(!candidates.empty() && candidates.size() < 256, "no CPU backend to choose from");
  for (std::size_t items = 1; items < small_.size(); ++items) {
    small_[items] = fastest(candidates, items);
  }
  // Sizes of equal bit width share an entry, judged in the middle of their range.
  for (std::size_t width = 9; width < large_.size(); ++width) {
    const std::uint64_t low = std::uint64_t{1} << (width - 1);
    large_[width] = fastest(candidates, low + low / 2);
  }
}

}  // namespace buri::accel::engine
