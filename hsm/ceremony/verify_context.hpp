#pragma once

#include "hsm/ceremony/manifest.hpp"
#include "hsm/ceremony/papers.hpp"
#include "hsm/ceremony/verify.hpp"

/// What the checks share. Private to the verify*.cpp files.

namespace buri::hsm::ceremony {

using Check = Status<Misfit>;

/// A folder that is being checked.
struct Inspection {
  Store& store;
  Plan plan;
  Manifest manifest;
  std::vector<TranscriptLine> lines;

  /// A file's bytes.
  Result<Bytes, Misfit> bytes(const std::string& name) const;
  template <class Record>
  Result<Record, Misfit> record(const std::string& name) const {
    ASSIGN_OR_RETURN(const Bytes content, bytes(name));
    auto decoded = decode_record<Record>(as_text(content));
    if (decoded.ok()) return std::move(decoded).value();
    const JsonError& error = decoded.error();
    return Failure{Misfit{name, error.path + ": " + error.expected, error.found}};
  }
  /// A paper must be what the records give.
  Check paper(const std::string& name, const Document& document) const;
};

/// Equal texts, or a misfit of `artefact`.
Check same(const std::string& artefact, std::string_view what, const std::string& expected,
           const std::string& found);

/// Manifest and files of a folder (a ceremony's or a drill's), and its transcript after `anchor`.
Result<Manifest, Misfit> check_manifest(Store& store);
Result<std::vector<TranscriptLine>, Misfit> check_transcript(Store& store, const Manifest& manifest,
                                                             const Hash256& anchor);
/// Every file but the transcript has its line, and the last one names its hash.
Check check_artefact_lines(const Manifest& manifest, const std::vector<TranscriptLine>& lines);

/// The records about device and key; the key's record.
Result<KeyRecord, Misfit> check_key_records(const Inspection& inspection);
/// A signature over a typed proof of possession.
Check check_possession(const std::string& artefact, const Plan& plan, const KeyRecord& key,
                       const std::string& ceremony_id, const Hash256& nonce,
                       const FixedBytes<65>& signature);

/// The drills below the folder; `anchor` is the hash of the ceremony's manifest.
Check check_drills(const Inspection& inspection, const KeyRecord& key, const Hash256& anchor,
                   VerifyReport& report);

}  // namespace buri::hsm::ceremony
