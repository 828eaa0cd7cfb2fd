#include "accel/engine/core.hpp"

namespace buri::accel {

std::string_view backend_state_name(BackendState state) {
  switch (state) {
    case BackendState::kReady:
      return "ready";
    case BackendState::kRefused:
      return "refused";
    case BackendState::kLost:
      return "lost";
    case BackendState::kHung:
      return "hung";
    case BackendState::kQuarantined:
      return "quarantined";
    case BackendState::kAbsent:
      return "absent";
  }
  CHECK(false, "a BackendState outside its enumerators");
}

namespace engine {
namespace {

void describe_device(const DeviceHealth& health, BackendStatus& status) {
  switch (health.state()) {
    case DeviceState::kActive:
      break;
    case DeviceState::kLost:
      status.state = BackendState::kLost;
      status.reason = "device lost; tested again from time to time";
      break;
    case DeviceState::kHung:
      status.state = BackendState::kHung;
      status.reason = "a call overran its deadline and has not come back";
      break;
    case DeviceState::kQuarantined:
      status.state = BackendState::kQuarantined;
      status.reason = "gave a wrong answer";
      break;
  }
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    if (health.trusted(operation)) status.trusted.push_back(operation);
  }
}

}  // namespace

EngineStatus Core::status() const {
  EngineStatus result;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const BackendRecord& record = records_[i];
    BackendStatus& status = result.backends.emplace_back();
    status.name = record.name;
    status.description = record.description;
    status.is_device = record.is_device;
    status.items = telemetry_->items(i);
    if (!record.refusal.empty()) {
      status.state = record.absent ? BackendState::kAbsent : BackendState::kRefused;
      status.reason = record.refusal;
    } else if (record.device_index) {
      describe_device(runtime_->health(*record.device_index), status);
    }
    telemetry_->set_state(i, status.state == BackendState::kReady);
  }
  result.worker_threads = workers_;
  result.queued_tasks = runtime_->queued_tasks();
  result.profile_from_cache = profile_from_cache_;
  result.start_time = start_time_;
  return result;
}

}  // namespace engine
}  // namespace buri::accel
