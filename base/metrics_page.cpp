#include "base/metrics_page.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <map>

#include "base/check.hpp"

namespace buri {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

struct MetricsPage::Families {
  std::map<std::string, MetricFamily, std::less<>> by_name;

  void add(MetricType kind, std::string_view name, std::string_view help,
           const MetricLabels& labels, ClientMetric metric) {
    auto found = by_name.find(name);
    if (found == by_name.end()) {
      found = by_name.emplace(std::string(name), MetricFamily()).first;
      found->second.name = name;
      found->second.help = help;
      found->second.type = kind;
    }
    CHECK(found->second.type == kind && found->second.help == help,
          "one metric name was given two kinds or two help texts");
    for (const auto& [label, value] : labels) metric.label.push_back({label, value});
    found->second.metric.push_back(std::move(metric));
  }
};

MetricsPage::MetricsPage() : families_(std::make_unique<Families>()) {}
MetricsPage::~MetricsPage() = default;

void MetricsPage::counter(std::string_view name, std::string_view help, double value,
                          const MetricLabels& labels) {
  ClientMetric metric;
  metric.counter.value = value;
  families_->add(MetricType::Counter, name, help, labels, std::move(metric));
}

void MetricsPage::gauge(std::string_view name, std::string_view help, double value,
                        const MetricLabels& labels) {
  ClientMetric metric;
  metric.gauge.value = value;
  families_->add(MetricType::Gauge, name, help, labels, std::move(metric));
}

void MetricsPage::summary(std::string_view name, std::string_view help, const Summary& value,
                          const MetricLabels& labels) {
  families_->add(MetricType::Summary, name, help, labels, value.collect());
}

void MetricsPage::empty_summary(std::string_view name, std::string_view help,
                                std::initializer_list<double> quantiles) {
  ClientMetric metric;
  for (const double quantile : quantiles) metric.summary.quantile.push_back({quantile, 0});
  families_->add(MetricType::Summary, name, help, {}, std::move(metric));
}

std::string MetricsPage::text() const {
  std::vector<MetricFamily> all;
  for (const auto& [name, family] : families_->by_name) all.push_back(family);
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace buri
