#include "hsm/ceremony/run.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>

#include "base/check.hpp"
#include "hsm/ceremony/manifest.hpp"
#include "hsm/ceremony/run_context.hpp"
#include "hsm/ceremony/script.hpp"
#include "hsm/pkcs11/channel.hpp"

namespace buri::hsm::ceremony {
namespace {

Status<Reason> run_step(Run& run, Step step) {
  switch (step) {
    case Step::kOpening:
      return run_opening(run);
    case Step::kIdentities:
      return run_identities(run);
    case Step::kDevice:
      return run_device(run);
    case Step::kWrappingKey:
      return run_wrapping_key(run);
    case Step::kKey:
      return run_key(run);
    case Step::kInstall:
      return run_install(run);
    case Step::kProof:
      return run_proof(run);
    case Step::kRetirement:
      return run_retirement(run);
    case Step::kPins:
      return run_pins(run);
    case Step::kClosing:
      return run_closing(run);
    case Step::kDrill:
      break;
  }
  CHECK(false, "a drill is no step of a ceremony");
}

Result<std::pair<Plan, Hash256>, Reason> read_plan(Store& store, const Hash256& program) {
  ASSIGN_OR_RETURN(const std::string text, store.read_text(kPlanFile));
  auto plan = decode_plan(text);
  if (!plan.ok()) return Failure{std::string(kPlanFile) + ": " + describe(plan.error())};
  if (plan->program_sha256 != program) {
    return Failure{"The plan names the program with SHA-256 " + to_hex(plan->program_sha256) +
                   ", this one has " + to_hex(program) +
                   ". Use that program, or draw up a new plan."};
  }
  return std::pair(*std::move(plan), sha256(as_bytes(text)));
}

/// The files of steps that are done must be as their lines say: a resumed ceremony builds on them.
Status<Reason> check_artefacts(Run& run) {
  std::map<std::string, std::string> hashes;
  for (const TranscriptLine& line : run.journal.lines()) {
    if (line.kind == LineKind::kArtefact) hashes[line.subject] = line.text;
  }
  for (const TranscriptLine& line : run.journal.lines()) {
    if (line.kind != LineKind::kArtefact || hashes[line.subject] != line.text) continue;
    const auto step = std::ranges::find(kStepNames, line.step) - kStepNames.begin();
    if (!run.journal.is_done(static_cast<Step>(step))) continue;
    ASSIGN_OR_RETURN(const Bytes bytes, run.store.read(line.subject));
    if (to_hex(sha256(bytes)) != line.text) {
      return Failure{line.subject +
                     " is not the file that the transcript names: expected SHA-256 " + line.text +
                     ", found " + to_hex(sha256(bytes)) + ". This ceremony cannot be resumed."};
    }
  }
  return Unit{};
}

Status<Reason> begin(Run& run, Entry entry) {
  const bool begun = !run.journal.lines().empty();
  if (entry == Entry::kRun && begun) {
    return Failure{Reason("This ceremony has begun: buri ceremony resume goes on with it.")};
  }
  if (entry == Entry::kResume && !begun) {
    return Failure{Reason("This ceremony has not begun: buri ceremony run begins it.")};
  }
  if (run.journal.is_closed()) return Unit{};
  if (!begun) {
    return run.journal.append(LineKind::kOpened, Step::kOpening, run.plan.ceremony_id,
                              "program " + to_hex(run.tools.program_sha256));
  }
  RETURN_IF_ERROR(check_artefacts(run));
  return run.journal.append(
      LineKind::kResumed, Step::kOpening, run.plan.ceremony_id,
      std::to_string(run.journal.cut_bytes()) + " bytes of a torn line were cut off");
}

Status<Reason> do_steps(Run& run) {
  const std::vector<Step> steps = steps_of(run.plan);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step step = steps[i];
    if (run.journal.is_done(step)) continue;
    *run.tools.console << "\n== Step " << i + 1 << " of " << steps.size() << ": "
                       << step_title(step) << "\n";
    RETURN_IF_ERROR(run.journal.append(LineKind::kStepBegan, step, "-", step_title(step)));
    RETURN_IF_ERROR(run_step(run, step));
    RETURN_IF_ERROR(
        run.journal.append(LineKind::kStepDone, step, "-", expected_of(step, run.plan)));
  }
  return Unit{};
}

Result<CeremonySummary, Reason> finish(Run& run) {
  if (!run.journal.is_closed()) {
    RETURN_IF_ERROR(
        run.journal.append(LineKind::kClosed, Step::kClosing, run.plan.ceremony_id, "done"));
  }
  ASSIGN_OR_RETURN(const KeyRecord key, run.read_record<KeyRecord>(kKeyFile));
  ASSIGN_OR_RETURN(const Manifest manifest,
                   make_manifest(run.store, run.journal, run.plan.ceremony_id, Outcome::kDone));
  const std::string text = encode_record(manifest);
  RETURN_IF_ERROR(run.store.write_text(kManifestFile, text));
  return CeremonySummary{run.plan.ceremony_id, key.address, run.journal.head(),
                         sha256(as_bytes(text))};
}

}  // namespace

Status<Reason> write_plan(Store& store, const Plan& plan) {
  for (const auto& [name, text] : render(kScriptPaper, make_script(plan))) {
    RETURN_IF_ERROR(store.write_text(name, text));
  }
  return store.write_text(kPlanFile, encode_plan(plan));  // last: without it there is no ceremony
}

Result<CeremonySummary, Reason> hold_ceremony(Store& store, const CeremonyTools& tools,
                                              Entry entry) {
  RETURN_IF_ERROR(store.lock());
  RETURN_IF_ERROR(store.sweep());
  if (store.exists(kManifestFile)) {
    return Failure{Reason("This ceremony is closed: buri ceremony verify checks it.")};
  }
  ASSIGN_OR_RETURN(auto plan, read_plan(store, tools.program_sha256));
  ASSIGN_OR_RETURN(Journal journal, Journal::open(store, *tools.clock, plan.second));
  Run run{std::move(plan.first), store, std::move(journal), tools, std::nullopt, false};
  RETURN_IF_ERROR(begin(run, entry));
  const auto done = run.journal.is_closed() ? Status<Reason>(Unit{}) : do_steps(run);
  if (!done.ok()) {
    // If even this line cannot be written, the transcript ends with what was known before.
    (void)run.journal.append(LineKind::kStopped, Step::kOpening, "-", done.error());
    return Failure{done.error() + (run.is_over
                                       ? " This ceremony cannot be resumed: erase the token and "
                                         "draw up a new plan."
                                       : " Nothing half-done is left; buri ceremony resume goes "
                                         "on.")};
  }
  return finish(run);
}

Result<Hash256, Reason> file_sha256(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (!file.is_open() || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return Failure{path + " cannot be read."};
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return sha256({});
  void* const data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return Failure{path + " cannot be read."};
  const Hash256 digest = sha256({static_cast<const std::uint8_t*>(data), size});
  (void)munmap(data, size);
  return digest;
}

}  // namespace buri::hsm::ceremony
