#include "base/summary.hpp"

#include <prometheus/summary.h>

#include <limits>

namespace buri {
namespace {

/// With the errors that are allowed: those of stock heimdalld.
const prometheus::Summary::Quantiles& quantiles() {
  static const prometheus::Summary::Quantiles kAll{{0.5, 0.05}, {0.9, 0.01}, {0.99, 0.001}};
  return kAll;
}

}  // namespace

Summary::Summary(std::chrono::milliseconds window, int steps)
    : summary_(std::make_unique<prometheus::Summary>(quantiles(), window, steps)) {}
Summary::~Summary() = default;
Summary::Summary(Summary&& other) noexcept = default;
Summary& Summary::operator=(Summary&& other) noexcept = default;

void Summary::observe(double value) { summary_->Observe(value); }

prometheus::ClientMetric Summary::collect() const {
  prometheus::ClientMetric metric = summary_->Collect();
  if (metric.summary.sample_count > 0) return metric;
  for (auto& quantile : metric.summary.quantile) {
    quantile.value = std::numeric_limits<double>::quiet_NaN();
  }
  return metric;
}

}  // namespace buri
