#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "hsm/pkcs11/signing_device.hpp"
#include "hsm/signer/audit_log.hpp"
#include "hsm/signer/guard.hpp"
#include "hsm/signer/rulebook.hpp"
#include "hsm/signer/state_board.hpp"

/// The way of one request: rules, record on disk and in the fence, HSM, audit log, answer. No
/// signature leaves before its record is durable everywhere; a crash after the record leads to the
/// same bytes being signed again and to no others.

namespace buri::hsm::signer {

/// Why a request got no signature.
enum class SignFault : std::uint8_t {
  kRefused,    ///< a rule says no; asking again changes nothing
  kNotActive,  ///< locked, standby, draining or halted
  kDeadline,   ///< the deadline passed before anything was done
  kState,      ///< disk or fence did not take the record
  kDevice,     ///< the HSM gave no signature; the record stands, asking again signs it
  kAudit,      ///< the audit log took no line; the signature was made and is kept back
};
inline constexpr std::size_t kSignFaultCount = 6;

/// Lower-case name with underscores: "not_active".
std::string_view name_of(SignFault fault);

struct SignError {
  SignFault fault{};
  std::string reason;                    ///< for people
  std::optional<wire::Refusal> refusal;  ///< of kRefused
};

/// A log that several pipelines write. Thread-safe.
class SharedAudit {
 public:
  explicit SharedAudit(AuditLog log) : log_(std::move(log)) {}
  Status<DiskError> append(const AuditEvent& event);
  Status<DiskError> sync();
  [[nodiscard]] AuditHead head() const;

 private:
  mutable std::mutex mutex_;
  AuditLog log_;
};

/// The stages that latency is split by.
enum class Stage : std::uint8_t { kQueue, kRules, kState, kDevice, kAudit };
inline constexpr std::size_t kStageCount = 5;

/// What a pipeline works with; everything must outlive it.
struct PipelineParts {
  StateBoard* board = nullptr;
  Rulebook* rules = nullptr;
  pkcs11::SigningDevice* device = nullptr;
  SharedAudit* audit = nullptr;
  const Clock* clock = nullptr;
  Metrics* metrics = nullptr;
};

/// All requests of one key and purpose, one at a time. Thread-safe.
class Pipeline {
 public:
  Pipeline(Guard guard, const PipelineParts& parts);

  /// Carries one request through. `peer` is for the audit log. Blocks until `deadline` at most,
  /// plus the time of one disk sync. The answer is Signed or Acknowledged.
  Result<wire::ResponseBody, SignError> sign(const wire::RequestBody& request,
                                             std::string_view peer, MonotonicTime deadline,
                                             unsigned approvals = 0);

  /// Lets the rules see the head before the first request; fails if it is none of theirs.
  Status<SignError> prime();

  /// Makes the signature that the next record will hold for sure, if there is one and the pipeline
  /// is idle. It stays here until a record asks for it.
  void presign(MonotonicTime deadline);

  /// Brings disk and fence to agree, so that activation may succeed.
  Status<GuardError> agree(MonotonicTime deadline);
  /// Takes over what another signer wrote to the fence; for a signer that is not active.
  Status<GuardError> follow(MonotonicTime deadline);
  /// Another signer may write from now on; agree() again before signing.
  void disagree();
  Status<GuardError> check_anchor();
  void renew_anchor();

  /// The head record, for status and export.
  [[nodiscard]] StateRecord head() const;
  [[nodiscard]] const StateIdentity& identity() const { return guard_.identity(); }

 private:
  /// A request on its way.
  struct Passage {
    const wire::RequestBody& request;
    std::string_view peer;
    MonotonicTime deadline;
    unsigned approvals;
    MonotonicTime stage_began;
    std::uint64_t epoch = 0;
  };

  Result<wire::ResponseBody, SignError> carry(Passage& passage);
  Status<SignError> enter(Passage& passage);
  Status<SignError> remember_head();
  Result<Granted, SignError> judge(const Passage& passage);
  Status<SignError> record(Granted& granted, const Passage& passage);
  Status<SignError> fill(Granted& granted, MonotonicTime deadline);
  Status<SignError> ask_device(std::vector<Slot>& slots, MonotonicTime deadline);
  [[nodiscard]] bool is_presigned(const Slot& slot) const;
  Status<SignError> log(const Granted& granted, bool is_new, const Passage& passage);
  Failure<SignError> guard_failure(const GuardError& error);
  void end_stage(Passage& passage, Stage stage);

  mutable std::mutex mutex_;
  Guard guard_;
  PipelineParts parts_;
  /// What the rules remember: the head's hash and how many bytes of signatures it had.
  std::optional<std::pair<Hash256, std::size_t>> remembered_;
  std::optional<std::pair<Hash256, wire::Signature>> presigned_;
  std::array<Histogram*, kStageCount> stage_seconds_{};
  std::array<Counter*, kSignFaultCount> faults_{};
  Counter* signed_ = nullptr;
  Counter* replayed_ = nullptr;
};

}  // namespace buri::hsm::signer
