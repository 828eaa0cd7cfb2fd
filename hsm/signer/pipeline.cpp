#include "hsm/signer/pipeline.hpp"

#include <algorithm>

#include "hsm/signer/request_summary.hpp"

namespace buri::hsm::signer {
namespace {

using pkcs11::SigningRequest;

// The device's label of a digest is the purpose it was built for.
static_assert(static_cast<int>(wire::Purpose::kProposal) ==
              static_cast<int>(pkcs11::SigningPurpose::kProposal));
static_assert(static_cast<int>(wire::Purpose::kProofOfPossession) ==
              static_cast<int>(pkcs11::SigningPurpose::kProofOfPossession));

constexpr std::array<std::string_view, kStageCount> kStageNames = {"queue", "rules", "state",
                                                                   "device", "audit"};

std::vector<double> latency_bounds() {
  return {0.00005, 0.0001, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.0015, 0.002,
          0.003,   0.005,  0.01,   0.025,  0.05,   0.1,     0.25,  1.0};
}

Failure<SignError> failure(SignFault fault, std::string reason) {
  return Failure{SignError{fault, std::move(reason), std::nullopt}};
}

AuditEvent event_of(std::string_view name, std::string_view purpose, std::string_view peer,
                    const Hash256& digest, const wire::Signature& signature,
                    std::string_view detail) {
  const ByteView digest_bytes = digest;
  const ByteView signature_bytes = signature;
  return {std::string(name),
          std::string(purpose),
          std::string(peer),
          {digest_bytes.begin(), digest_bytes.end()},
          {signature_bytes.begin(), signature_bytes.end()},
          std::string(detail)};
}

}  // namespace

std::string_view name_of(SignFault fault) {
  switch (fault) {
    case SignFault::kRefused:
      return "refused";
    case SignFault::kNotActive:
      return "not_active";
    case SignFault::kDeadline:
      return "deadline";
    case SignFault::kState:
      return "state";
    case SignFault::kDevice:
      return "device";
    case SignFault::kAudit:
      return "audit";
  }
  return "?";
}

Status<DiskError> SharedAudit::append(const AuditEvent& event) {
  const std::lock_guard lock(mutex_);
  return log_.append(event);
}

// Lines go on while the disk works: a signature must not wait for the sync of others' lines. A
// segment that is closed meanwhile is synced by closing it.
Status<DiskError> SharedAudit::sync() {
  std::shared_ptr<DiskFile> segment;
  {
    const std::lock_guard lock(mutex_);
    if (log_.is_broken()) return Failure{DiskError::kIo};
    segment = log_.open_segment();
  }
  const auto synced = segment->sync();
  const std::lock_guard lock(mutex_);
  log_.note_sync(synced);
  return synced;
}

AuditHead SharedAudit::head() const {
  const std::lock_guard lock(mutex_);
  return log_.head();
}

Pipeline::Pipeline(Guard guard, const PipelineParts& parts)
    : guard_(std::move(guard)), parts_(parts) {
  const std::string& purpose = guard_.identity().purpose;
  Metrics& metrics = *parts_.metrics;
  for (std::size_t i = 0; i < kStageCount; ++i) {
    stage_seconds_[i] = &metrics.histogram(
        "buri_signer_stage_seconds", "Time a request spent in each stage", latency_bounds(),
        {{"ledger", purpose}, {"stage", std::string(kStageNames[i])}});
  }
  for (std::size_t i = 0; i < kSignFaultCount; ++i) {
    faults_[i] = &metrics.counter(
        "buri_signer_unsigned_total", "Requests that got no signature",
        {{"ledger", purpose}, {"fault", std::string(name_of(static_cast<SignFault>(i)))}});
  }
  const auto answered = [&](const char* how) {
    return &metrics.counter("buri_signer_signed_total", "Requests that got their signatures",
                            {{"ledger", purpose}, {"how", how}});
  };
  signed_ = answered("signed");
  replayed_ = answered("replayed");
}

void Pipeline::end_stage(Passage& passage, Stage stage) {
  const MonotonicTime now = parts_.clock->monotonic();
  const std::chrono::duration<double> took = now - passage.stage_began;
  stage_seconds_[static_cast<std::size_t>(stage)]->observe(took.count());
  passage.stage_began = now;
}

Result<wire::ResponseBody, SignError> Pipeline::sign(const wire::RequestBody& request,
                                                     std::string_view peer, MonotonicTime deadline,
                                                     unsigned approvals) {
  Passage passage{request, peer, deadline, approvals, parts_.clock->monotonic()};
  const std::lock_guard lock(mutex_);
  end_stage(passage, Stage::kQueue);
  auto answer = carry(passage);
  if (!answer.ok()) faults_[static_cast<std::size_t>(answer.error().fault)]->add();
  return answer;
}

// Order is the point: judged, recorded (disk and fence), signed, stored, logged, answered.
Result<wire::ResponseBody, SignError> Pipeline::carry(Passage& passage) {
  RETURN_IF_ERROR(enter(passage));
  ASSIGN_OR_RETURN(Granted granted, judge(passage));
  end_stage(passage, Stage::kRules);
  RETURN_IF_ERROR(record(granted, passage));
  end_stage(passage, Stage::kState);
  const bool is_new = std::any_of(granted.slots.begin(), granted.slots.end(),
                                  [](const Slot& slot) { return !slot.known; });
  RETURN_IF_ERROR(fill(granted, passage.deadline));
  end_stage(passage, Stage::kDevice);
  RETURN_IF_ERROR(log(granted, is_new, passage));
  end_stage(passage, Stage::kAudit);
  (is_new ? signed_ : replayed_)->add();
  RETURN_IF_ERROR(remember_head());  // now, because other ledgers may look at it
  if (granted.slots.empty()) return wire::ResponseBody(wire::Acknowledged{});
  wire::Signed answer;
  for (const Slot& slot : granted.slots) answer.signatures.push_back({slot.purpose, *slot.known});
  answer.timestamp = granted.timestamp;
  return wire::ResponseBody(std::move(answer));
}

Status<SignError> Pipeline::enter(Passage& passage) {
  const StateView view = parts_.board->view();
  if (view.state != SignerState::kActive) {
    return failure(SignFault::kNotActive, "the signer is " + std::string(name_of(view.state)));
  }
  passage.epoch = view.epoch;
  if (parts_.clock->monotonic() >= passage.deadline) {
    return failure(SignFault::kDeadline, "the deadline passed while the request waited");
  }
  if (!guard_.agreed()) {
    const auto agreed = guard_.agree(passage.deadline);
    if (!agreed.ok()) return guard_failure(agreed.error());
  }
  return remember_head();
}

Status<SignError> Pipeline::remember_head() {
  const auto present = std::pair(guard_.head_hash(), guard_.head_signature().size());
  if (remembered_ == present) return Unit{};
  if (!parts_.rules->set_head(guard_.head().payload, guard_.head_signature())) {
    return guard_failure({GuardFault::kHalt, "the head of sign-state is no record of these rules"});
  }
  remembered_ = present;
  return Unit{};
}

Result<Granted, SignError> Pipeline::judge(const Passage& passage) {
  auto verdict = parts_.rules->judge(passage.request, {parts_.clock->wall(), passage.approvals});
  if (verdict.ok()) return std::move(verdict).value();
  const wire::Refusal& refusal = verdict.error();
  const std::string& ledger = guard_.identity().purpose;
  parts_.metrics
      ->counter("buri_signer_refusals_total", "Requests that broke a rule",
                {{"ledger", ledger}, {"rule", std::string(wire::rule_name(refusal.rule))}})
      .add();
  (void)parts_.audit->append(
      {"refused", ledger, std::string(passage.peer), {}, {}, wire::describe(refusal)});
  return Failure{SignError{SignFault::kRefused, wire::describe(refusal), refusal}};
}

Status<SignError> Pipeline::record(Granted& granted, const Passage& passage) {
  if (!granted.record) return Unit{};
  const auto unsigned_slots = std::ranges::count_if(
      granted.slots, [this](const Slot& slot) { return !slot.known && !is_presigned(slot); });
  if (unsigned_slots > 0) parts_.device->expect(static_cast<std::size_t>(unsigned_slots));
  const auto recorded = guard_.commit(passage.epoch, std::move(*granted.record), passage.deadline);
  if (!recorded.ok()) return guard_failure(recorded.error());
  return Unit{};
}

Failure<SignError> Pipeline::guard_failure(const GuardError& error) {
  parts_.board->take_note(error);
  return failure(SignFault::kState, error.reason);
}

// Rules take stored signatures back by their digests, so that it does no harm if they are those of
// an older entry.
Status<SignError> Pipeline::fill(Granted& granted, MonotonicTime deadline) {
  RETURN_IF_ERROR(ask_device(granted.slots, deadline));
  if (guard_.head_signature().empty() && !granted.slots.empty()) {
    guard_.store_signature(parts_.rules->encode_signatures(granted.slots));
  }
  return Unit{};
}

bool Pipeline::is_presigned(const Slot& slot) const {
  return presigned_ && presigned_->first == slot.digest;
}

Status<SignError> Pipeline::ask_device(std::vector<Slot>& slots, MonotonicTime deadline) {
  std::vector<SigningRequest> requests;
  for (Slot& slot : slots) {
    if (!slot.known && is_presigned(slot)) slot.known = presigned_->second;
    if (slot.known) continue;
    requests.push_back({static_cast<pkcs11::SigningPurpose>(slot.purpose), slot.digest});
  }
  if (requests.empty()) return Unit{};
  const auto signatures = parts_.device->sign_all(requests, deadline);
  if (!signatures.ok()) return failure(SignFault::kDevice, signatures.error().reason);
  auto next = signatures->begin();
  for (Slot& slot : slots) {
    if (!slot.known) slot.known = *next++;
  }
  return Unit{};
}

Status<SignError> Pipeline::log(const Granted& granted, bool is_new, const Passage& passage) {
  const std::string summary = request_summary(passage.request);
  const std::string_view peer = passage.peer;
  const std::string_view event = is_new ? "signed" : "replayed";
  for (const std::string& alarm : granted.alarms) {
    (void)parts_.audit->append(
        {"alarm", guard_.identity().purpose, std::string(peer), {}, {}, alarm});
  }
  for (const Slot& slot : granted.slots) {
    const auto written = parts_.audit->append(
        event_of(event, wire::purpose_name(slot.purpose), peer, slot.digest, *slot.known, summary));
    if (!written.ok()) {
      return failure(SignFault::kAudit,
                     "the audit log takes no line: " + std::string(describe(written.error())));
    }
  }
  return Unit{};
}

void Pipeline::presign(MonotonicTime deadline) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || parts_.board->view().state != SignerState::kActive || !guard_.agreed()) return;
  if (!remember_head().ok()) return;
  const auto request = parts_.rules->foresee();
  if (!request || (presigned_ && presigned_->first == request->digest)) return;
  const auto signatures = parts_.device->sign_all({&*request, 1}, deadline);
  if (!signatures.ok()) return;
  const auto written = parts_.audit->append(
      event_of("presigned", pkcs11::purpose_name(request->purpose), "", request->digest,
               signatures->front(), "kept until a record asks for it"));
  if (written.ok()) presigned_.emplace(request->digest, signatures->front());
}

Status<SignError> Pipeline::prime() {
  const std::lock_guard lock(mutex_);
  return remember_head();
}

Status<GuardError> Pipeline::agree(MonotonicTime deadline) {
  const std::lock_guard lock(mutex_);
  return guard_.agree(deadline);
}

Status<GuardError> Pipeline::follow(MonotonicTime deadline) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(guard_.follow(deadline));
  (void)remember_head();  // a record that is not understood halts the signer
  return Unit{};
}

void Pipeline::disagree() {
  const std::lock_guard lock(mutex_);
  guard_.disagree();
}

Status<GuardError> Pipeline::check_anchor() {
  const std::lock_guard lock(mutex_);
  return guard_.check_anchor();
}

void Pipeline::renew_anchor() {
  const std::lock_guard lock(mutex_);
  guard_.renew_anchor();
}

StateRecord Pipeline::head() const {
  const std::lock_guard lock(mutex_);
  return guard_.head();
}

}  // namespace buri::hsm::signer
