#include "hsm/pkcs11/worker_client.hpp"

#include <algorithm>
#include <atomic>

#include "base/check.hpp"
#include "hsm/pkcs11/device_keeper.hpp"
#include "hsm/pkcs11/signature_check.hpp"

namespace buri::hsm::pkcs11 {
namespace {

/// How often one request may be sent to one device: once, and once more to the worker's successor.
constexpr unsigned kAttemptsPerDevice = 2;

/// How long a worker waits awake for what it was told to expect: a local disk syncs a record
/// sooner.
constexpr auto kAwakeFor = std::chrono::microseconds(500);

std::uint64_t nanoseconds_of(MonotonicTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch() / std::chrono::nanoseconds(1));
}

double seconds_of(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

/// The rungs that a worker climbs by itself, by their numbers (hsm/pkcs11/recovery.hpp).
constexpr std::array<std::string_view, 4> kStepNames{"none", "same_session", "new_session",
                                                     "login_and_find"};

/// What a worker's reply says, as a sentence.
std::string reply_reason(const ReplyFrame& reply) {
  switch (reply.outcome) {
    case Outcome::kBadSignature:
      return std::string(as_text(reply.payload));
    case Outcome::kTooLate:
      return "The device was still busy when the deadline passed.";
    default: {
      std::array<char, 32> code{};
      std::snprintf(code.data(), code.size(), "0x%llx",
                    static_cast<unsigned long long>(reply.code));
      return reply.function + " failed with CK_RV " + code.data() + ".";
    }
  }
}

}  // namespace

/// One call of sign_all: the requests that still lack a signature, and what went wrong so far.
struct SigningCall {
  std::span<const SigningRequest> requests;
  MonotonicTime deadline;
  std::vector<std::optional<RecoverableSignature>> signatures;
  std::vector<unsigned> attempts;  ///< by device
  SigningError last{SigningFault::kUnavailable, "No device is ready."};

  [[nodiscard]] bool is_complete() const {
    return std::ranges::all_of(signatures, [](const auto& entry) { return entry.has_value(); });
  }
};

struct WorkerClient::Parts {
  explicit Parts(const PublicPoint& public_key) : key(public_key) {}

  PinnedKey key;
  DeviceBoard board;
  std::atomic<std::uint64_t> next_id{1};
  std::vector<std::unique_ptr<DeviceKeeper>> devices;  // behind the board they use

  /// A device to ask, with its worker.
  struct Choice {
    DeviceKeeper* device = nullptr;
    std::size_t index = 0;
    std::shared_ptr<WorkerProcess> worker;
  };

  /// The first ready device with attempts left; waits for one while that can help. No device when
  /// none can come in time: then `call.last` says why.
  Choice choose(SigningCall& call);
  [[nodiscard]] Choice choose_locked(const SigningCall& call) const;
  void explain_locked(SigningCall& call) const;
  void attempt(SigningCall& call, const Choice& choice);
  /// Takes over what a reply holds; false if the worker must go.
  bool accept(SigningCall& call, DeviceKeeper& device, std::size_t index, const ReplyFrame& reply);

  /// Sends one anchor request to every ready device; the answers of those that did not fail. With
  /// none, the error says why.
  Result<std::vector<Exchange>, SigningError> ask_all(const RequestFrame& request,
                                                      MonotonicTime deadline);
};

WorkerClient::Parts::Choice WorkerClient::Parts::choose_locked(const SigningCall& call) const {
  for (std::size_t i = 0; i < devices.size(); ++i) {
    if (call.attempts[i] >= kAttemptsPerDevice) continue;
    if (auto worker = devices[i]->worker_locked()) return {devices[i].get(), i, std::move(worker)};
  }
  return {};
}

void WorkerClient::Parts::explain_locked(SigningCall& call) const {
  const bool asked = std::ranges::any_of(call.attempts, [](unsigned count) { return count > 0; });
  if (asked) return;  // the last failure is the reason
  std::string reasons;
  bool all_locked = true;
  for (const auto& device : devices) {
    const DeviceStatus status = device->status_locked();
    all_locked = all_locked && status.state == DeviceState::kLocked;
    reasons += " " + status.name + " is " + std::string(device_state_name(status.state)) +
               (status.reason.empty() ? "." : ": " + status.reason);
  }
  call.last = {all_locked ? SigningFault::kLocked : SigningFault::kUnavailable,
               "No device is ready:" + reasons};
}

WorkerClient::Parts::Choice WorkerClient::Parts::choose(SigningCall& call) {
  std::unique_lock lock(board.mutex);
  while (true) {
    Choice choice = choose_locked(call);
    if (choice.device != nullptr) return choice;
    bool may_come = false;
    for (std::size_t i = 0; i < devices.size(); ++i) {
      may_come = may_come || (call.attempts[i] < kAttemptsPerDevice &&
                              devices[i]->may_recover_locked(call.deadline));
    }
    if (!may_come) break;
    if (board.changed.wait_until(lock, call.deadline) == std::cv_status::timeout) break;
  }
  explain_locked(call);
  return {};
}

bool WorkerClient::Parts::accept(SigningCall& call, DeviceKeeper& device, std::size_t index,
                                 const ReplyFrame& reply) {
  const SigningRequest& request = call.requests[index];
  // A restart is counted where it is made: in attempt().
  if (reply.steps > 0 && reply.steps < kStepNames.size()) {
    device.metrics().steps(kStepNames[reply.steps]).add();
  }
  if (reply.outcome == Outcome::kDone && reply.payload.size() == RecoverableSignature::kSize) {
    const auto signature = RecoverableSignature::from(reply.payload);
    if (key.made(signature, request.digest)) {
      call.signatures[index] = signature;
      device.metrics().signatures(request.purpose).add();
      device.metrics().device_seconds.observe(seconds_of(reply.device_ns));
      return true;
    }
    call.last = {SigningFault::kBadSignature,
                 "The worker's signature is not one of the pinned key."};
  } else if (reply.outcome == Outcome::kBadSignature) {
    call.last = {SigningFault::kBadSignature, reply_reason(reply)};
  } else if (reply.outcome == Outcome::kTooLate) {
    call.last = {SigningFault::kDeadline, reply_reason(reply)};
  } else {
    call.last = {SigningFault::kDevice, reply_reason(reply)};
  }
  device.metrics().failures(call.last.fault).add();
  return false;
}

void WorkerClient::Parts::attempt(SigningCall& call, const Choice& choice) {
  DeviceKeeper& device = *choice.device;
  std::vector<std::size_t> open;
  std::vector<Exchange> exchanges;
  for (std::size_t i = 0; i < call.requests.size(); ++i) {
    if (call.signatures[i]) continue;
    open.push_back(i);
    exchanges.push_back({{RequestKind::kSign,
                          call.requests[i].purpose,
                          next_id.fetch_add(1),
                          nanoseconds_of(call.deadline),
                          call.requests[i].digest,
                          {}},
                         {}});
  }
  ++call.attempts[choice.index];
  const MonotonicTime start = system_clock().monotonic();
  const ExchangeResult result =
      choice.worker->perform(exchanges, call.deadline, device.attempt_limit());
  bool healthy = result == ExchangeResult::kAnswered || result == ExchangeResult::kBusy;
  bool pin_refused = false;
  std::size_t signatures = 0;
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    if (!exchanges[i].reply) continue;
    const bool accepted = accept(call, device, open[i], *exchanges[i].reply);
    healthy = healthy && accepted;
    signatures += accepted ? 1 : 0;
    pin_refused = pin_refused || exchanges[i].reply->outcome == Outcome::kPinRefused;
  }
  if (result != ExchangeResult::kAnswered) {
    const bool died = result == ExchangeResult::kDied;
    call.last = {died ? SigningFault::kDevice : SigningFault::kDeadline,
                 died ? "The worker of " + device.name() + " ended before it answered."
                      : "The device " + device.name() + " did not answer in time."};
    device.metrics().failures(call.last.fault).add();
  }
  if (signatures > 0) device.report_success(signatures);
  if (healthy && result == ExchangeResult::kAnswered) {
    device.metrics().total_seconds.observe(
        std::chrono::duration<double>(system_clock().monotonic() - start).count());
    return;
  }
  if (pin_refused) return device.report_pin_refused(choice.worker, "The token refused the PIN.");
  if (!healthy) {
    device.metrics().steps("restart").add();
    device.report_failure(choice.worker, call.last.reason);
  }
}

std::string_view device_state_name(DeviceState state) {
  switch (state) {
    case DeviceState::kLocked:
      return "locked";
    case DeviceState::kStarting:
      return "starting";
    case DeviceState::kReady:
      return "ready";
    case DeviceState::kResting:
      return "resting";
  }
  CHECK(false, "a DeviceState has a name");
}

WorkerClient::WorkerClient(WorkerClientConfig config, const Logger& logger, Metrics& metrics)
    : parts_(std::make_unique<Parts>(config.public_key)) {
  CHECK(!config.devices.empty(), "a client has at least one device");
  for (DeviceConfig& device : config.devices) {
    parts_->devices.push_back(
        std::make_unique<DeviceKeeper>(std::move(device), config.worker_program, config.public_key,
                                       parts_->board, logger, metrics));
  }
}

WorkerClient::~WorkerClient() = default;

Result<std::vector<RecoverableSignature>, SigningError> WorkerClient::sign_all(
    std::span<const SigningRequest> requests, MonotonicTime deadline) {
  SigningCall call{requests, deadline, {}, {}};
  call.signatures.resize(requests.size());
  call.attempts.resize(parts_->devices.size());
  while (!call.is_complete()) {
    // A device that was never asked is not to be killed for a deadline that had passed before.
    if (system_clock().monotonic() >= deadline) {
      if (call.last.fault == SigningFault::kUnavailable) {
        call.last = {SigningFault::kDeadline, "The deadline passed before a device was asked."};
      }
      return Failure{call.last};
    }
    const auto choice = parts_->choose(call);
    if (choice.device == nullptr) return Failure{call.last};
    parts_->attempt(call, choice);
  }
  std::vector<RecoverableSignature> signatures;
  for (const auto& signature : call.signatures) signatures.push_back(*signature);
  return signatures;
}

void WorkerClient::expect(std::size_t signatures) {
  SigningCall call{{}, {}, {}, std::vector<unsigned>(parts_->devices.size())};
  std::unique_lock lock(parts_->board.mutex);
  const auto choice = parts_->choose_locked(call);
  lock.unlock();
  if (choice.worker) choice.worker->expect(signatures, system_clock().monotonic() + kAwakeFor);
}

Result<std::vector<Exchange>, SigningError> WorkerClient::Parts::ask_all(
    const RequestFrame& request, MonotonicTime deadline) {
  SigningCall call{{}, deadline, {}, std::vector<unsigned>(devices.size())};
  std::vector<Exchange> answers;
  for (Choice choice = choose(call); choice.device != nullptr;) {
    call.attempts[choice.index] = kAttemptsPerDevice;
    Exchange exchange{request, {}};
    exchange.request.id = next_id.fetch_add(1);
    exchange.request.deadline_ns = nanoseconds_of(deadline);
    const auto result =
        choice.worker->perform({&exchange, 1}, deadline, choice.device->attempt_limit());
    const bool failed = !exchange.reply || exchange.reply->outcome == Outcome::kDeviceFailed;
    if (!failed) {
      answers.push_back(std::move(exchange));
    } else {
      const std::string reason =
          exchange.reply ? reply_reason(*exchange.reply) : "The worker did not answer.";
      call.last = {SigningFault::kNotStored, "An anchor request failed: " + reason};
      if (result != ExchangeResult::kBusy) {
        choice.device->report_failure(choice.worker, call.last.reason);
      }
    }
    const std::lock_guard lock(board.mutex);
    choice = choose_locked(call);  // the others only if they are ready
  }
  if (answers.empty()) return Failure{SigningError{SigningFault::kNotStored, call.last.reason}};
  return answers;
}

Result<std::optional<Bytes>, SigningError> WorkerClient::read_anchor(const Hash256& name,
                                                                     MonotonicTime deadline) {
  RequestFrame request;
  request.kind = RequestKind::kReadAnchor;
  request.subject = name;
  ASSIGN_OR_RETURN(const auto answers, parts_->ask_all(request, deadline));
  std::optional<Bytes> greatest;
  for (const Exchange& exchange : answers) {
    if (exchange.reply->outcome != Outcome::kDone) continue;
    if (!greatest || *greatest < exchange.reply->payload) greatest = exchange.reply->payload;
  }
  return greatest;
}

Status<SigningError> WorkerClient::write_anchor(const Hash256& name, ByteView value,
                                                MonotonicTime deadline) {
  CHECK(!value.empty() && value.size() <= kMaxAnchorBytes, "an anchor has 1 to 64 bytes");
  RequestFrame request;
  request.kind = RequestKind::kWriteAnchor;
  request.subject = name;
  request.value.assign(value.begin(), value.end());
  ASSIGN_OR_RETURN(const auto answers, parts_->ask_all(request, deadline));
  const bool refused = std::ranges::any_of(
      answers, [](const Exchange& exchange) { return exchange.reply->outcome != Outcome::kDone; });
  if (!refused) return Unit{};
  return Failure{
      SigningError{SigningFault::kNotStored, "A device holds a greater anchor than the new one."}};
}

void WorkerClient::unlock(std::size_t index, PinSource pin, bool ignore_pin_flags) {
  CHECK(index < parts_->devices.size(), "a device of that number");
  parts_->devices[index]->unlock(std::move(pin), ignore_pin_flags);
}

void WorkerClient::lock() {
  for (const auto& device : parts_->devices) device->lock();
}

bool WorkerClient::wait_until_ready(MonotonicTime deadline) {
  std::unique_lock lock(parts_->board.mutex);
  return parts_->board.changed.wait_until(lock, deadline, [this] {
    return std::ranges::any_of(
        parts_->devices, [](const auto& device) { return device->worker_locked() != nullptr; });
  });
}

std::vector<DeviceStatus> WorkerClient::status() const {
  const std::lock_guard lock(parts_->board.mutex);
  std::vector<DeviceStatus> list;
  for (const auto& device : parts_->devices) list.push_back(device->status_locked());
  return list;
}

}  // namespace buri::hsm::pkcs11
