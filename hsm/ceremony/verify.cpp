#include "hsm/ceremony/verify.hpp"

#include <algorithm>
#include <map>

#include "hsm/ceremony/ed25519.hpp"
#include "hsm/ceremony/script.hpp"
#include "hsm/ceremony/verify_context.hpp"

namespace buri::hsm::ceremony {
namespace {

constexpr const char* kNoFile = "no such file";

Failure<Misfit> misfit(std::string artefact, std::string expected, std::string found) {
  return Failure{Misfit{std::move(artefact), std::move(expected), std::move(found)}};
}

Result<Plan, Misfit> check_plan(Store& store, const Manifest& manifest) {
  const auto text = store.read_text(kPlanFile);
  if (!text.ok()) return misfit(kPlanFile, "the plan", text.error());
  auto plan = decode_plan(*text);
  if (!plan.ok()) {
    return misfit(kPlanFile, plan.error().path + ": " + plan.error().expected, plan.error().found);
  }
  RETURN_IF_ERROR(same(kManifestFile, "ceremony_id ", plan->ceremony_id, manifest.ceremony_id));
  return *std::move(plan);
}

/// Steps begin and end in the plan's order, all of them, between the first and the last line.
Check check_course(const Inspection& inspection) {
  const std::vector<Step> steps = steps_of(inspection.plan);
  std::size_t done = 0;
  for (const TranscriptLine& line : inspection.lines) {
    if (line.kind != LineKind::kStepDone) continue;
    const std::string expected =
        done < steps.size() ? std::string(step_name(steps[done])) : "no further step";
    const std::string where = "step-done in line " + std::to_string(line.sequence) + ": ";
    RETURN_IF_ERROR(same(kTranscriptFile, where, expected, line.step));
    ++done;
  }
  if (done < steps.size()) {
    return misfit(kTranscriptFile, "step " + std::string(step_name(steps[done])) + " done",
                  "no such line");
  }
  RETURN_IF_ERROR(same(kTranscriptFile, "in line 1 ",
                       "program " + to_hex(inspection.plan.program_sha256),
                       inspection.lines.front().text));
  const bool framed = inspection.lines.front().kind == LineKind::kOpened &&
                      inspection.lines.back().kind == LineKind::kClosed;
  if (framed) return Unit{};
  return misfit(kTranscriptFile, "opened as its first and closed as its last line", "another line");
}

/// The transcript as it was when the minutes were made.
std::vector<TranscriptLine> lines_before_minutes(const std::vector<TranscriptLine>& lines) {
  const std::string file = std::string(kMinutesPaper) + ".md";
  for (std::size_t i = lines.size(); i-- > 0;) {
    if (lines[i].kind == LineKind::kArtefact && lines[i].subject == file) {
      return {lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i)};
    }
  }
  return lines;
}

Check check_papers(const Inspection& inspection, const KeyRecord& key) {
  const Plan& plan = inspection.plan;
  if (plan.backs_up()) {
    ASSIGN_OR_RETURN(const auto custody, inspection.record<CustodyRecord>(kCustodyFile));
    for (std::size_t i = 0; i < custody.shares.size(); ++i) {
      RETURN_IF_ERROR(inspection.paper(share_paper(i + 1), make_share_sheet(plan, custody, i)));
    }
    ASSIGN_OR_RETURN(const auto retirement, inspection.record<RetirementRecord>(kRetirementFile));
    RETURN_IF_ERROR(
        inspection.paper(kCertificatePaper, make_certificate(plan, retirement, inspection.lines)));
  }
  RETURN_IF_ERROR(inspection.paper(kPinPaper, make_pin_sheet(plan, inspection.lines)));
  return inspection.paper(kMinutesPaper,
                          make_minutes(plan, key, lines_before_minutes(inspection.lines)));
}

Check check_signatures(const Inspection& inspection, ByteView manifest, VerifyReport& report) {
  std::size_t number = 0;
  for (const Participant& person : inspection.plan.draft.participants) {
    ++number;
    if (person.signing_key.empty()) continue;
    const std::string path = signature_path(number, person.name);
    const std::string expected = "64 bytes, the Ed25519 signature of " + person.name + " over " +
                                 kManifestFile + " by key " + person.signing_key;
    const auto bytes = inspection.store.read(path);
    if (!bytes.ok()) return misfit(path, expected, kNoFile);
    if (bytes->size() != Ed25519Signature::kSize) {
      return misfit(path, expected, std::to_string(bytes->size()) + " bytes");
    }
    if (!verify_ed25519(*fixed_from_hex<32>(person.signing_key), manifest,
                        Ed25519Signature::from(*bytes))) {
      return misfit(path, expected, "another signature");
    }
    ++report.signatures;
  }
  return Unit{};
}

}  // namespace

std::string describe(const Misfit& misfit) {
  return misfit.artefact + ": expected " + misfit.expected + ", found " + misfit.found;
}

Check same(const std::string& artefact, std::string_view what, const std::string& expected,
           const std::string& found) {
  if (expected == found) return Unit{};
  return misfit(artefact, std::string(what) + expected, found);
}

Result<Bytes, Misfit> Inspection::bytes(const std::string& name) const {
  auto content = store.read(name);
  if (!content.ok()) return misfit(name, "a file", kNoFile);
  return *std::move(content);
}

Check Inspection::paper(const std::string& name, const Document& document) const {
  for (const auto& [file, text] : render(name, document)) {
    ASSIGN_OR_RETURN(const Bytes content, bytes(file));
    const std::string_view found = as_text(content);
    if (found == text) continue;
    const auto difference = std::ranges::mismatch(found, text);
    const auto line = 1 + std::count(text.begin(), difference.in2, '\n');
    return misfit(file, "the paper that plan, records and transcript give",
                  "another text from line " + std::to_string(line) + " on");
  }
  return Unit{};
}

Result<Manifest, Misfit> check_manifest(Store& store) {
  const auto text = store.read_text(kManifestFile);
  if (!text.ok()) return misfit(kManifestFile, "the manifest of a finished ceremony", kNoFile);
  auto manifest = decode_manifest(*text);
  if (!manifest.ok()) {
    const JsonError& error = manifest.error();
    return misfit(kManifestFile, error.path + ": " + error.expected, error.found);
  }
  for (const ManifestEntry& entry : manifest->files) {
    const auto bytes = store.read(entry.path);
    const std::string expected = "SHA-256 " + to_hex(entry.sha256);
    if (!bytes.ok()) return misfit(entry.path, expected, kNoFile);
    RETURN_IF_ERROR(same(entry.path, "SHA-256 ", to_hex(entry.sha256), to_hex(sha256(*bytes))));
    RETURN_IF_ERROR(same(entry.path, "a length in bytes of ", std::to_string(entry.bytes),
                         std::to_string(bytes->size())));
  }
  const auto names = store.list();
  if (!names.ok()) return misfit(".", "files and folders alone", names.error());
  for (const std::string& name : *names) {
    if (is_outside_manifest(name) || manifest->find(name) != nullptr) continue;
    return misfit(name, "no file that the manifest does not list", "one");
  }
  return *std::move(manifest);
}

Result<std::vector<TranscriptLine>, Misfit> check_transcript(Store& store, const Manifest& manifest,
                                                             const Hash256& anchor) {
  const auto text = store.read_text(kTranscriptFile);
  if (!text.ok()) return misfit(kTranscriptFile, "the transcript", kNoFile);
  auto lines = decode_transcript(*text, anchor);
  if (!lines.ok()) {
    const TranscriptError& error = lines.error();
    return misfit(kTranscriptFile, "in line " + std::to_string(error.line) + " " + error.expected,
                  error.found);
  }
  if (lines->empty()) return misfit(kTranscriptFile, "lines", "none");
  RETURN_IF_ERROR(same(kTranscriptFile, "lines: ", std::to_string(manifest.transcript_lines),
                       std::to_string(lines->size())));
  RETURN_IF_ERROR(same(kTranscriptFile, "last hash ", to_hex(manifest.transcript_head),
                       to_hex(lines->back().hash)));
  return *std::move(lines);
}

Check check_artefact_lines(const Manifest& manifest, const std::vector<TranscriptLine>& lines) {
  std::map<std::string, std::string> hashes;
  for (const TranscriptLine& line : lines) {
    if (line.kind == LineKind::kArtefact) hashes[line.subject] = line.text;
  }
  for (const ManifestEntry& entry : manifest.files) {
    if (entry.path == kTranscriptFile) continue;
    const auto known = hashes.find(entry.path);
    if (known == hashes.end()) return misfit(entry.path, "a line in the transcript", "none");
    RETURN_IF_ERROR(
        same(entry.path, "by the transcript SHA-256 ", known->second, to_hex(entry.sha256)));
    hashes.erase(known);
  }
  if (hashes.empty()) return Unit{};
  return misfit(hashes.begin()->first, "the file that the transcript names", kNoFile);
}

Result<VerifyReport, Misfit> verify_ceremony(Store& store, const VerifyOptions& options) {
  ASSIGN_OR_RETURN(Manifest manifest, check_manifest(store));
  ASSIGN_OR_RETURN(Plan plan, check_plan(store, manifest));
  const Hash256 anchor = sha256(as_bytes(encode_plan(plan)));
  Inspection inspection{store, std::move(plan), std::move(manifest), {}};
  RETURN_IF_ERROR(inspection.paper(kScriptPaper, make_script(inspection.plan)));
  ASSIGN_OR_RETURN(inspection.lines, check_transcript(store, inspection.manifest, anchor));
  RETURN_IF_ERROR(check_course(inspection));
  RETURN_IF_ERROR(check_artefact_lines(inspection.manifest, inspection.lines));
  ASSIGN_OR_RETURN(const KeyRecord key, check_key_records(inspection));
  RETURN_IF_ERROR(check_papers(inspection, key));
  ASSIGN_OR_RETURN(const Bytes text, inspection.bytes(kManifestFile));
  const Hash256 manifest_hash = sha256(text);
  VerifyReport report;
  report.summary = {inspection.plan.ceremony_id, key.address, inspection.manifest.transcript_head,
                    manifest_hash};
  report.files = inspection.manifest.files.size();
  report.transcript_lines = inspection.lines.size();
  if (options.signatures) RETURN_IF_ERROR(check_signatures(inspection, text, report));
  RETURN_IF_ERROR(check_drills(inspection, key, manifest_hash, report));
  return report;
}

}  // namespace buri::hsm::ceremony
