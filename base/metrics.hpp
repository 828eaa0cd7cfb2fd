#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

/// Counters, gauges and histograms with labels, exposed in the Prometheus text format. The
/// instruments are our own relaxed atomics, because hot paths pay for every increment;
/// prometheus-cpp writes the exposition.

namespace prometheus {
enum class MetricType;
}

namespace buri {

/// A number that only grows. Thread-safe, lock-free.
class Counter {
 public:
  void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// A number that goes both ways. Thread-safe, lock-free.
class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Counts observations at or below each of its bounds. Thread-safe, lock-free; a concurrent reader
/// may see an observation in the count and not yet in the sum.
class Histogram {
 public:
  /// REQUIRES: bounds strictly ascending; the bucket above the last bound is implied.
  explicit Histogram(std::vector<double> bounds);

  void observe(double value);
  [[nodiscard]] const std::vector<double>& bounds() const { return bounds_; }
  /// Observations in bucket `index` alone, not cumulative; bounds().size() is the last bucket.
  [[nodiscard]] std::uint64_t bucket(std::size_t index) const { return buckets_[index].value(); }
  [[nodiscard]] double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::vector<Counter> buckets_;
  std::atomic<double> sum_{0};
};

/// Label names and values of one instrument, ordered by name.
using MetricLabels = std::map<std::string, std::string>;

/// All instruments of a process (or of a test). Instruments live as long as the registry; asking
/// again for the same name and labels returns the same instrument. Thread-safe.
/// REQUIRES, for every call: a name keeps one kind and one help text.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  Counter& counter(std::string_view name, std::string_view help, const MetricLabels& labels = {});
  /// A counter whose value is asked for when it is exposed; `read` may be called from any thread.
  void counter_from(std::string_view name, std::string_view help, const MetricLabels& labels,
                    std::function<std::uint64_t()> read);
  Gauge& gauge(std::string_view name, std::string_view help, const MetricLabels& labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                       const MetricLabels& labels = {});

  /// The Prometheus text exposition (format 0.0.4) of everything registered, ordered by name.
  [[nodiscard]] std::string expose() const;

 private:
  struct Family;
  Family& family(std::string_view name, std::string_view help, prometheus::MetricType kind);

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>, std::less<>> families_;
};

}  // namespace buri
