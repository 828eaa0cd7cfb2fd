#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hsm/signer/audit_line.hpp"

/// Checks an audit log without the signer that wrote it, and holds it against signatures found on
/// a chain.

namespace buri::hsm::signer {

/// What is wrong with a log.
enum class AuditFault : std::uint8_t {
  kMalformed,  ///< a line is not one that the signer writes
  kGap,        ///< sequence numbers are missing
  kReordered,  ///< a sequence number does not rise
  kTampered,   ///< a line's hash does not follow from its text and the line before it
  kTorn,       ///< the last line has no end: the power failed, or somebody cut the file
  kTruncated,  ///< the log ends before the head that is known from elsewhere
  kOtherHead,  ///< the log reaches that head's sequence with another hash
};

std::string_view describe(AuditFault fault);

/// Where a chain of lines has got to.
struct AuditHead {
  std::uint64_t sequence = 0;
  Hash256 hash;

  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

/// One segment file, in the order of their names.
struct AuditSegment {
  std::string name;
  std::string text;
};

/// The first fault of a log, if there is one.
struct AuditReport {
  std::uint64_t line_count = 0;      ///< good lines before the fault
  std::uint64_t first_sequence = 0;  ///< above 1 when older segments were archived
  AuditHead head;                    ///< of the last good line
  std::optional<AuditFault> fault;
  std::string where;           ///< "audit-…log, line 12"
  std::size_t good_bytes = 0;  ///< of the segment with the fault, or of the last one

  [[nodiscard]] bool ok() const { return !fault.has_value(); }
};

/// Called for every good line, in order.
using AuditVisitor = std::function<void(const AuditLine&)>;

/// Walks the segments. The first line of a segment names the hash before it, so that a log may
/// begin at any segment; between two given segments the chain must hold. `known_head`, from status,
/// fence or anchor, is what reveals a log cut at a line's end.
AuditReport verify_audit(std::span<const AuditSegment> segments,
                         const std::optional<AuditHead>& known_head = {},
                         const AuditVisitor& visit = {});

/// A signature of our key that somebody saw.
struct SeenSignature {
  Hash256 digest;
  FixedBytes<64> signature;  ///< R, S
};

/// Why a seen signature is alarming.
enum class Stray : std::uint8_t {
  kUnknownDigest,   ///< the log knows nothing of it: the key was used elsewhere, or the log is cut
  kOtherSignature,  ///< the digest was signed here, but this signature was not made here
};

struct StraySignature {
  std::size_t index = 0;  ///< into the given signatures
  Stray kind{};
};

/// The seen signatures that the log did not make. The log must have been verified.
std::vector<StraySignature> reconcile(std::span<const AuditSegment> segments,
                                      std::span<const SeenSignature> seen);

}  // namespace buri::hsm::signer
