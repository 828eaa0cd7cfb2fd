#include <cstdio>

#include "accel/cpu.hpp"
#include "accel/diagnostics.hpp"
#include "node/cli/verify_bundle.hpp"

/// How fast this machine's backends are, beside the libraries one would otherwise use.

namespace buri::cli {

void print_speed() {
  std::printf("\ncpu: %s\n%-10s %-16s %8s %14s %8s  %s\n", accel::cpu_features().model.c_str(),
              "backend", "operation", "batch", "per second", "ratio", "peer");
  const auto missing =
      accel::measure_rates(accel::BackendFilter::kAll, [](const accel::BackendRate& rate) {
        constexpr std::uint64_t kShownBatch = 1024;
        if (rate.items < kShownBatch) return;
        std::printf("%-10s %-16s %8llu %14.0f %8.2f  %s\n", rate.backend.c_str(),
                    std::string(accel::operation_name(rate.operation)).c_str(),
                    static_cast<unsigned long long>(rate.items), rate.items_per_second, rate.ratio,
                    rate.peer.c_str());
        std::fflush(stdout);
      });
  for (const accel::MissingBackend& backend : missing) {
    std::printf("%-10s not on this machine: %s\n", backend.name.c_str(), backend.reason.c_str());
  }
}

}  // namespace buri::cli
