#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/pkcs11/signing_device.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// What the pipeline asks of the rules of one ledger. The pipeline knows when something may be
/// signed (durable, fenced, active); the rules know what, and build every byte of it.

namespace buri::hsm::signer {

/// One signature of an answer: known from before, or to be made over the digest.
struct Slot {
  wire::Purpose purpose{};
  Hash256 digest;
  std::optional<wire::Signature> known;
};

/// The request may be answered.
struct Granted {
  /// The new record, if there is one: durable before any slot is signed or shown. Without one, what
  /// is asked for was decided by the head record.
  std::optional<Bytes> record;
  std::vector<Slot> slots;                   ///< in the order of the answer; empty for reports
  std::optional<wire::Timestamp> timestamp;  ///< as in wire::Signed
  std::vector<std::string> alarms;           ///< what an operator should look at
};

using Verdict = Result<Granted, wire::Refusal>;

/// Circumstances of a request that are not in it.
struct Circumstances {
  WallTime now;
  unsigned approvals = 0;  ///< administrators who approved exactly this request
};

/// The rules of one ledger and what they remember of its head. Used by one thread at a time.
class Rulebook {
 public:
  virtual ~Rulebook() = default;

  /// Remembers the head record and the signatures stored beside it (none: empty). False if `record`
  /// is no record of these rules.
  virtual bool set_head(ByteView record, ByteView signatures) = 0;

  /// Judges a request against the policy and the head.
  virtual Verdict judge(const wire::RequestBody& request, const Circumstances& circumstances) = 0;

  /// Signatures made for the head, as set_head() takes them back. REQUIRES: all are known.
  virtual Bytes encode_signatures(std::span<const Slot> signatures) = 0;

  /// A digest that a coming record will hold for sure and that cannot contradict anything, so that
  /// its signature may be made while the HSM is idle.
  virtual std::optional<pkcs11::SigningRequest> foresee() { return std::nullopt; }
};

}  // namespace buri::hsm::signer
