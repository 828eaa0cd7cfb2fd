#include "accel/engine/telemetry.hpp"

#include "accel/engine/known_answers.hpp"

namespace buri::accel::engine {
namespace {

struct EventText {
  const char* metric_value;
  const char* message;
  LogLevel level;
};

EventText text_of(SchedulerEvent::Kind kind) {
  switch (kind) {
    case SchedulerEvent::Kind::kFault:
      return {"fault", "a device call failed; its share is computed on the CPU",
              LogLevel::kWarning};
    case SchedulerEvent::Kind::kHang:
      return {"hang", "a device call overran its deadline; its share is computed on the CPU",
              LogLevel::kError};
    case SchedulerEvent::Kind::kLost:
      return {"lost", "a device is lost; the CPU takes over until it passes its test again",
              LogLevel::kError};
    case SchedulerEvent::Kind::kReturned:
      return {"returned", "a lost device passed its test and is on probation", LogLevel::kInfo};
    case SchedulerEvent::Kind::kQuarantined:
      return {"quarantined", "ALERT: a device gave a wrong answer and is quarantined",
              LogLevel::kError};
    case SchedulerEvent::Kind::kRecheck:
      return {"recheck", "a device reported a failure; the batch is rechecked on the CPU",
              LogLevel::kDebug};
  }
  CHECK(false, "a SchedulerEvent of no kind");
}

}  // namespace

Telemetry::Telemetry(Metrics* metrics, const Logger* logger,
                     const std::vector<std::string>& backend_names)
    : metrics_(metrics != nullptr ? *metrics : own_),
      logger_(logger),
      names_(backend_names),
      items_(std::make_shared<ItemCounts>(backend_names.size() * kOperationCount)) {
  for (const std::string& name : names_) {
    for (std::size_t i = 0; i < kOperationCount; ++i) {
      const std::string operation(operation_name(static_cast<Operation>(i)));
      const std::size_t cell = ready_.size() * kOperationCount + i;
      metrics_.counter_from("buri_accel_items_total", "Items computed, by backend.",
                            {{"backend", name}, {"operation", operation}},
                            [items = items_, cell] { return items->sum(cell); });
    }
    checked_.push_back(&metrics_.counter("buri_accel_cross_checked_items_total",
                                         "Device answers recomputed on the CPU.",
                                         {{"backend", name}}));
    ready_.push_back(&metrics_.gauge(
        "buri_accel_backend_ready", "1 while the backend may be given work.", {{"backend", name}}));
  }
  queue_ = &metrics_.gauge("buri_accel_queued_tasks", "CPU tasks waiting for a runner.");
  batch_seconds_ = &metrics_.histogram(
      "buri_accel_batch_seconds", "Time from submission to completion of batches that were queued.",
      {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3});
}

std::uint64_t Telemetry::items(std::size_t index) const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < kOperationCount; ++i)
    total += items_->sum(index * kOperationCount + i);
  return total;
}

void Telemetry::on_batch(std::uint64_t nanoseconds) {
  batch_seconds_->observe(static_cast<double>(nanoseconds) * 1e-9);
}

void Telemetry::on_event(std::size_t index, const SchedulerEvent& event) {
  const EventText text = text_of(event.kind);
  const bool is_fault = event.kind == SchedulerEvent::Kind::kFault;
  const std::string fault(is_fault ? fault_name(event.fault) : "none");
  metrics_
      .counter("buri_accel_device_events_total", "What befell devices, by kind.",
               {{"backend", names_[index]}, {"event", text.metric_value}, {"fault", fault}})
      .add();
  if (logger_ == nullptr) return;
  const std::initializer_list<LogField> fields = {{"backend", names_[index]},
                                                  {"operation", operation_name(event.operation)},
                                                  {"fault", fault},
                                                  {"items", event.items}};
  if (text.level == LogLevel::kError) return logger_->error(text.message, fields);
  if (text.level == LogLevel::kWarning) return logger_->warning(text.message, fields);
  if (text.level == LogLevel::kInfo) return logger_->info(text.message, fields);
  logger_->debug(text.message, fields);
}

void Telemetry::on_refused(const std::string& backend, const std::string& reason) {
  metrics_.counter("buri_accel_refused_total", "Backends refused at start.", {{"backend", backend}})
      .add();
  if (logger_ == nullptr) return;
  logger_->error("a backend is refused", {{"backend", backend}, {"reason", reason}});
}

}  // namespace buri::accel::engine
