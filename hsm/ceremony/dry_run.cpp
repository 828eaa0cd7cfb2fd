#include "hsm/ceremony/dry_run.hpp"

#include <filesystem>
#include <ostream>

#include "hsm/ceremony/drill.hpp"
#include "hsm/ceremony/ed25519.hpp"
#include "hsm/ceremony/manifest.hpp"
#include "hsm/ceremony/shares.hpp"
#include "hsm/ceremony/soft_token.hpp"

namespace buri::hsm::ceremony {

using namespace pkcs11;

namespace {

namespace fs = std::filesystem;

/// A folder for tokens and shares, removed when this goes.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = fs::temp_directory_path() / "buri-rehearsal-XXXXXX";
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

PinReaders readers_of(const SoftTokenPins& pins) {
  return {[pin = pins.officer] { return Result<Secret, std::string>(pin); },
          [pin = pins.user] { return Result<Secret, std::string>(pin); }, false};
}

/// A new token; the device as a plan names it.
Result<PlannedDevice, Reason> rehearsal_device(const Module& module, const std::string& module_path,
                                               const std::string& label,
                                               const SoftTokenPins& pins) {
  ASSIGN_OR_RETURN(KeyUri uri, make_soft_token(module, label, pins));
  uri.module_path = module_path;
  return PlannedDevice{
      "SoftHSM token of a rehearsal", format_key_uri(uri), "softhsm", {"SOFTHSM2_CONF"}};
}

/// Rehearsal keys for the administrator, the witnesses and whoever has a signing key in the draft.
std::vector<std::optional<RehearsalKey>> give_signing_keys(PlanDraft& draft, Random& random) {
  std::vector<std::optional<RehearsalKey>> keys;
  for (Participant& person : draft.participants) {
    keys.emplace_back();
    const bool signs = !person.signing_key.empty() || person.role == Role::kAdministrator ||
                       person.role == Role::kWitness;
    if (!signs) continue;
    keys.back().emplace(random);
    person.signing_key = to_hex(keys.back()->public_key());
  }
  return keys;
}

Status<Reason> sign_manifest(Store& store, const Plan& plan,
                             const std::vector<std::optional<RehearsalKey>>& keys) {
  ASSIGN_OR_RETURN(const Bytes manifest, store.read(kManifestFile));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i]) continue;
    RETURN_IF_ERROR(store.write(signature_path(i + 1, plan.draft.participants[i].name),
                                keys[i]->sign(manifest)));
  }
  return Unit{};
}

std::vector<Prompt> rehearsal_prompts(const Plan& plan) {
  std::vector<Prompt> prompts = all_prompts(plan);
  if (!plan.backs_up()) return prompts;
  for (Prompt& prompt : prompts_of(Step::kDrill, plan)) prompts.push_back(std::move(prompt));
  return prompts;
}

/// What a rehearsed drill restores the key from and to.
struct RestoreRehearsal {
  const Plan& plan;
  const PlannedDevice& second;
  const SoftTokenPins& pins;
  const fs::path& shares;  ///< the folder of the custodians' files
};

Status<Reason> rehearse_drill(Store& store, const DryRunOptions& options, Answerer& answerer,
                              const RestoreRehearsal& restore) {
  *options.console << "\n== Restore drill on a second token\n";
  std::vector<std::string> files;
  for (std::uint64_t i = 1; i <= restore.plan.draft.threshold; ++i) {
    files.push_back(restore.shares / ("share-" + std::to_string(i) + ".txt"));
  }
  const DrillTools tools{options.clock,
                         options.random,
                         &answerer,
                         options.console,
                         readers_of(restore.pins),
                         [&](unsigned) { return collect_from_files(files); }};
  RETURN_IF_ERROR(hold_drill(store, tools, {restore.second, false}));
  return Unit{};
}

}  // namespace

AnswerBook rehearsal_answers(const Plan& plan) {
  AnswerBook book;
  for (const Prompt& prompt : rehearsal_prompts(plan)) {
    switch (prompt.kind) {
      case AnswerKind::kYes:
        book[prompt.id] = "yes";
        break;
      case AnswerKind::kNonce:
        book[prompt.id] = "draw";
        break;
      case AnswerKind::kFileOrNone:
        book[prompt.id] = "none";
        break;
      case AnswerKind::kText:
        book[prompt.id] = "rehearsal";
        break;
    }
  }
  book["closing.exceptions"] = "This was a rehearsal; the key is worthless and gone.";
  return book;
}

Result<VerifyReport, Reason> dry_run(const std::string& out, const DryRunOptions& options) {
  RETURN_IF_ERROR(make_empty_folder(out));
  const TemporaryFolder folder;
  if (folder.path().empty()) return Failure{Reason("No temporary folder can be made.")};
  const fs::path shares = folder.path() / "shares";
  fs::create_directory(shares);
  ASSIGN_OR_RETURN(const auto module, load_soft_module(folder.path(), options.module_path));
  const SoftTokenPins pins = draw_pins(*options.random);
  PlanDraft draft = options.draft;
  draft.title = "Rehearsal: " + draft.title.substr(0, kMaxTextBytes - 16);
  ASSIGN_OR_RETURN(draft.device, rehearsal_device(*module, options.module_path, "rehearsal", pins));
  ASSIGN_OR_RETURN(const PlannedDevice second,
                   rehearsal_device(*module, options.module_path, "rehearsal second", pins));
  const auto keys = give_signing_keys(draft, *options.random);
  const Plan plan = make_plan(std::move(draft), options.program_sha256, *options.clock,
                              *options.random, "dry-run-");
  const AnswerBook book = options.answers.value_or(rehearsal_answers(plan));
  if (const auto good = check_answers(book, rehearsal_prompts(plan)); !good.ok()) {
    return Failure{describe(good.error())};
  }
  ASSIGN_OR_RETURN(const auto store, posix_store(out));
  RETURN_IF_ERROR(write_plan(*store, plan));
  BookAnswerer answerer(book, *options.console);
  const auto delivery = folder_delivery(shares);
  const CeremonyTools tools{options.clock,          options.random,        &answerer,
                            delivery.get(),         options.console,       readers_of(pins),
                            options.worker_program, options.program_sha256};
  RETURN_IF_ERROR(hold_ceremony(*store, tools, Entry::kRun));
  RETURN_IF_ERROR(sign_manifest(*store, plan, keys));
  if (plan.backs_up()) {
    RETURN_IF_ERROR(rehearse_drill(*store, options, answerer, {plan, second, pins, shares}));
  }
  auto report = verify_ceremony(*store, {});
  if (!report.ok()) return Failure{describe(report.error())};
  return *std::move(report);
}

}  // namespace buri::hsm::ceremony
