#include "base/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>

#include "base/check.hpp"

namespace buri {

using prometheus::MetricType;

struct Metrics::Family {
  std::string help;
  MetricType kind;
  std::map<MetricLabels, std::unique_ptr<Counter>> counters;
  std::map<MetricLabels, std::function<std::uint64_t()>> readers;
  std::map<MetricLabels, std::unique_ptr<Gauge>> gauges;
  std::map<MetricLabels, std::unique_ptr<Histogram>> histograms;
};

namespace {

prometheus::ClientMetric with_labels(const MetricLabels& labels) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : labels) metric.label.push_back({name, value});
  return metric;
}

prometheus::ClientMetric::Histogram snapshot(const Histogram& histogram) {
  prometheus::ClientMetric::Histogram result;
  for (std::size_t i = 0; i <= histogram.bounds().size(); ++i) {
    result.sample_count += histogram.bucket(i);
    const bool last = i == histogram.bounds().size();
    result.bucket.push_back({result.sample_count, last ? std::numeric_limits<double>::infinity()
                                                       : histogram.bounds()[i]});
  }
  result.sample_sum = histogram.sum();
  return result;
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), buckets_(bounds_.size() + 1) {
  CHECK(std::adjacent_find(bounds_.begin(), bounds_.end(), std::greater_equal<>()) == bounds_.end(),
        "histogram bounds must ascend strictly");
}

void Histogram::observe(double value) {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  buckets_[static_cast<std::size_t>(bound - bounds_.begin())].add();
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Metrics::Family& Metrics::family(std::string_view name, std::string_view help, MetricType kind) {
  auto found = families_.find(name);
  if (found == families_.end()) {
    auto created = std::make_unique<Family>();
    created->help = help;
    created->kind = kind;
    found = families_.emplace(std::string(name), std::move(created)).first;
  }
  CHECK(found->second->kind == kind && found->second->help == help,
        "one metric name was registered with two kinds or two help texts");
  return *found->second;
}

Counter& Metrics::counter(std::string_view name, std::string_view help,
                          const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  auto& slot = family(name, help, MetricType::Counter).counters[labels];
  if (!slot) slot = std::make_unique<Counter>();
  return *slot;
}

void Metrics::counter_from(std::string_view name, std::string_view help, const MetricLabels& labels,
                           std::function<std::uint64_t()> read) {
  const std::lock_guard lock(mutex_);
  family(name, help, MetricType::Counter).readers[labels] = std::move(read);
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  auto& slot = family(name, help, MetricType::Gauge).gauges[labels];
  if (!slot) slot = std::make_unique<Gauge>();
  return *slot;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help,
                              std::vector<double> bounds, const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  auto& slot = family(name, help, MetricType::Histogram).histograms[labels];
  if (!slot) slot = std::make_unique<Histogram>(std::move(bounds));
  return *slot;
}

std::string Metrics::expose() const {
  const std::lock_guard lock(mutex_);
  std::vector<prometheus::MetricFamily> families;
  for (const auto& [name, family] : families_) {
    prometheus::MetricFamily& copy = families.emplace_back();
    copy.name = name;
    copy.help = family->help;
    copy.type = family->kind;
    for (const auto& [labels, counter] : family->counters) {
      copy.metric.push_back(with_labels(labels));
      copy.metric.back().counter.value = static_cast<double>(counter->value());
    }
    for (const auto& [labels, read] : family->readers) {
      copy.metric.push_back(with_labels(labels));
      copy.metric.back().counter.value = static_cast<double>(read());
    }
    for (const auto& [labels, gauge] : family->gauges) {
      copy.metric.push_back(with_labels(labels));
      copy.metric.back().gauge.value = gauge->value();
    }
    for (const auto& [labels, histogram] : family->histograms) {
      copy.metric.push_back(with_labels(labels));
      copy.metric.back().histogram = snapshot(*histogram);
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace buri
