#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "hsm/signer/disk.hpp"
#include "hsm/signer/state_block.hpp"

/// Sign-state on its way from one machine to another: text, one record a line, whole with sequence
/// and hash, so that fence and rollback anchors know it again. Format: docs/formats/sign-state.md.
/// What goes to and comes from other software is in hsm/rules/interchange.hpp.

namespace buri::hsm::signer {

/// A record and whose it is.
struct ExportedRecord {
  StateIdentity identity;
  StateRecord record;

  friend bool operator==(const ExportedRecord&, const ExportedRecord&) = default;
};

std::string encode_move(const std::vector<ExportedRecord>& records);
/// Strict: exactly what encode_move() writes. The error is a sentence.
Result<std::vector<ExportedRecord>, std::string> decode_move(std::string_view text);

/// Makes sign-state files of the records, all or none that exist already. The error is a sentence.
Status<std::string> import_records(Disk& disk, const std::vector<ExportedRecord>& records);

}  // namespace buri::hsm::signer
