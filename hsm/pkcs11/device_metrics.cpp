#include "hsm/pkcs11/device_metrics.hpp"

namespace buri::hsm::pkcs11 {

DeviceMetrics::DeviceMetrics(Metrics& registry, const std::string& device)
    : starts(registry.counter("buri_hsm_worker_starts_total", "Workers started.",
                              {{"device", device}})),
      kills(registry.counter("buri_hsm_worker_kills_total", "Workers killed or found dead.",
                             {{"device", device}})),
      ready(registry.gauge("buri_hsm_ready", "1 while a worker is logged in and checked.",
                           {{"device", device}})),
      total_seconds(registry.histogram(
          "buri_hsm_sign_seconds", "From request to checked signature.",
          {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1}, {{"device", device}})),
      device_seconds(registry.histogram(
          "buri_hsm_device_seconds", "Inside the module's signing calls.",
          {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1}, {{"device", device}})),
      registry_(registry),
      device_(device) {}

Counter& DeviceMetrics::signatures(SigningPurpose purpose) {
  return registry_.counter("buri_hsm_signatures_total", "Signatures released.",
                           {{"device", device_}, {"purpose", std::string(purpose_name(purpose))}});
}

Counter& DeviceMetrics::failures(SigningFault fault) {
  return registry_.counter("buri_hsm_failures_total", "Requests that a device did not answer.",
                           {{"device", device_}, {"fault", std::string(fault_name(fault))}});
}

Counter& DeviceMetrics::steps(std::string_view step) {
  return registry_.counter("buri_hsm_recovery_steps_total", "Rungs of the recovery ladder climbed.",
                           {{"device", device_}, {"step", std::string(step)}});
}

}  // namespace buri::hsm::pkcs11
