#include "hsm/cli/hsm_test.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "base/hex.hpp"
#include "base/random.hpp"
#include "hsm/cli/hsm_commands.hpp"
#include "hsm/pkcs11/signature_check.hpp"
#include "hsm/pkcs11/worker_client.hpp"

namespace buri::hsm::cli {
namespace {

namespace json = boost::json;
using namespace pkcs11;
using namespace std::chrono_literals;

constexpr auto kStartLimit = 30s;
constexpr auto kSignatureLimit = 10s;

/// Sorted latencies in milliseconds.
struct Latencies {
  std::vector<double> sorted_ms;

  explicit Latencies(std::vector<double> ms) : sorted_ms(std::move(ms)) {
    std::ranges::sort(sorted_ms);
  }
  [[nodiscard]] double quantile(double q) const {
    const auto last = static_cast<double>(sorted_ms.size() - 1);
    return sorted_ms[static_cast<std::size_t>(std::lround(q * last))];
  }
  [[nodiscard]] json::object to_json() const {
    return {{"count", sorted_ms.size()},
            {"p50_ms", quantile(0.5)},
            {"p90_ms", quantile(0.9)},
            {"p99_ms", quantile(0.99)},
            {"max_ms", sorted_ms.back()}};
  }
};

struct Measurement {
  double start_ms = 0;  ///< from exec to the first signature
  std::vector<double> single_ms;
  std::vector<double> triple_ms;  ///< three at once, as a precommit asks for
};

std::string worker_path(const TestOptions& options) {
  if (!options.worker_program.empty()) return options.worker_program;
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
  const auto beside = self / "buri-hsm";
  return std::filesystem::exists(beside, failed) ? beside
                                                 : self.parent_path() / "libexec/buri/buri-hsm";
}

/// A typed probe message of its own for every signature.
SigningRequest probe(std::uint64_t counter) {
  Hash256 nonce;
  system_random().fill({nonce.data(), nonce.size()});
  return {SigningPurpose::kProbe, probe_digest(counter, nonce)};
}

Result<double, CommandError> timed_ms(WorkerClient& client, std::size_t at_once,
                                      MonotonicTime::duration limit) {
  std::vector<SigningRequest> requests;
  for (std::size_t i = 0; i < at_once; ++i) requests.push_back(probe(i));
  const MonotonicTime start = system_clock().monotonic();
  const auto made = client.sign_all(requests, start + limit);
  if (!made.ok()) return Failure{CommandError{made.error().reason}};
  return std::chrono::duration<double, std::milli>(system_clock().monotonic() - start).count();
}

Result<WorkerClientConfig, CommandError> client_config(const TestOptions& options) {
  ASSIGN_OR_RETURN(const KeyUri uri, parse_uri(options.key));
  ASSIGN_OR_RETURN(const std::string pin, pin_path(options.key, uri));
  WorkerClientConfig config{worker_path(options), {}, {}};
  DeviceConfig device;
  device.name = "device";
  device.key_uri = options.key.uri;
  device.profile = options.key.profile;
  if (options.public_key.empty()) {
    ASSIGN_OR_RETURN(const PublicView view, look_without_login(uri));
    ASSIGN_OR_RETURN(const VendorProfile* profile, choose_profile(options.key, view.token));
    config.public_key = view.point;
    device.profile = profile->name;
  } else {
    const auto point = fixed_from_hex<PublicPoint::kSize>(options.public_key);
    if (!point) return Failure{CommandError{"--public-key is not 128 hex digits (X and Y)."}};
    config.public_key = *point;
    if (device.profile.empty()) device.profile = "generic";
  }
  device.pin = PinFile{pin};
  device.sessions = options.sessions;
  device.require_hsm_born = !options.key.accept_restored_key;
  device.ignore_pin_flags = options.key.ignore_pin_flags;
  for (const std::string& name : options.environment) {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) {
      return Failure{CommandError{"The variable " + name + " of --environment is not set."}};
    }
    device.environment.emplace_back(name, value);
  }
  config.devices.push_back(std::move(device));
  return config;
}

Result<Measurement, CommandError> measure(const TestOptions& options, Metrics& metrics) {
  ASSIGN_OR_RETURN(WorkerClientConfig config, client_config(options));
  Measurement measurement;
  const MonotonicTime start = system_clock().monotonic();
  WorkerClient client(std::move(config), Logger("buri-hsm-test", LogLevel::kError), metrics);
  ASSIGN_OR_RETURN(double first, timed_ms(client, 1, kStartLimit));
  (void)first;
  measurement.start_ms =
      std::chrono::duration<double, std::milli>(system_clock().monotonic() - start).count();
  for (unsigned i = 0; i < options.count; ++i) {
    ASSIGN_OR_RETURN(const double single, timed_ms(client, 1, kSignatureLimit));
    measurement.single_ms.push_back(single);
    if (i % 3 != 0) continue;
    ASSIGN_OR_RETURN(const double triple, timed_ms(client, 3, kSignatureLimit));
    measurement.triple_ms.push_back(triple);
  }
  return measurement;
}

void print_line(const char* name, const Latencies& latencies) {
  std::printf("%-22s p50 %8.3f   p90 %8.3f   p99 %8.3f   max %8.3f ms   (%zu)\n", name,
              latencies.quantile(0.5), latencies.quantile(0.9), latencies.quantile(0.99),
              latencies.sorted_ms.back(), latencies.sorted_ms.size());
}

/// Bars over powers of two of a tenth of a millisecond.
void print_histogram(const Latencies& latencies) {
  const std::vector<double>& values = latencies.sorted_ms;
  auto from = values.begin();
  for (double bound = 0.1; from != values.end(); bound *= 2) {
    const auto to = std::upper_bound(from, values.end(), bound);
    const auto share = static_cast<double>(to - from) / static_cast<double>(values.size());
    if (to != from) {
      std::printf("  <= %9.1f ms %6.2f %%  %s\n", bound, 100 * share,
                  std::string(static_cast<std::size_t>(std::lround(50 * share)), '#').c_str());
    }
    from = to;
  }
}

}  // namespace

int run_test(const TestOptions& options) {
  Metrics metrics;
  const auto measured = measure(options, metrics);
  if (!measured.ok()) {
    std::cerr << "buri hsm test: " << measured.error().reason << "\n";
    return kExitUnusable;
  }
  const Latencies single(measured->single_ms);
  const Latencies triple(measured->triple_ms);
  if (options.as_json) {
    std::cout << json::serialize(json::object{{"cold_start_ms", measured->start_ms},
                                              {"signature", single.to_json()},
                                              {"three_at_once", triple.to_json()}})
              << "\n";
    return kExitOk;
  }
  std::printf("start to first signature %.1f ms\n", measured->start_ms);
  print_line("one signature", single);
  print_line("three at once", triple);
  print_histogram(single);
  std::printf("Every signature was recovered to the key.\n");
  std::fflush(stdout);
  return kExitOk;
}

}  // namespace buri::hsm::cli
