#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/pkcs11/signing_device.hpp"

/// What the pipeline asks of the rules of one purpose. The pipeline knows when something may be
/// signed (durable, fenced, active); the rules know what, and build every byte of it.

namespace buri::hsm::signer {

/// The request may be signed once this is the record.
struct Granted {
  Bytes record;
};

/// The head record is the answer to this request: its signatures are sent again, or made again over
/// the bytes it keeps.
struct Replayed {};

/// The request breaks a rule. Nothing changes.
struct Refused {
  std::string rule;          ///< stable short name for counters: "conflicting_vote"
  std::string reason;        ///< a sentence that names the field, what it is and what it may be
  bool is_alarming = false;  ///< somebody tried to make the key contradict itself
};

using Verdict = std::variant<Granted, Replayed, Refused>;

/// The rules of one purpose. Called by one thread at a time; pure but for reloads of its policy.
class Rulebook {
 public:
  virtual ~Rulebook() = default;

  /// Decodes `request` strictly and judges it against the policy and the head record.
  virtual Verdict judge(ByteView request, ByteView head, WallTime now) = 0;

  /// What the signatures of a record are over, in the order they are stored. Nothing if `record` is
  /// none of these rules, or is a start record, which promises without signing.
  virtual std::vector<pkcs11::SigningRequest> digests(ByteView record) = 0;

  /// The answer to `request` once its record is signed. REQUIRES: one signature per digest.
  virtual Bytes reply(ByteView request, ByteView record,
                      std::span<const pkcs11::RecoverableSignature> signatures) = 0;

  /// A digest that a coming record will hold for sure and that cannot contradict anything, so that
  /// its signature may be made while the HSM is idle.
  virtual std::optional<pkcs11::SigningRequest> foresee(ByteView head) {
    (void)head;
    return std::nullopt;
  }

  /// The fields of a record for the audit log: "height=7 round=0 step=precommit".
  virtual std::string summary(ByteView record) = 0;
};

}  // namespace buri::hsm::signer
