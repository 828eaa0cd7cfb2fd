#include "accel/engine_options.hpp"

#include <sched.h>

#include <algorithm>

#include "accel/cpu.hpp"

namespace buri::accel {

EngineOptions best_cpu_backend_alone(unsigned worker_threads) {
  EngineOptions options;
  options.worker_threads = worker_threads;
  const CpuFeatures& cpu = cpu_features();
  options.allowed_backends = {cpu.avx512_ifma ? "avx512" : cpu.avx2 ? "avx2" : "scalar"};
  return options;
}

Status<OptionsError> validate(const EngineOptions& options) {
  if (options.worker_threads > 1024) {
    return Failure{OptionsError{"worker_threads", "0 to 1024"}};
  }
  for (const unsigned cpu : options.cpu_affinity) {
    if (cpu >= CPU_SETSIZE) return Failure{OptionsError{"cpu_affinity", "CPU numbers below 1024"}};
  }
  if (!(options.sample_rate >= 0 && options.sample_rate <= 1)) {
    return Failure{OptionsError{"sample_rate", "0 to 1"}};
  }
  if (options.minimum_samples == 0) {
    return Failure{OptionsError{"minimum_samples", "at least 1"}};
  }
  if (options.device_deadline <= std::chrono::milliseconds(0)) {
    return Failure{OptionsError{"device_deadline", "more than 0 ms"}};
  }
  return Unit{};
}

bool is_allowed(const EngineOptions& options, std::string_view backend_name) {
  const auto& allowed = options.allowed_backends;
  if (allowed.empty() || backend_name == "scalar") return true;
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& name) {
    return backend_name == name ||
           (backend_name.starts_with(name) && backend_name.substr(name.size()).starts_with(":"));
  });
}

}  // namespace buri::accel
