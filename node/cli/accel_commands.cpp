#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <memory>

#include "accel/cpu.hpp"
#include "accel/diagnostics.hpp"
#include "accel/engine.hpp"
#include "node/cli/commands.hpp"

/// `buri accel`: what this machine computes with, whether it computes rightly, and how fast.

namespace buri::cli {
namespace {

namespace json = boost::json;
using accel::BackendFilter;

/// The options that all three verbs share.
struct AccelOptions {
  BackendFilter filter = BackendFilter::kAll;
  bool as_json = false;
};

void print_json(const json::value& value) { std::cout << json::serialize(value) << "\n"; }

json::array missing_json(const std::vector<accel::MissingBackend>& missing) {
  json::array list;
  for (const auto& backend : missing) {
    list.push_back(json::object{{"backend", backend.name}, {"reason", backend.reason}});
  }
  return list;
}

void print_missing(const std::vector<accel::MissingBackend>& missing) {
  for (const auto& backend : missing) {
    std::printf("%-8s not here: %s\n", backend.name.c_str(), backend.reason.c_str());
  }
}

/// Says why there was nothing to do; the exit code for that.
int report_nothing_found(const std::vector<accel::MissingBackend>& missing) {
  std::fprintf(stderr, "buri accel: no backend of the requested kind on this machine");
  for (const auto& backend : missing) {
    std::fprintf(stderr, "; %s: %s", backend.name.c_str(), backend.reason.c_str());
  }
  std::fprintf(stderr, "\n");
  return kExitUnusable;
}

bool shown(BackendFilter filter, const accel::BackendStatus& backend) {
  return filter == BackendFilter::kAll || (filter == BackendFilter::kCuda) == backend.is_device;
}

json::object info_json(const accel::EngineStatus& status, BackendFilter filter) {
  json::array backends;
  for (const accel::BackendStatus& backend : status.backends) {
    if (!shown(filter, backend)) continue;
    backends.push_back(json::object{{"backend", backend.name},
                                    {"description", backend.description},
                                    {"state", accel::backend_state_name(backend.state)},
                                    {"reason", backend.reason}});
  }
  const accel::CpuFeatures& cpu = accel::cpu_features();
  return {{"cpu", cpu.model},
          {"features", json::object{{"bmi2_adx", cpu.bmi2_adx},
                                    {"avx2", cpu.avx2},
                                    {"avx512_ifma", cpu.avx512_ifma},
                                    {"sha_ni", cpu.sha_ni}}},
          {"worker_threads", status.worker_threads},
          {"start_ms", static_cast<double>(status.start_time.count()) * 1e-6},
          {"backends", backends}};
}

void print_info(const accel::EngineStatus& status, BackendFilter filter) {
  const accel::CpuFeatures& cpu = accel::cpu_features();
  std::printf("cpu      %s:%s%s%s%s\n", cpu.model.c_str(), cpu.bmi2_adx ? " adx" : "",
              cpu.avx2 ? " avx2" : "", cpu.avx512_ifma ? " avx512-ifma" : "",
              cpu.sha_ni ? " sha-ni" : "");
  std::printf("workers  %u\n", status.worker_threads);
  std::printf("start    %.0f ms, known answers and measurement included\n",
              static_cast<double>(status.start_time.count()) * 1e-6);
  for (const accel::BackendStatus& backend : status.backends) {
    if (!shown(filter, backend)) continue;
    std::printf("%-8s %s%s%s%s%s\n", backend.name.c_str(),
                std::string(accel::backend_state_name(backend.state)).c_str(),
                backend.description.empty() ? "" : ", ", backend.description.c_str(),
                backend.reason.empty() ? "" : ": ", backend.reason.c_str());
  }
}

int run_info(const AccelOptions& options) {
  const auto engine = accel::Engine::start({});
  if (!engine.ok()) {
    std::fprintf(stderr, "buri accel info: the engine does not start: %s: expected %s\n",
                 engine.error().field.c_str(), engine.error().expected.c_str());
    return kExitInvalid;
  }
  const accel::EngineStatus status = engine.value()->status();
  if (options.as_json) {
    print_json(info_json(status, options.filter));
  } else {
    print_info(status, options.filter);
  }
  return kExitOk;
}

int run_selftest(const AccelOptions& options) {
  const accel::SelftestReport report = accel::run_selftest(options.filter);
  if (report.results.empty()) return report_nothing_found(report.missing);
  bool passed = true;
  json::array results;
  for (const accel::SelftestResult& result : report.results) {
    passed = passed && result.passed;
    const std::string operation(accel::operation_name(result.operation));
    if (options.as_json) {
      results.push_back(json::object{{"backend", result.backend},
                                     {"description", result.description},
                                     {"operation", operation},
                                     {"passed", result.passed},
                                     {"detail", result.detail}});
      continue;
    }
    std::printf("%-8s %-16s %s%s%s\n", result.backend.c_str(), operation.c_str(),
                result.passed ? "passed" : "FAILED", result.passed ? "" : ": ",
                result.detail.c_str());
  }
  if (options.as_json) {
    print_json(json::object{
        {"passed", passed}, {"results", results}, {"missing", missing_json(report.missing)}});
  } else {
    print_missing(report.missing);
  }
  return passed ? kExitOk : kExitInvalid;
}

void print_rate(const accel::BackendRate& rate) {
  std::printf("%-8s %-16s %6llu items %14.0f/s %8.2f x %s\n", rate.backend.c_str(),
              std::string(accel::operation_name(rate.operation)).c_str(),
              static_cast<unsigned long long>(rate.items), rate.items_per_second, rate.ratio,
              rate.peer.c_str());
  std::fflush(stdout);
}

int run_bench(const AccelOptions& options) {
  json::array results;
  bool any = false;
  const auto missing = accel::measure_rates(options.filter, [&](const accel::BackendRate& rate) {
    any = true;
    if (!options.as_json) return print_rate(rate);
    results.push_back(json::object{{"backend", rate.backend},
                                   {"operation", accel::operation_name(rate.operation)},
                                   {"items", rate.items},
                                   {"items_per_second", rate.items_per_second},
                                   {"peer", rate.peer},
                                   {"ratio", rate.ratio}});
  });
  if (!any) return report_nothing_found(missing);
  if (options.as_json) {
    print_json(json::object{{"cpu", accel::cpu_features().model},
                            {"results", results},
                            {"missing", missing_json(missing)}});
  } else {
    print_missing(missing);
  }
  return kExitOk;
}

void add_verb(CLI::App& accel, const std::string& name, const std::string& what,
              int (*run)(const AccelOptions&), int& exit_code) {
  auto options = std::make_shared<AccelOptions>();
  CLI::App* verb =
      accel.add_subcommand(name, what + "\nExample: buri accel " + name + " --device cpu --json");
  verb->add_option_function<std::string>(
          "--device",
          [options](const std::string& kind) {
            options->filter = kind == "cpu"    ? BackendFilter::kCpu
                              : kind == "cuda" ? BackendFilter::kCuda
                                               : BackendFilter::kAll;
          },
          "Backends meant")
      ->check(CLI::IsMember({"cuda", "cpu", "all"}))
      ->default_str("all");
  verb->add_flag("--json", options->as_json, "Print one JSON object instead of lines");
  verb->callback([options, run, &exit_code] { exit_code = run(*options); });
}

}  // namespace

void add_accel_commands(CLI::App& app, int& exit_code) {
  CLI::App* accel = app.add_subcommand("accel", "The batch crypto engine of this machine");
  accel->require_subcommand(1);
  add_verb(*accel, "info", "Says what this machine computes with.", run_info, exit_code);
  add_verb(
      *accel, "selftest",
      "Runs known answers through every backend. Exit 0: all right, 1: one erred, 2: none found.",
      run_selftest, exit_code);
  add_verb(*accel, "bench",
           "Measures every backend beside libsecp256k1 and OpenSSL, in the same run, on one core.",
           run_bench, exit_code);
}

}  // namespace buri::cli
