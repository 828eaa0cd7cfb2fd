#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/rules/policy.hpp"
#include "hsm/rules/record.hpp"
#include "hsm/wire/purpose.hpp"
#include "hsm/wire/refusal.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// What may be signed after what (signer.md 6). Pure functions: the answer depends on the arguments
/// alone, and nothing outside the answer changes. Thread-safe.

namespace buri::hsm::rules {

/// Administrators who have to agree to what the policy does not allow by itself.
inline constexpr unsigned kApprovalsNeeded = 2;

/// What a decision depends on besides records and request.
struct Context {
  const Policy& policy;
  Address address;            ///< of the key
  FixedBytes<65> public_key;  ///< 0x04 ‖ X ‖ Y
  WallTime now;
  unsigned approvals = 0;  ///< administrators who approved exactly this request
  bool ceremony = false;   ///< the signer is in its ceremony state
};

/// One signature of the answer: known already, or to be made over `digest`.
struct SignatureSlot {
  wire::Purpose purpose{};
  Hash256 digest;  ///< keccak256 of the sign bytes
  std::optional<wire::Signature> known;

  friend bool operator==(const SignatureSlot&, const SignatureSlot&) = default;
};

/// Something an operator should look at, although it was signed.
enum class Alarm : std::uint8_t {
  kClock = 1,              ///< timestamp further from the local clock than clock_warn_s
  kOtherExtension,         ///< another vote extension for a signed height and round
  kPrecommitElsewhere,     ///< precommit for another block than the prevote of the same round
  kConflictingCheckpoint,  ///< another root for a signed range, by override
  kSupersededHeader,       ///< another header for a signed number and parent
  kReorg,                  ///< a header on another branch than the last one's
  kReusedSequence,         ///< another Heimdall transaction with a signed sequence
  kReplacedTransaction,    ///< fee bump of a root chain transaction
};

/// Lower-case name with underscores: "other_extension".
std::string_view alarm_name(Alarm alarm);

/// The request may be answered.
struct Approval {
  /// The ledger's new record. If present it must be durable before any slot is signed or shown;
  /// absent: nothing changes, and what is signed was decided before.
  std::optional<Record> record;
  std::vector<SignatureSlot> slots;          ///< in the order of wire::Signed; empty for reports
  std::optional<wire::Timestamp> timestamp;  ///< as in wire::Signed
  std::vector<Alarm> alarms;

  /// Everything asked for was signed before and is at hand.
  [[nodiscard]] bool is_replay() const;
};

using Decision = Result<Approval, wire::Refusal>;

/// Judges one request. After a grant: make `record` durable, sign the slots that are not known,
/// then attach_signatures() to the record and keep them. Hello, GetPublicKey and GetStatus are not
/// the rules' business: REQUIRES another request.
Decision decide(const Context& context, const Ledgers& ledgers, const wire::RequestBody& request);

}  // namespace buri::hsm::rules
