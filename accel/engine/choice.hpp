#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "accel/backend.hpp"
#include "accel/engine/latency.hpp"

/// Which CPU backend takes a batch of a given size on one core.

namespace buri::accel::engine {

/// A CPU backend and its measured curve for one operation.
struct CpuCandidate {
  Backend* backend;
  LatencyCurve curve;
};

/// A table from size to the fastest backend. Immutable; thread-safe.
class CpuChoice {
 public:
  CpuChoice() = default;
  /// REQUIRES: candidates is not empty. A near tie goes to the earlier one.
  explicit CpuChoice(const std::vector<CpuCandidate>& candidates);

  /// Position in the candidate list. REQUIRES: items > 0.
  [[nodiscard]] std::size_t index_for(std::uint64_t items) const {
    if (items < small_.size()) return small_[items];
    return large_[static_cast<std::size_t>(std::bit_width(items))];
  }

 private:
  std::array<std::uint8_t, 257> small_{};
  std::array<std::uint8_t, 65> large_{};
};

}  // namespace buri::accel::engine
