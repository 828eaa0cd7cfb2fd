#pragma once

#include <chrono>
#include <memory>

namespace prometheus {
class Summary;
struct ClientMetric;
}  // namespace prometheus

namespace buri {

/// The median, the 90th and the 99th percentile of what was observed lately, with count and sum
/// since the start. The ranks are off by at most 5, 1 and 0.1 percent; memory is bounded by that,
/// not by the number of observations. Thread-safe.
class Summary {
 public:
  /// Percentiles are over the last `window`, which moves in `steps` steps. REQUIRES: both positive.
  explicit Summary(std::chrono::milliseconds window = std::chrono::minutes(10), int steps = 5);
  ~Summary();
  Summary(Summary&& other) noexcept;
  Summary& operator=(Summary&& other) noexcept;

  void observe(double value);
  /// As Prometheus exposes it; percentiles are not-a-number while nothing was observed.
  [[nodiscard]] prometheus::ClientMetric collect() const;

 private:
  std::unique_ptr<prometheus::Summary> summary_;
};

}  // namespace buri
