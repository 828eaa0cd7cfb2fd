#include "node/cli/verify_speed.hpp"

#include <boost/json.hpp>
#include <cstdio>
#include <functional>

#include "accel/cpu.hpp"
#include "accel/diagnostics.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;

/// Measures everything and hands on the batch size that a block has.
std::vector<accel::MissingBackend> measure(
    const std::function<void(const accel::BackendRate&)>& report) {
  return accel::measure_rates(accel::BackendFilter::kAll, [&](const accel::BackendRate& rate) {
    constexpr std::uint64_t kShownBatch = 1024;
    if (rate.items >= kShownBatch) report(rate);
  });
}

}  // namespace

void print_speed() {
  std::printf("\ncpu: %s\n%-10s %-16s %8s %14s %8s  %s\n", accel::cpu_features().model.c_str(),
              "backend", "operation", "batch", "per second", "ratio", "peer");
  const auto missing = measure([](const accel::BackendRate& rate) {
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

json::object speed_json() {
  json::array rates;
  const auto missing_backends = measure([&](const accel::BackendRate& rate) {
    rates.push_back(json::object{{"backend", rate.backend},
                                 {"operation", accel::operation_name(rate.operation)},
                                 {"batch", rate.items},
                                 {"per_second", rate.items_per_second},
                                 {"ratio", rate.ratio},
                                 {"peer", rate.peer}});
  });
  json::array missing;
  for (const accel::MissingBackend& backend : missing_backends) {
    missing.push_back(json::object{{"backend", backend.name}, {"reason", backend.reason}});
  }
  return {{"cpu", accel::cpu_features().model}, {"rates", rates}, {"missing", missing}};
}

}  // namespace buri::cli
