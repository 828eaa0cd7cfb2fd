#include "hsm/signer/core.hpp"

#include <algorithm>

#include "hsm/signer/move.hpp"

namespace buri::hsm::signer {
namespace {

using namespace std::chrono_literals;

constexpr auto kOperatorPatience = 3s;
// Above every device's own limit for a signature: idle work kills no worker that a vote would not.
constexpr auto kIdlePatience = 1s;
constexpr auto kSyncPeriod = 1s;

wire::SignerState wire_state(SignerState state) {
  switch (state) {
    case SignerState::kLocked:
      return wire::SignerState::kLocked;
    case SignerState::kStandby:
      return wire::SignerState::kStandby;
    case SignerState::kActive:
      return wire::SignerState::kActive;
    case SignerState::kDraining:
      return wire::SignerState::kDraining;
    case SignerState::kHalted:
      return wire::SignerState::kHalted;
  }
  return wire::SignerState::kHalted;
}

wire::ResponseBody answer_for(const SignError& error) {
  switch (error.fault) {
    case SignFault::kRefused:
      return *error.refusal;
    case SignFault::kNotActive:
      return wire::Refusal{wire::Rule::kSignerState, "signer", "active", error.reason};
    case SignFault::kDeadline:
      return wire::Refusal{wire::Rule::kDeadline, "timeout_ms", "time left", error.reason};
    case SignFault::kState:
    case SignFault::kDevice:
    case SignFault::kAudit:
      return wire::Unavailable{error.reason};
  }
  return wire::Unavailable{error.reason};
}

}  // namespace

Core::Core(const CoreParts& parts, CoreOptions options, AuditLog log, Logger logger)
    : parts_(parts),
      options_(std::move(options)),
      logger_(std::move(logger)),
      context_(options_.key, options_.policy),
      audit_(std::move(log)),
      board_([this](const StateView& now, std::string_view why) {
        logger_.info("state", {{"now", name_of(now.state)}, {"epoch", now.epoch}, {"why", why}});
        log_action("state", "", std::string(name_of(now.state)) + ": " + std::string(why));
      }),
      waits_for_operator_(!options_.activates_by_itself) {}

Result<std::unique_ptr<Core>, std::string> Core::start(const CoreParts& parts, CoreOptions options,
                                                       Logger logger) {
  auto log = AuditLog::open(*parts.audit_disk, *parts.clock);
  if (!log.ok()) {
    return Failure{"the audit log cannot be opened: " + std::string(describe(log.error()))};
  }
  std::unique_ptr<Core> core(
      new Core(parts, std::move(options), std::move(log).value(), std::move(logger)));
  for (const rules::Ledger ledger : core->options_.ledgers) core->open_ledger(ledger);
  return core;
}

void Core::open_ledger(rules::Ledger ledger) {
  const StateIdentity identity{options_.key.address, std::string(rules::ledger_name(ledger))};
  auto file = StateFile::open(*parts_.state_disk, identity);
  if (!file.ok()) {
    return board_.halt(identity.purpose + ": " + std::string(describe(file.error())));
  }
  Line line;
  line.rules = std::make_unique<LedgerRules>(context_, ledger);
  line.pipeline =
      std::make_unique<Pipeline>(Guard(std::move(file).value(), parts_.fence, parts_.anchor),
                                 PipelineParts{&board_, line.rules.get(), parts_.device, &audit_,
                                               parts_.clock, parts_.metrics});
  (void)line.pipeline->prime();  // a record that is not understood halts the signer
  lines_.emplace(ledger, std::move(line));
}

void Core::log_action(std::string_view event, std::string_view peer, std::string_view detail) {
  (void)audit_.append({std::string(event), "", std::string(peer), {}, {}, std::string(detail)});
}

wire::Response Core::answer(const wire::Request& request, const Peer& peer,
                            std::span<const wire::Purpose> purposes) {
  return {request.id, body_for(request, peer, purposes)};
}

wire::ResponseBody Core::body_for(const wire::Request& request, const Peer& peer,
                                  std::span<const wire::Purpose> purposes) {
  if (const auto* hello = std::get_if<wire::Hello>(&request.body)) {
    const bool is_spoken = hello->lowest_version <= wire::kProtocolVersion &&
                           wire::kProtocolVersion <= hello->highest_version;
    if (!is_spoken) {
      return wire::Refusal{wire::Rule::kUnsupported, "hello", "protocol version 1", ""};
    }
    for (const wire::Purpose wanted : hello->purposes) {
      if (std::find(purposes.begin(), purposes.end(), wanted) != purposes.end()) continue;
      return wire::Refusal{wire::Rule::kWrongSocket, "hello.purposes",
                           "purposes that this socket serves",
                           std::string(wire::purpose_name(wanted))};
    }
    return wire::HelloAnswer{
        wire::kProtocolVersion, {purposes.begin(), purposes.end()}, wire::kMaxFrameBytes};
  }
  if (std::holds_alternative<wire::GetPublicKey>(request.body)) {
    return wire::PublicKeyAnswer{options_.key.public_key, options_.key.address};
  }
  if (std::holds_alternative<wire::GetStatus>(request.body)) return status();
  const auto purpose = wire::purpose_of(request.body);
  if (!purpose || std::find(purposes.begin(), purposes.end(), *purpose) == purposes.end()) {
    return wire::Refusal{wire::Rule::kWrongSocket, "request", "a purpose that this socket serves",
                         std::string(wire::request_name(request.body))};
  }
  return sign(request, peer);
}

wire::ResponseBody Core::sign(const wire::Request& request, const Peer& peer) {
  const auto ledger = rules::ledger_of(request.body);
  if (!ledger) {
    return wire::Refusal{wire::Rule::kCeremony, "request", "the ceremony state",
                         std::string(name_of(board_.view().state))};
  }
  const auto line = lines_.find(*ledger);
  if (line == lines_.end()) {
    return wire::Unavailable{"there is no sign-state for " +
                             std::string(rules::ledger_name(*ledger))};
  }
  const MonotonicTime deadline =
      parts_.clock->monotonic() + std::chrono::milliseconds(request.timeout_ms);
  auto answer = line->second.pipeline->sign(request.body, peer.text(), deadline);
  if (answer.ok()) return std::move(answer).value();
  if (answer.error().fault == SignFault::kNotActive && is_starting()) {
    return wire::Unavailable{answer.error().reason};
  }
  return answer_for(answer.error());
}

bool Core::is_starting() const {
  return !waits_for_operator_ && board_.view().state != SignerState::kHalted;
}

bool Core::agree_all(MonotonicTime deadline) {
  for (auto& [ledger, line] : lines_) {
    if (parts_.fence != nullptr) line.pipeline->disagree();
    const auto agreed = line.pipeline->agree(deadline);
    if (agreed.ok()) continue;
    board_.take_note(agreed.error());
    logger_.warning("disk and fence do not agree",
                    {{"ledger", rules::ledger_name(ledger)}, {"why", agreed.error().reason}});
    return false;
  }
  return true;
}

Status<std::string> Core::activate(bool force) {
  const std::lock_guard lock(operator_mutex_);
  const StateView view = board_.view();
  if (view.state != SignerState::kStandby) {
    return Failure{"the signer is " + std::string(name_of(view.state)) + ", not STANDBY"};
  }
  const MonotonicTime deadline = parts_.clock->monotonic() + kOperatorPatience;
  std::uint64_t epoch = 0;
  if (parts_.fence != nullptr) {
    const auto taken = parts_.fence->take(force, deadline);
    if (!taken.ok()) return Failure{std::string(describe(taken.error()))};
    epoch = *taken;
  }
  if (!agree_all(deadline)) return Failure{std::string("disk and fence do not agree")};
  if (!board_.activate(epoch).ok()) return Failure{std::string("the state changed meanwhile")};
  is_drained_ = false;
  waits_for_operator_ = true;
  return Unit{};
}

Status<std::string> Core::drain() {
  const std::lock_guard lock(operator_mutex_);
  if (!board_.apply(SignerEvent::kDrain, "drained by an operator").ok()) {
    return Failure{std::string("only an active signer can be drained")};
  }
  is_drained_ = true;
  // Each pipeline carries one request at a time: once its lock was had, none is under way.
  for (auto& [ledger, line] : lines_) (void)line.pipeline->head();
  (void)audit_.sync();
  if (parts_.fence != nullptr) {
    (void)parts_.fence->release(parts_.clock->monotonic() + kOperatorPatience);
  }
  (void)board_.apply(SignerEvent::kDrained, "nothing is under way");
  return Unit{};
}

void Core::lock() {
  const std::lock_guard lock(operator_mutex_);
  waits_for_operator_ = true;
  (void)board_.apply(SignerEvent::kLock, "locked by an operator");
}

Status<std::string> Core::reset() {
  const std::lock_guard lock(operator_mutex_);
  if (is_exported_ || lines_.size() != options_.ledgers.size()) {
    return Failure{std::string("sign-state is not whole; repair it and restart the service")};
  }
  if (!board_.apply(SignerEvent::kReset, "halt ended by an operator").ok()) {
    return Failure{std::string("the signer is not halted")};
  }
  return Unit{};
}

// The files go first: a copy of the records leaves only when nobody here can sign from them.
Result<std::string, std::string> Core::export_state() {
  const std::lock_guard lock(operator_mutex_);
  const SignerState state = board_.view().state;
  if (state == SignerState::kActive || state == SignerState::kDraining) {
    return Failure{std::string("drain the signer first")};
  }
  board_.halt("its sign-state was exported");
  is_exported_ = true;
  std::vector<ExportedRecord> records;
  for (auto& [ledger, line] : lines_) {
    const StateIdentity identity = line.pipeline->identity();
    records.push_back({identity, line.pipeline->head()});  // waits for a request under way
    const auto retired = StateFile::retire(*parts_.state_disk, identity);
    if (!retired.ok()) return Failure{std::string(describe(retired.error()))};
  }
  return encode_move(records);
}

// Anchors are in the device, so that they can be compared only now.
void Core::try_unlock() {
  if (!parts_.device_is_ready || !parts_.device_is_ready()) return;
  for (auto& [ledger, line] : lines_) {
    const auto checked = line.pipeline->check_anchor();
    if (checked.ok()) continue;
    board_.take_note(checked.error());
    return;
  }
  (void)board_.apply(SignerEvent::kUnlocked, "the device holds the pinned key");
}

void Core::keep_lease() {
  const MonotonicTime now = parts_.clock->monotonic();
  if (parts_.fence == nullptr || now < next_lease_) return;
  next_lease_ = now + parts_.fence->lease() / 3;
  const auto renewed = parts_.fence->renew(now + parts_.fence->lease() / 3);
  if (!renewed.ok() && renewed.error() == FenceError::kLost) {
    (void)board_.apply(SignerEvent::kFencedOff, describe(renewed.error()));
  }
}

void Core::tick() {
  bool is_drained = false;
  {
    const std::lock_guard lock(operator_mutex_);
    is_drained = is_drained_;
    const MonotonicTime now = parts_.clock->monotonic();
    const SignerState state = board_.view().state;
    if (state == SignerState::kLocked) try_unlock();
    if (state == SignerState::kActive) {
      keep_lease();
      for (auto& [ledger, line] : lines_) {
        line.pipeline->presign(now + kIdlePatience);
        line.pipeline->renew_anchor();
      }
    }
    if (now >= next_sync_) {
      next_sync_ = now + kSyncPeriod;
      if (!audit_.sync().ok()) logger_.error("the audit log cannot be synced");
    }
  }
  const bool is_standby = board_.view().state == SignerState::kStandby;
  if (options_.activates_by_itself && is_standby && !is_drained) (void)activate(false);
}

wire::StatusAnswer Core::status() const {
  const StateView view = board_.view();
  wire::StatusAnswer answer;
  answer.state = wire_state(view.state);
  answer.reason = view.halt_reason;
  answer.epoch = view.epoch;
  answer.policy_hash = context_.policy_hash();
  const auto consensus =
      std::get<rules::ConsensusRecord>(context_.record(rules::Ledger::kConsensus));
  answer.last_height = consensus.height;
  answer.last_round = consensus.round;
  answer.last_step = static_cast<std::uint32_t>(consensus.step);
  answer.last_bor_number =
      std::get<rules::BorRecord>(context_.record(rules::Ledger::kBorHeader)).number;
  return answer;
}

}  // namespace buri::hsm::signer
