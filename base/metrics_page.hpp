#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/metrics.hpp"
#include "base/summary.hpp"

namespace buri {

/// Figures gathered at the moment somebody asks, in the Prometheus text exposition: for what has no
/// instrument (metrics.hpp) because its owner counts it anyway, or because its labels come and go.
/// Not thread-safe. REQUIRES, for every call: a name keeps one kind and one help text, and has each
/// set of labels once.
class MetricsPage {
 public:
  MetricsPage();
  ~MetricsPage();
  MetricsPage(const MetricsPage&) = delete;
  MetricsPage& operator=(const MetricsPage&) = delete;

  void counter(std::string_view name, std::string_view help, double value,
               const MetricLabels& labels = {});
  void gauge(std::string_view name, std::string_view help, double value,
             const MetricLabels& labels = {});
  void summary(std::string_view name, std::string_view help, const Summary& value,
               const MetricLabels& labels = {});
  /// A summary of quantiles that are all zero: of something that never happens.
  void empty_summary(std::string_view name, std::string_view help,
                     std::initializer_list<double> quantiles);

  /// Format 0.0.4, ordered by name.
  [[nodiscard]] std::string text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace buri
