#include "hsm/pkcs11/device_keeper.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.hpp"
#include "hsm/pkcs11/worker.hpp"

namespace buri::hsm::pkcs11 {
namespace {

using std::chrono::milliseconds;

/// So many failures in a row are retried at once; then rests grow from the first to the last.
constexpr unsigned kFreeFailures = 2;
constexpr milliseconds kFirstRest{250};
constexpr milliseconds kLastRest{30'000};
/// How a device counts whose key was refused: nobody mends that within seconds.
constexpr unsigned kFailuresOfAWrongKey = 8;
constexpr unsigned kMaxSessions = 16;
/// How long the end of a client waits for a start in progress.
constexpr milliseconds kLastStart{2'000};

milliseconds rest_after(unsigned failures) {
  if (failures <= kFreeFailures) return milliseconds{0};
  return std::min(kFirstRest * (1U << std::min(failures - kFreeFailures - 1, 10U)), kLastRest);
}

/// A descriptor from which the child reads the PIN.
Result<Descriptor, std::string> open_pin(const PinSource& source) {
  if (const auto* const file = std::get_if<PinFile>(&source)) {
    Descriptor descriptor(open(file->path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.is_open()) return Failure{"The PIN file " + file->path + " cannot be opened."};
    return descriptor;
  }
  const ByteView pin = std::get<Secret>(source).bytes();
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return Failure{std::string("No pipe for the PIN.")};
  Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  // A PIN is far shorter than a pipe is deep.
  if (write(writer.get(), pin.data(), pin.size()) != static_cast<ssize_t>(pin.size())) {
    return Failure{std::string("The PIN could not be handed over.")};
  }
  return reader;
}

unsigned session_count(const DeviceConfig& config, const VendorProfile& profile) {
  const unsigned wanted = config.sessions != 0 ? config.sessions : profile.signing_sessions;
  const unsigned most = profile.max_sessions != 0 ? profile.max_sessions : kMaxSessions;
  return std::clamp(wanted, 1U, std::min(most, kMaxSessions));
}

std::string start_reason(const WorkerProcess::StartReport& report) {
  if (!report.last) return "The worker ended or hung while it started.";
  return std::string(as_text(report.last->payload));
}

}  // namespace

DeviceKeeper::DeviceKeeper(DeviceConfig config, std::string worker_program, PublicPoint public_key,
                           DeviceBoard& board, Logger logger, Metrics& metrics)
    : config_(std::move(config)),
      worker_program_(std::move(worker_program)),
      public_key_(public_key),
      profile_(find_profile(config_.profile)),
      board_(board),
      logger_(std::move(logger)),
      metrics_(metrics, config_.name),
      wake_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      pin_(config_.pin),
      ignore_pin_flags_(config_.ignore_pin_flags) {
  CHECK(wake_event_.is_open(), "an eventfd");
  auto uri = parse_key_uri(config_.key_uri);
  if (!uri.ok()) {
    config_fault_ = describe(uri.error());
  } else {
    uri_ = std::move(uri).value();
    if (!uri_.module_path) config_fault_ = "The key URI names no module-path.";
  }
  if (profile_ == nullptr) {
    config_fault_ = "There is no vendor profile \"" + config_.profile + "\".";
    profile_ = &vendor_profiles().front();
  }
  if (std::holds_alternative<PinAbsent>(pin_) && uri_.pin_path) pin_ = PinFile{*uri_.pin_path};
  reason_ = config_fault_;
  thread_ = std::thread([this] { keep(); });
}

DeviceKeeper::~DeviceKeeper() {
  {
    std::unique_lock lock(board_.mutex);
    stopping_ = true;
    // A worker is not killed inside C_Login without need: SoftHSM rewrites its token file there,
    // and a torn write costs the token.
    board_.changed.wait_for(lock, kLastStart, [this] { return !is_starting_; });
    if (starting_) starting_->kill();
  }
  wake();
  thread_.join();
}

milliseconds DeviceKeeper::attempt_limit() const { return milliseconds(profile_->attempt_ms); }

void DeviceKeeper::wake() {
  const std::uint64_t one = 1;
  (void)!write(wake_event_.get(), &one, sizeof one);
  board_.changed.notify_all();
}

std::shared_ptr<WorkerProcess> DeviceKeeper::worker_locked() const {
  return active_ && !active_->is_dead() ? active_ : nullptr;
}

bool DeviceKeeper::may_recover_locked(MonotonicTime deadline) const {
  return config_fault_.empty() && !std::holds_alternative<PinAbsent>(pin_) &&
         rest_until_ < deadline;
}

DeviceStatus DeviceKeeper::status_locked() const {
  DeviceStatus status{.name = config_.name,
                      .state = DeviceState::kStarting,
                      .reason = reason_,
                      .token_flags = token_flags_,
                      .signatures = signatures_,
                      .failures = failures_,
                      .starts = starts_};
  if (worker_locked()) {
    status.state = DeviceState::kReady;
    status.reason.clear();
  } else if (std::holds_alternative<PinAbsent>(pin_)) {
    status.state = DeviceState::kLocked;
    if (status.reason.empty()) status.reason = "No PIN was given.";
  } else if (!config_fault_.empty() || system_clock().monotonic() < rest_until_) {
    status.state = DeviceState::kResting;
  }
  return status;
}

void DeviceKeeper::bury_locked(std::shared_ptr<WorkerProcess>& worker) {
  if (!worker) return;
  worker->kill();
  metrics_.kills.add();
  dead_.push_back(std::move(worker));
  worker.reset();
}

/// Replaces `worker` by the standby if it is the active one.
bool DeviceKeeper::drop_if_active_locked(const std::shared_ptr<WorkerProcess>& worker) {
  worker->kill();
  if (active_ != worker) return false;
  bury_locked(active_);
  active_ = std::move(standby_);
  standby_.reset();
  metrics_.ready.set(active_ ? 1 : 0);
  return true;
}

void DeviceKeeper::note_failure_locked(std::string reason) {
  ++failures_;
  ++failures_in_a_row_;
  const milliseconds rest = rest_after(failures_in_a_row_);
  rest_until_ = system_clock().monotonic() + rest;
  logger_.warning("a device failed", {{"device", config_.name},
                                      {"reason", reason},
                                      {"in_a_row", failures_in_a_row_},
                                      {"rest_ms", rest.count()}});
  reason_ = std::move(reason);
}

void DeviceKeeper::lock_out_locked(std::string reason) {
  pin_ = PinAbsent{};
  pin_proven_ = false;
  ++failures_;
  logger_.error("a device is locked until an operator gives a PIN",
                {{"device", config_.name}, {"reason", reason}});
  reason_ = std::move(reason);
}

void DeviceKeeper::report_failure(const std::shared_ptr<WorkerProcess>& worker,
                                  std::string reason) {
  {
    const std::lock_guard lock(board_.mutex);
    if (drop_if_active_locked(worker)) note_failure_locked(std::move(reason));
  }
  wake();
}

void DeviceKeeper::report_pin_refused(const std::shared_ptr<WorkerProcess>& worker,
                                      std::string reason) {
  {
    const std::lock_guard lock(board_.mutex);
    if (drop_if_active_locked(worker)) lock_out_locked(std::move(reason));
    bury_locked(active_);
    metrics_.ready.set(0);
  }
  wake();
}

void DeviceKeeper::report_success(std::size_t count) {
  const std::lock_guard lock(board_.mutex);
  failures_in_a_row_ = 0;
  signatures_ += count;
}

void DeviceKeeper::unlock(PinSource pin, bool ignore_pin_flags) {
  {
    const std::lock_guard lock(board_.mutex);
    pin_ = std::move(pin);
    ignore_pin_flags_ = ignore_pin_flags;
    pin_proven_ = false;
    ++generation_;
    failures_in_a_row_ = 0;
    rest_until_ = {};
    reason_ = config_fault_;
  }
  wake();
}

void DeviceKeeper::lock() {
  {
    const std::lock_guard lock(board_.mutex);
    pin_ = PinAbsent{};
    pin_proven_ = false;
    ++generation_;
    reason_ = "An operator locked it.";
    bury_locked(active_);
    bury_locked(standby_);
    metrics_.ready.set(0);
  }
  wake();
}

void DeviceKeeper::keep() {
  while (true) {
    std::vector<std::shared_ptr<WorkerProcess>> reaped;
    Task task{};
    {
      const std::lock_guard lock(board_.mutex);
      task = next_task_locked();
      reaped.swap(dead_);
    }
    board_.changed.notify_all();
    reaped.clear();
    if (task == Task::kStop) return;
    if (task == Task::kWait) {
      wait_for_event();
    } else {
      start_one(task == Task::kStartStandby);
    }
  }
}

/// Drops workers that ended by themselves, then says what is left to do.
DeviceKeeper::Task DeviceKeeper::next_task_locked() {
  if (stopping_) {
    bury_locked(active_);
    bury_locked(standby_);
    return Task::kStop;
  }
  if (standby_ && standby_->is_dead()) bury_locked(standby_);
  if (active_ && active_->is_dead()) {
    const auto ended = active_;
    if (drop_if_active_locked(ended)) note_failure_locked("The worker ended by itself.");
  }
  const bool may_start = config_fault_.empty() && !std::holds_alternative<PinAbsent>(pin_) &&
                         rest_until_ <= system_clock().monotonic();
  const bool wants_standby = active_ && config_.warm_standby && !standby_;
  is_starting_ = may_start && (!active_ || wants_standby);
  if (!is_starting_) return Task::kWait;
  return wants_standby ? Task::kStartStandby : Task::kStart;
}

void DeviceKeeper::wait_for_event() {
  std::vector<std::shared_ptr<WorkerProcess>> watched;
  int timeout_ms = -1;
  {
    const std::lock_guard lock(board_.mutex);
    for (const auto& worker : {active_, standby_}) {
      if (worker) watched.push_back(worker);
    }
    const auto rest = rest_until_ - system_clock().monotonic();
    if (rest.count() > 0) {
      timeout_ms = static_cast<int>(std::chrono::ceil<milliseconds>(rest).count());
    }
  }
  std::vector<pollfd> entries{{wake_event_.get(), POLLIN, 0}};
  for (const auto& worker : watched) entries.push_back({worker->pid_descriptor(), POLLIN, 0});
  (void)poll(entries.data(), entries.size(), timeout_ms);
  std::uint64_t count = 0;
  (void)!read(wake_event_.get(), &count, sizeof count);
}

Result<std::shared_ptr<WorkerProcess>, std::string> DeviceKeeper::spawn(
    const PinSource& pin, bool ignore_pin_flags) const {
  if (std::holds_alternative<PinAbsent>(pin))
    return Failure{std::string("The PIN was taken away.")};
  ASSIGN_OR_RETURN(Descriptor pin_descriptor, open_pin(pin));
  WorkerOptions worker;
  worker.key = uri_;
  worker.key.pin_path.reset();  // the descriptor is the only way
  worker.profile = profile_;
  worker.public_key = public_key_;
  const unsigned sessions = session_count(config_, *profile_);
  for (unsigned i = 0; i < sessions; ++i) {
    worker.channels.push_back(kChildFirstChannel + static_cast<int>(i));
  }
  worker.pin_descriptor = kChildPinDescriptor;
  worker.parent = getpid();
  worker.require_hsm_born = config_.require_hsm_born;
  worker.ignore_pin_flags = ignore_pin_flags;
  return WorkerProcess::spawn({worker_program_, worker_arguments(worker), config_.environment,
                               sessions, std::move(pin_descriptor)});
}

void DeviceKeeper::start_one(bool as_standby) {
  PinSource pin;
  bool ignore_pin_flags = false;
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(board_.mutex);
    pin = pin_;
    ignore_pin_flags = ignore_pin_flags_;
    generation = generation_;
    ++starts_;
  }
  metrics_.starts.add();
  auto spawned = spawn(pin, ignore_pin_flags);
  pin = PinAbsent{};
  std::shared_ptr<WorkerProcess> worker;
  WorkerProcess::StartReport report;
  std::string fault;
  if (!spawned.ok()) {
    fault = spawned.error();
  } else {
    worker = std::move(spawned).value();
    {
      const std::lock_guard lock(board_.mutex);
      starting_ = worker;
    }
    report = worker->await_start(system_clock().monotonic() + config_.start_timeout);
  }
  const std::lock_guard lock(board_.mutex);
  is_starting_ = false;
  starting_.reset();
  if (stopping_ || generation != generation_) {
    bury_locked(worker);
  } else if (worker) {
    settle_start_locked(worker, report, as_standby);
  } else {
    note_failure_locked(fault);
  }
}

void DeviceKeeper::settle_start_locked(const std::shared_ptr<WorkerProcess>& worker,
                                       const WorkerProcess::StartReport& report, bool as_standby) {
  if (report.last && report.last->kind == ReplyKind::kReady) {
    pin_proven_ = true;
    token_flags_ = static_cast<std::uint32_t>(report.last->code);
    reason_.clear();
    logger_.info("a device is ready", {{"device", config_.name},
                                       {"pid", worker->pid()},
                                       {"standby", as_standby},
                                       {"token", as_text(report.last->payload)}});
    (as_standby ? standby_ : active_) = worker;
    metrics_.ready.set(1);
    return;
  }
  auto failed = worker;
  bury_locked(failed);
  const bool pin_trouble = report.last && (report.last->outcome == Outcome::kPinRefused ||
                                           report.last->outcome == Outcome::kPinFlags);
  if (pin_trouble) return lock_out_locked(start_reason(report));
  if (!report.last && report.login_began && !pin_proven_) {
    return lock_out_locked(
        "The first login with this PIN ended without an answer; whether the "
        "token counted an attempt is unknown.");
  }
  if (report.last && report.last->outcome == Outcome::kKeyRefused) {
    failures_in_a_row_ = std::max(failures_in_a_row_, kFailuresOfAWrongKey);
  }
  note_failure_locked(start_reason(report));
}

}  // namespace buri::hsm::pkcs11
