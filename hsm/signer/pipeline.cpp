#include "hsm/signer/pipeline.hpp"

#include <algorithm>

namespace buri::hsm::signer {
namespace {

using pkcs11::RecoverableSignature;
using pkcs11::SigningRequest;

constexpr std::array<std::string_view, kStageCount> kStageNames = {"queue", "rules", "state",
                                                                   "device", "audit"};

std::vector<double> latency_bounds() {
  return {0.00005, 0.0001, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.0015, 0.002,
          0.003,   0.005,  0.01,   0.025,  0.05,   0.1,     0.25,  1.0};
}

Failure<SignError> failure(SignFault fault, std::string reason) {
  return Failure{SignError{fault, "", std::move(reason)}};
}

Bytes joined(std::span<const RecoverableSignature> signatures) {
  Bytes bytes;
  for (const RecoverableSignature& one : signatures) append(bytes, one);
  return bytes;
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

Status<DiskError> SharedAudit::sync() {
  const std::lock_guard lock(mutex_);
  return log_.sync();
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
        {{"purpose", purpose}, {"stage", std::string(kStageNames[i])}});
  }
  for (std::size_t i = 0; i < kSignFaultCount; ++i) {
    faults_[i] = &metrics.counter(
        "buri_signer_unsigned_total", "Requests that got no signature",
        {{"purpose", purpose}, {"fault", std::string(name_of(static_cast<SignFault>(i)))}});
  }
  const auto answered = [&](const char* how) {
    return &metrics.counter("buri_signer_signed_total", "Requests that got their signatures",
                            {{"purpose", purpose}, {"how", how}});
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

Result<Bytes, SignError> Pipeline::sign(ByteView request, std::string_view peer,
                                        MonotonicTime deadline) {
  Passage passage{request, peer, deadline, parts_.clock->monotonic()};
  const std::lock_guard lock(mutex_);
  end_stage(passage, Stage::kQueue);
  auto answer = carry(passage);
  if (!answer.ok()) faults_[static_cast<std::size_t>(answer.error().fault)]->add();
  return answer;
}

// Order is the point: judged, recorded (disk and fence), signed, stored, logged, answered.
Result<Bytes, SignError> Pipeline::carry(Passage& passage) {
  std::uint64_t epoch = 0;
  RETURN_IF_ERROR(enter(passage, epoch));
  Verdict verdict =
      parts_.rules->judge(passage.request, guard_.head().payload, parts_.clock->wall());
  end_stage(passage, Stage::kRules);
  RETURN_IF_ERROR(obey(std::move(verdict), passage, epoch));
  end_stage(passage, Stage::kState);
  const auto requests = parts_.rules->digests(guard_.head().payload);
  bool is_new = false;
  ASSIGN_OR_RETURN(const Signatures signatures,
                   signatures_of_head(requests, passage.deadline, is_new));
  end_stage(passage, Stage::kDevice);
  RETURN_IF_ERROR(write_audit(requests, signatures, is_new, passage.peer));
  end_stage(passage, Stage::kAudit);
  (is_new ? signed_ : replayed_)->add();
  return parts_.rules->reply(passage.request, guard_.head().payload, signatures);
}

Status<SignError> Pipeline::enter(const Passage& passage, std::uint64_t& epoch) {
  const StateView view = parts_.board->view();
  if (view.state != SignerState::kActive) {
    return failure(SignFault::kNotActive, "the signer is " + std::string(name_of(view.state)));
  }
  epoch = view.epoch;
  if (parts_.clock->monotonic() >= passage.deadline) {
    return failure(SignFault::kDeadline, "the deadline passed while the request waited");
  }
  if (guard_.agreed()) return Unit{};
  const auto agreed = guard_.agree(passage.deadline);
  if (!agreed.ok()) return guard_failure(agreed.error());
  return Unit{};
}

Status<SignError> Pipeline::obey(Verdict verdict, const Passage& passage, std::uint64_t epoch) {
  if (auto* refused = std::get_if<Refused>(&verdict)) {
    parts_.metrics
        ->counter("buri_signer_refusals_total", "Requests that broke a rule",
                  {{"purpose", guard_.identity().purpose}, {"rule", refused->rule}})
        .add();
    (void)parts_.audit->append({refused->is_alarming ? "alarm" : "refused",
                                guard_.identity().purpose,
                                std::string(passage.peer),
                                {},
                                {},
                                refused->rule + ": " + refused->reason});
    return Failure{SignError{SignFault::kRefused, refused->rule, refused->reason}};
  }
  if (auto* granted = std::get_if<Granted>(&verdict)) {
    const auto recorded = guard_.commit(epoch, std::move(granted->record), passage.deadline);
    if (!recorded.ok()) return guard_failure(recorded.error());
  }
  return Unit{};
}

Failure<SignError> Pipeline::guard_failure(const GuardError& error) {
  parts_.board->take_note(error);
  return failure(SignFault::kState, error.reason);
}

Result<Pipeline::Signatures, SignError> Pipeline::signatures_of_head(
    std::span<const SigningRequest> requests, MonotonicTime deadline, bool& is_new) {
  if (requests.empty()) return failure(SignFault::kRefused, "the head record signs nothing");
  const Bytes& stored = guard_.head_signature();
  if (stored.size() == requests.size() * RecoverableSignature::kSize) {
    Signatures signatures;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      signatures.push_back(RecoverableSignature::from(
          ByteView(stored).subspan(i * RecoverableSignature::kSize, RecoverableSignature::kSize)));
    }
    return signatures;
  }
  is_new = true;
  ASSIGN_OR_RETURN(Signatures signatures, ask_device(requests, deadline));
  guard_.store_signature(joined(signatures));
  return signatures;
}

Result<Pipeline::Signatures, SignError> Pipeline::ask_device(
    std::span<const SigningRequest> requests, MonotonicTime deadline) {
  const auto is_presigned = [&](const SigningRequest& request) {
    return presigned_ && presigned_->first == request.digest;
  };
  std::vector<SigningRequest> missing;
  std::copy_if(requests.begin(), requests.end(), std::back_inserter(missing),
               [&](const auto& request) { return !is_presigned(request); });
  Signatures made;
  if (!missing.empty()) {
    auto signatures = parts_.device->sign_all(missing, deadline);
    if (!signatures.ok()) return failure(SignFault::kDevice, signatures.error().reason);
    made = std::move(signatures).value();
  }
  Signatures all;
  auto next = made.begin();
  for (const SigningRequest& request : requests) {
    all.push_back(is_presigned(request) ? presigned_->second : *next++);
  }
  return all;
}

Status<SignError> Pipeline::write_audit(std::span<const SigningRequest> requests,
                                        const Signatures& signatures, bool is_new,
                                        std::string_view peer) {
  const std::string summary = parts_.rules->summary(guard_.head().payload);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const ByteView digest = requests[i].digest;
    const ByteView signature = signatures[i];
    const auto written = parts_.audit->append({is_new ? "signed" : "replayed",
                                               guard_.identity().purpose,
                                               std::string(peer),
                                               {digest.begin(), digest.end()},
                                               {signature.begin(), signature.end()},
                                               summary});
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
  const auto request = parts_.rules->foresee(guard_.head().payload);
  if (!request || (presigned_ && presigned_->first == request->digest)) return;
  const auto signatures = parts_.device->sign_all({&*request, 1}, deadline);
  if (!signatures.ok()) return;
  const ByteView digest = request->digest;
  const ByteView signature = signatures->front();
  const auto written = parts_.audit->append({"presigned",
                                             guard_.identity().purpose,
                                             "",
                                             {digest.begin(), digest.end()},
                                             {signature.begin(), signature.end()},
                                             "kept until a record asks for it"});
  if (written.ok()) presigned_.emplace(request->digest, signatures->front());
}

Status<GuardError> Pipeline::agree(MonotonicTime deadline) {
  const std::lock_guard lock(mutex_);
  return guard_.agree(deadline);
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
