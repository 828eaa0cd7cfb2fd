#include <set>

#include "hsm/ceremony/verify_context.hpp"

/// The restore drills of a ceremony.

namespace buri::hsm::ceremony {
namespace {

/// A misfit inside a drill's folder, with the folder's name.
Failure<Misfit> inside(const std::string& folder, const Misfit& misfit) {
  return Failure{Misfit{folder + "/" + misfit.artefact, misfit.expected, misfit.found}};
}

Check check_record(const Inspection& inspection, const KeyRecord& key, std::size_t number,
                   const DrillRecord& drill) {
  const std::string artefact = kDrillFile;
  RETURN_IF_ERROR(same(artefact, "ceremony_id ", inspection.plan.ceremony_id, drill.ceremony_id));
  RETURN_IF_ERROR(same(artefact, "address ", key.address, drill.address));
  ASSIGN_OR_RETURN(const auto custody, inspection.record<CustodyRecord>(kCustodyFile));
  RETURN_IF_ERROR(
      same(artefact, "kek_check_value ", custody.kek_check_value, drill.kek_check_value));
  const std::set<std::uint64_t> numbers(drill.shares.begin(), drill.shares.end());
  const bool fits = numbers.size() == drill.shares.size() &&
                    numbers.size() >= inspection.plan.draft.threshold && *numbers.begin() >= 1 &&
                    *numbers.rbegin() <= custody.shares.size();
  if (!fits) {
    return Failure{Misfit{artefact, "as many different shares as the threshold",
                          std::to_string(numbers.size())}};
  }
  return check_possession(artefact, inspection.plan, key,
                          drill_id(inspection.plan.ceremony_id, number), drill.nonce,
                          drill.signature);
}

/// One drill's folder; its outcome.
Result<Outcome, Misfit> check_drill(const Inspection& inspection, const KeyRecord& key,
                                    const Hash256& anchor, std::size_t number, Store& store) {
  ASSIGN_OR_RETURN(const Manifest manifest, check_manifest(store));
  RETURN_IF_ERROR(
      same(kManifestFile, "ceremony_id ", inspection.plan.ceremony_id, manifest.ceremony_id));
  ASSIGN_OR_RETURN(const auto lines, check_transcript(store, manifest, anchor));
  const TranscriptLine& last = lines.back();
  if (last.kind != LineKind::kClosed) {
    return Failure{Misfit{kTranscriptFile, "closed as its last line", "another line"}};
  }
  RETURN_IF_ERROR(same(kManifestFile, "outcome ", last.text,
                       std::string(kOutcomeNames[static_cast<std::size_t>(manifest.outcome)])));
  RETURN_IF_ERROR(check_artefact_lines(manifest, lines));
  if (manifest.outcome != Outcome::kDone) return manifest.outcome;
  const Inspection drill{store, inspection.plan, manifest, lines};
  ASSIGN_OR_RETURN(const auto record, drill.record<DrillRecord>(kDrillFile));
  RETURN_IF_ERROR(check_record(inspection, key, number, record));
  return manifest.outcome;
}

}  // namespace

Check check_drills(const Inspection& inspection, const KeyRecord& key, const Hash256& anchor,
                   VerifyReport& report) {
  const auto names = inspection.store.list();
  if (!names.ok()) return Failure{Misfit{".", "files and folders alone", names.error()}};
  std::set<std::string> folders;
  const std::string prefix = std::string(kDrillFolder) + "/";
  for (const std::string& name : *names) {
    if (!name.starts_with(prefix)) continue;
    folders.insert(name.substr(0, name.find('/', prefix.size())));
  }
  std::size_t number = 0;
  for (const std::string& folder : folders) {
    if (folder != drill_folder(++number)) {
      return Failure{Misfit{folder, drill_folder(number), "another name"}};
    }
    const auto store = substore(inspection.store, folder);
    const auto outcome = check_drill(inspection, key, anchor, number, *store);
    if (!outcome.ok()) return inside(folder, outcome.error());
    ++(*outcome == Outcome::kDone ? report.drills_done : report.drills_failed);
  }
  return Unit{};
}

}  // namespace buri::hsm::ceremony
