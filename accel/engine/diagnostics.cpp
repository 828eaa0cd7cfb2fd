#include "accel/diagnostics.hpp"

#include <algorithm>

#include "accel/engine/known_answers.hpp"
#include "accel/engine/parts.hpp"
#include "accel/engine/peers.hpp"
#include "accel/engine/sample_batch.hpp"
#include "accel/engine/with_deadline.hpp"
#include "base/clock.hpp"

namespace buri::accel {
namespace {

constexpr unsigned kRounds = 15;
constexpr std::chrono::nanoseconds kRoundTime = std::chrono::milliseconds(3);

bool wanted(BackendFilter filter, bool is_device) {
  return filter == BackendFilter::kAll || (filter == BackendFilter::kCuda) == is_device;
}

/// The backends of the filter; those that are missing go to `missing`.
std::vector<std::shared_ptr<Backend>> select(BackendFilter filter, engine::Parts parts,
                                             std::vector<MissingBackend>& missing) {
  std::vector<std::shared_ptr<Backend>> backends;
  for (engine::BackendSlot& slot : parts.backends) {
    if (wanted(filter, slot.backend->is_device())) backends.push_back(std::move(slot.backend));
  }
  for (const engine::AbsentBackend& absent : parts.absent) {
    if (wanted(filter, absent.is_device)) missing.push_back({absent.name, absent.reason});
  }
  return backends;
}

/// Items per second of a call, repeated for one round.
template <class Run>
double rate(const Run& run, double items) {
  const Clock& clock = system_clock();
  const MonotonicTime start = clock.monotonic();
  std::chrono::nanoseconds elapsed{0};
  double calls = 0;
  do {
    run();
    ++calls;
    elapsed = clock.monotonic() - start;
  } while (elapsed < kRoundTime);
  return calls * items / std::chrono::duration<double>(elapsed).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + kRounds / 2, values.end());
  return values[kRounds / 2];
}

/// Measures one batch size beside the peer; nothing if the backend fails.
std::optional<BackendRate> measure(Backend& backend, Operation operation, std::uint64_t items) {
  engine::SampleBatch batch(operation, items);
  const auto peer = engine::make_peer(operation);
  bool failed = !batch.run(backend).ok();
  std::vector<double> rates;
  std::vector<double> ratios;
  for (unsigned round = 0; round < kRounds && !failed; ++round) {
    rates.push_back(
        rate([&] { failed = failed || !batch.run(backend).ok(); }, static_cast<double>(items)));
    ratios.push_back(rates.back() / rate([&] { peer->run(); }, static_cast<double>(peer->items())));
  }
  if (failed) return std::nullopt;
  return BackendRate{
      std::string(backend.name()), operation, items, median(rates), peer->name(), median(ratios)};
}

/// The known answers of one operation; a device that does not come back has failed them.
Status<KnownAnswerError> test_within(const std::shared_ptr<Backend>& backend, Operation operation,
                                     std::chrono::nanoseconds limit) {
  if (!backend->is_device()) return test_known_answers(*backend, operation);
  const auto status = engine::with_deadline<Status<KnownAnswerError>>(
      [backend, operation] { return test_known_answers(*backend, operation); }, limit);
  if (status) return *status;
  return Failure{KnownAnswerError{operation, BackendFault::kTimeout, 0}};
}

/// Measures every operation and size of a backend; false if it is a device and hung.
bool measure_backend(const std::shared_ptr<Backend>& backend,
                     const std::function<void(const BackendRate&)>& report,
                     std::chrono::nanoseconds limit) {
  std::vector<std::uint64_t> sizes{1, 16, 1024};
  if (backend->is_device()) sizes.push_back(65536);
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    if (!backend->supports(operation)) continue;
    for (const std::uint64_t items : sizes) {
      const auto work = [backend, operation, items] { return measure(*backend, operation, items); };
      const auto figure = backend->is_device()
                              ? engine::with_deadline<std::optional<BackendRate>>(work, limit)
                              : std::optional(work());
      if (!figure) return false;
      if (*figure) report(**figure);
    }
  }
  return true;
}

}  // namespace

SelftestReport run_selftest(BackendFilter filter) {
  return run_selftest(filter, engine::available_parts({}), kDiagnosticDeadline);
}

SelftestReport run_selftest(BackendFilter filter, engine::Parts parts,
                            std::chrono::nanoseconds device_limit) {
  SelftestReport report;
  for (const auto& backend : select(filter, std::move(parts), report.missing)) {
    for (std::size_t i = 0; i < kOperationCount; ++i) {
      const auto operation = static_cast<Operation>(i);
      if (!backend->supports(operation)) continue;
      const auto status = test_within(backend, operation, device_limit);
      report.results.push_back({std::string(backend->name()), backend->description(), operation,
                                status.ok(), status.ok() ? "" : describe(status.error())});
      if (!status.ok() && status.error().fault == BackendFault::kTimeout) break;
    }
  }
  return report;
}

std::vector<MissingBackend> measure_rates(BackendFilter filter,
                                          const std::function<void(const BackendRate&)>& report) {
  return measure_rates(filter, report, engine::available_parts({}), kDiagnosticDeadline);
}

std::vector<MissingBackend> measure_rates(BackendFilter filter,
                                          const std::function<void(const BackendRate&)>& report,
                                          engine::Parts parts,
                                          std::chrono::nanoseconds device_limit) {
  std::vector<MissingBackend> missing;
  for (const auto& backend : select(filter, std::move(parts), missing)) {
    if (!measure_backend(backend, report, device_limit)) {
      missing.push_back({std::string(backend->name()), "it hung while it was measured"});
    }
  }
  return missing;
}

}  // namespace buri::accel
