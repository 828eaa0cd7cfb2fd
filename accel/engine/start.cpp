#include <sched.h>

#include <algorithm>

#include "accel/cpu.hpp"
#include "accel/engine/core.hpp"
#include "accel/engine/measure.hpp"
#include "accel/engine/with_deadline.hpp"

/// Start-up: known-answer tests, the latency profile, and the tables made of it.

namespace buri::accel::engine {
namespace {

/// A device's test or measurement makes many calls; it may take this many times one call's
/// deadline.
constexpr int kDeviceCalls = 5;

/// CPUs this process may run on: containers and taskset count.
unsigned usable_cpus() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

}  // namespace

/// Builds a Core step by step.
class Starter {
 public:
  Starter(const EngineOptions& options, const EngineServices& services, Parts parts)
      : options_(options),
        services_(services),
        clock_(services.clock != nullptr ? *services.clock : system_clock()),
        parts_(std::move(parts)),
        core_(new Core) {}

  Result<std::unique_ptr<Core>, EngineError> start() {
    const MonotonicTime began = clock_.monotonic();
    core_->workers_ = options_.worker_threads != 0 ? options_.worker_threads : usable_cpus();
    judge_backends();
    settle_profile();
    RETURN_IF_ERROR(choose_cpu_backends());
    start_runtime();
    core_->start_time_ = clock_.monotonic() - began;
    return std::move(core_);
  }

 private:
  [[nodiscard]] std::chrono::nanoseconds deadline() const { return options_.device_deadline; }
  [[nodiscard]] Status<KnownAnswerError> test(const std::shared_ptr<Backend>& backend) const;
  [[nodiscard]] std::vector<std::optional<LatencyCurve>> measure_device(
      const std::shared_ptr<Backend>& device, Operation operation) const;
  void judge_backends();
  void settle_profile();
  bool measure_missing(Profile& profile, Operation operation);
  bool measure_missing(Profile& profile);
  [[nodiscard]] std::string machine_text() const;
  Status<EngineError> choose_cpu_backends();
  void start_runtime();
  [[nodiscard]] const LatencyCurve* curve(std::size_t backend, Operation operation) const;
  [[nodiscard]] bool usable(std::size_t backend) const {
    return core_->records_[backend].refusal.empty();
  }

  const EngineOptions& options_;
  const EngineServices& services_;
  const Clock& clock_;
  Parts parts_;
  Profile profile_;
  std::unique_ptr<Core> core_;
};

Status<KnownAnswerError> Starter::test(const std::shared_ptr<Backend>& backend) const {
  if (!backend->is_device()) return parts_.test(*backend);
  const auto status = with_deadline<Status<KnownAnswerError>>(
      [backend, test = parts_.test] { return test(*backend); }, kDeviceCalls * deadline());
  if (status) return *status;
  return Failure{KnownAnswerError{Operation::kRecover, BackendFault::kTimeout, 0}};
}

std::vector<std::optional<LatencyCurve>> Starter::measure_device(
    const std::shared_ptr<Backend>& device, Operation operation) const {
  // The kernel's clock: an injected one may be gone before a call that hangs comes back.
  const auto curves = with_deadline<std::vector<std::optional<LatencyCurve>>>(
      [device, operation] {
        Backend* const alone = device.get();
        return measure_curves({&alone, 1}, operation, system_clock());
      },
      kDeviceCalls * deadline());
  return curves.value_or(std::vector<std::optional<LatencyCurve>>(1));
}

void Starter::judge_backends() {
  std::vector<std::string> names;
  for (const BackendSlot& slot : parts_.backends) {
    Backend& backend = *slot.backend;
    BackendRecord record{
        std::string(backend.name()), backend.description(), backend.is_device(), {}, {}};
    if (!is_allowed(options_, backend.name())) {
      record.refusal = "not on the allow-list";
    } else if (const auto status = test(slot.backend); !status.ok()) {
      record.refusal = "known-answer test: " + describe(status.error());
    }
    names.push_back(record.name);
    core_->records_.push_back(std::move(record));
  }
  for (const AbsentBackend& absent : parts_.absent) {
    names.push_back(absent.name);
    core_->records_.push_back({absent.name, "", absent.is_device, absent.reason, {}, true});
  }
  core_->telemetry_ = std::make_shared<Telemetry>(services_.metrics, services_.logger, names);
  for (std::size_t i = 0; i < parts_.backends.size(); ++i) {
    const BackendRecord& record = core_->records_[i];
    if (record.refusal.starts_with("known-answer")) {
      core_->telemetry_->on_refused(record.name, record.refusal);
    }
  }
}

std::string Starter::machine_text() const {
  std::string text = cpu_features().model + " | " + std::to_string(usable_cpus()) + " CPUs";
  for (const BackendRecord& record : core_->records_) {
    if (record.is_device && record.refusal.empty())
      text += " | " + record.name + " " + record.description;
  }
  text += " | build " + build_id();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Measures one operation where the profile lacks it: the CPU backends together, each device alone.
/// True if that was anything.
bool Starter::measure_missing(Profile& profile, Operation operation) {
  std::vector<Backend*> cpus;
  const std::size_t before = profile.curves.size();
  const auto keep = [&](std::string_view name, std::optional<LatencyCurve> curve) {
    if (curve) profile.curves.insert_or_assign({std::string(name), operation}, std::move(*curve));
  };
  bool any_cpu_missing = false;
  for (std::size_t i = 0; i < parts_.backends.size(); ++i) {
    const auto& backend = parts_.backends[i].backend;
    if (!usable(i) || !backend->supports(operation)) continue;
    const bool known = profile.curves.contains({std::string(backend->name()), operation});
    if (!backend->is_device()) {
      cpus.push_back(backend.get());
      any_cpu_missing = any_cpu_missing || !known;
    } else if (!known) {
      keep(backend->name(), measure_device(backend, operation).front());
    }
  }
  if (!any_cpu_missing) return profile.curves.size() != before;
  auto curves = measure_curves(cpus, operation, clock_);
  for (std::size_t i = 0; i < cpus.size(); ++i) keep(cpus[i]->name(), std::move(curves[i]));
  return true;
}

bool Starter::measure_missing(Profile& profile) {
  bool measured = false;
  if (profile.hand_over_ns == 0) {
    profile.hand_over_ns = std::max<std::uint64_t>(1, measure_hand_over_ns(clock_));
    measured = true;
  }
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    measured = measure_missing(profile, static_cast<Operation>(i)) || measured;
  }
  return measured;
}

void Starter::settle_profile() {
  const std::string& directory = options_.profile_directory;
  const std::string machine = machine_text();
  std::optional<Profile> known = parts_.profile;
  if (!known && !directory.empty()) known = load_profile(directory, machine);
  core_->profile_from_cache_ = known.has_value();
  profile_ = known.value_or(Profile{});
  profile_.machine = machine;
  const bool measured = measure_missing(profile_);
  if (measured) core_->profile_from_cache_ = false;
  if (!measured || directory.empty() || store_profile(directory, profile_)) return;
  if (services_.logger == nullptr) return;
  services_.logger->warning(
      "the latency profile could not be stored; the next start measures again",
      {{"directory", directory}});
}

const LatencyCurve* Starter::curve(std::size_t backend, Operation operation) const {
  const auto found = profile_.curves.find({core_->records_[backend].name, operation});
  return usable(backend) && found != profile_.curves.end() ? &found->second : nullptr;
}

Status<EngineError> Starter::choose_cpu_backends() {
  for (std::size_t j = 0; j < kOperationCount; ++j) {
    const auto operation = static_cast<Operation>(j);
    std::vector<CpuCandidate> candidates;
    CpuBackends& cpu = core_->tables_[j].cpu;
    for (std::size_t i = 0; i < parts_.backends.size(); ++i) {
      Backend& backend = *parts_.backends[i].backend;
      const LatencyCurve* measured = curve(i, operation);
      if (backend.is_device() || measured == nullptr) continue;
      candidates.push_back({&backend, *measured});
      cpu.entries.push_back({&backend, i});
    }
    if (candidates.empty()) {
      return Failure{
          EngineError{std::string(operation_name(operation)),
                      "a CPU backend that computes it and passes its known-answer test"}};
    }
    cpu.choice = CpuChoice(candidates);
  }
  return Unit{};
}

void Starter::start_runtime() {
  RuntimeSetup setup;
  SchedulerSetup& scheduler = setup.scheduler;
  scheduler.cpu_workers = core_->workers_;
  scheduler.hand_over_ns = profile_.hand_over_ns;
  scheduler.health.sampling = {options_.sample_rate, options_.minimum_samples};
  scheduler.health.probation_items = options_.probation_items;
  scheduler.health.deadline = options_.device_deadline;
  for (std::size_t j = 0; j < kOperationCount; ++j) {
    const auto operation = static_cast<Operation>(j);
    const auto& entries = core_->tables_[j].cpu.entries;
    LatencyCurve best = *curve(entries[0].index, operation);
    for (const auto& entry : entries) {
      best = LatencyCurve::faster_of(best, *curve(entry.index, operation));
    }
    scheduler.cpu.push_back(std::move(best));
    setup.cpu.push_back(core_->tables_[j].cpu);
  }
  for (std::size_t i = 0; i < parts_.backends.size(); ++i) {
    setup.keep_alive.push_back(parts_.backends[i].backend);
    BackendRecord& record = core_->records_[i];
    if (!record.is_device || !usable(i)) continue;
    record.device_index = setup.devices.size();
    setup.devices.push_back({parts_.backends[i], i});
    auto& curves = scheduler.devices.emplace_back();
    for (std::size_t j = 0; j < kOperationCount; ++j) {
      const LatencyCurve* measured = curve(i, static_cast<Operation>(j));
      curves.push_back(measured != nullptr ? std::optional(*measured) : std::nullopt);
    }
  }
  setup.test = parts_.test;
  setup.cpu_affinity = options_.cpu_affinity;
  setup.seed = (services_.random != nullptr ? *services_.random : system_random()).next();

  // While nothing is queued, batches up to some size belong to the calling thread alone.
  const Scheduler idle(scheduler);
  for (std::size_t j = 0; j < kOperationCount; ++j) {
    core_->tables_[j].inline_units = idle.largest_for_caller(static_cast<Operation>(j));
    core_->tables_[j].hand_over_units = scheduler.cpu[j].capacity(scheduler.hand_over_ns);
  }
  core_->runtime_ = std::make_unique<Runtime>(std::move(setup), clock_, core_->telemetry_);
}

Result<std::unique_ptr<Core>, EngineError> Core::start(const EngineOptions& options,
                                                       const EngineServices& services,
                                                       Parts parts) {
  return Starter(options, services, std::move(parts)).start();
}

}  // namespace buri::accel::engine
