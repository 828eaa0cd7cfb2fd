#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// One line of the audit log: fields separated by tabs, closed by a hash that covers the line and
/// the hash of the line before it. Format: docs/formats/audit-log.md.

namespace buri::hsm::signer {

/// Something worth a line. Empty fields stand as "-". Text keeps its printable ASCII characters;
/// anything else becomes '?'.
struct AuditEvent {
  std::string event;    ///< "signed", "replayed", "refused", "state", "policy", ...
  std::string purpose;  ///< "vote", "seal", ...
  std::string peer;     ///< who asked: "uid=990 pid=1234"
  Bytes digest;         ///< what was signed: 32 bytes, or none
  Bytes signature;      ///< R, S, V: 65 bytes, or none
  std::string detail;   ///< for people: the fields of the request, the rule that refused
};

/// A line as it stands in the log.
struct AuditLine {
  std::uint64_t sequence = 0;  ///< from 1, without gaps
  std::int64_t time_ms = 0;    ///< milliseconds since 1970 by the signer's wall clock
  AuditEvent event;
  Hash256 hash;
};

/// The line with its newline; sets line.hash. REQUIRES: nothing; texts are made printable.
std::string encode_line(AuditLine& line, const Hash256& previous);

/// Parses one line without its newline, strictly: exactly what encode_line() writes. Nothing if it
/// is anything else. Does not check the hash.
std::optional<AuditLine> parse_line(std::string_view text);

/// Whether the line's own hash follows from its text and the hash before it.
bool hash_holds(std::string_view text, const AuditLine& line, const Hash256& previous);

}  // namespace buri::hsm::signer
