#pragma once

#include <memory>
#include <string>
#include <vector>

#include "accel/backend.hpp"
#include "accel/engine/item_counts.hpp"
#include "accel/engine/scheduler.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"

/// The engine's counters and its voice: every fault is counted, every change of a device's state is
/// counted and logged.

namespace buri::accel::engine {

/// Thread-safe. Works without metrics and without a log.
class Telemetry {
 public:
  /// `metrics` and `logger` may be null and must outlive this.
  Telemetry(Metrics* metrics, const Logger* logger, const std::vector<std::string>& backend_names);

  /// Counts items that backend `index` computed.
  void on_items(std::size_t index, Operation operation, std::uint64_t items) {
    items_->add(index * kOperationCount + static_cast<std::size_t>(operation), items);
  }
  [[nodiscard]] std::uint64_t items(std::size_t index) const;
  /// Counts device answers that the CPU recomputed and how long a queued batch took.
  void on_cross_check(std::size_t index, std::uint64_t items) { checked_[index]->add(items); }
  void on_batch(std::uint64_t nanoseconds);
  /// Counts and logs what the scheduler reports about the device behind backend `index`.
  void on_event(std::size_t index, const SchedulerEvent& event);
  void on_refused(const std::string& backend, const std::string& reason);
  void set_queue(std::size_t cpu_tasks) { queue_->set(static_cast<double>(cpu_tasks)); }
  void set_state(std::size_t index, bool ready) { ready_[index]->set(ready ? 1 : 0); }

 private:
  Metrics own_;  ///< counts when the caller has no metrics: status() reports them all the same
  Metrics& metrics_;
  const Logger* logger_;
  std::vector<std::string> names_;
  std::shared_ptr<ItemCounts> items_;  ///< [backend][operation]; the metrics read it too
  std::vector<Counter*> checked_;
  std::vector<Gauge*> ready_;
  Gauge* queue_;
  Histogram* batch_seconds_;
};

}  // namespace buri::accel::engine
