#include "hsm/ceremony/dry_run.hpp"

#include <filesystem>
#include <fstream>
#include <ostream>

#include "hsm/ceremony/drill.hpp"
#include "hsm/ceremony/ed25519.hpp"
#include "hsm/ceremony/manifest.hpp"
#include "hsm/ceremony/shares.hpp"
#include "hsm/pkcs11/uri.hpp"

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

CK_UTF8CHAR_PTR text_pointer(ByteView text) { return const_cast<CK_UTF8CHAR_PTR>(text.data()); }

/// 16 random digits.
Secret draw_pin(Random& random) {
  std::array<std::uint8_t, 16> digits{};
  for (std::uint8_t& digit : digits) digit = static_cast<std::uint8_t>('0' + random.below(10));
  return Secret::take(digits);
}

struct Pins {
  Secret officer;
  Secret user;
  [[nodiscard]] PinReaders readers() const {
    return {[pin = officer] { return Result<Secret, std::string>(pin); },
            [pin = user] { return Result<Secret, std::string>(pin); }, false};
  }
};

/// The slot without a token; SoftHSM always offers one.
Result<CK_SLOT_ID, Reason> free_slot(const CK_FUNCTION_LIST& functions) {
  std::array<CK_SLOT_ID, 64> slots{};
  CK_ULONG count = slots.size();
  const auto listed =
      check_rv(functions.C_GetSlotList(CK_FALSE, slots.data(), &count), "C_GetSlotList");
  if (!listed.ok()) return Failure{text_of("SoftHSM lists no slots.", listed.error())};
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    if (functions.C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
    if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) return slots[i];
  }
  return Failure{Reason("SoftHSM offers no free slot.")};
}

/// Initialises a token and sets the user PIN.
Status<CryptokiError> initialise(const CK_FUNCTION_LIST& functions, CK_SLOT_ID slot,
                                 std::string label, const Pins& pins) {
  label.resize(32, ' ');
  const ByteView officer = pins.officer.bytes();
  RETURN_IF_ERROR(check_rv(functions.C_InitToken(slot, text_pointer(officer), officer.size(),
                                                 text_pointer(as_bytes(label))),
                           "C_InitToken"));
  CK_ULONG count = 0;  // SoftHSM renumbers its slots when they are listed
  RETURN_IF_ERROR(check_rv(functions.C_GetSlotList(CK_TRUE, nullptr, &count), "C_GetSlotList"));
  return Unit{};
}

Status<CryptokiError> set_user_pin(const CK_FUNCTION_LIST& functions, CK_SLOT_ID slot,
                                   const Pins& pins) {
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  const ByteView officer = pins.officer.bytes();
  const ByteView user = pins.user.bytes();
  RETURN_IF_ERROR(check_rv(functions.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION,
                                                   nullptr, nullptr, &session),
                           "C_OpenSession"));
  RETURN_IF_ERROR(check_rv(
      functions.C_Login(session, CKU_SO, text_pointer(officer), officer.size()), "C_Login"));
  RETURN_IF_ERROR(
      check_rv(functions.C_InitPIN(session, text_pointer(user), user.size()), "C_InitPIN"));
  return check_rv(functions.C_CloseSession(session), "C_CloseSession");
}

/// A new token; the device as a plan names it.
Result<PlannedDevice, Reason> make_token(const Module& module, const std::string& module_path,
                                         const std::string& label, const Pins& pins) {
  ASSIGN_OR_RETURN(const CK_SLOT_ID slot, free_slot(module.functions()));
  const auto made = initialise(module.functions(), slot, label, pins);
  if (!made.ok()) return Failure{text_of("SoftHSM makes no token.", made.error())};
  KeyUri uri;
  uri.token = label;
  uri.module_path = module_path;
  const auto token = module.find_token(uri);
  if (!token.ok()) return Failure{text_of(token.error().reason, token.error().call)};
  const auto set = set_user_pin(module.functions(), token->slot, pins);
  if (!set.ok()) return Failure{text_of("SoftHSM sets no user PIN.", set.error())};
  uri.serial = token->serial;
  return PlannedDevice{
      "SoftHSM token of a rehearsal", format_key_uri(uri), "softhsm", {"SOFTHSM2_CONF"}};
}

/// SoftHSM with its tokens in `folder`, loaded.
Result<std::shared_ptr<const Module>, Reason> load_softhsm(const fs::path& folder,
                                                           const std::string& module_path) {
  const fs::path tokens = folder / "tokens";
  const fs::path config = folder / "softhsm2.conf";
  std::error_code fault;
  fs::create_directory(tokens, fault);
  std::ofstream(config) << "directories.tokendir = " << tokens.string()
                        << "\nobjectstore.backend = file\nlog.level = ERROR\n";
  if (fault || !fs::exists(config) || setenv("SOFTHSM2_CONF", config.c_str(), 1) != 0) {
    return Failure{"The temporary folder " + folder.string() + " cannot be used."};
  }
  auto module = Module::load(module_path);
  if (!module.ok()) {
    return Failure{text_of(module.error().reason, module.error().call) +
                   " A rehearsal needs the package softhsm2."};
  }
  return *std::move(module);
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

Status<Reason> rehearse_drill(Store& store, const DryRunOptions& options, Answerer& answerer,
                              const Plan& plan, const PlannedDevice& second, const Pins& pins,
                              const fs::path& shares) {
  *options.console << "\n== Restore drill on a second token\n";
  std::vector<std::string> files;
  for (std::uint64_t i = 1; i <= plan.draft.threshold; ++i) {
    files.push_back(shares / ("share-" + std::to_string(i) + ".txt"));
  }
  const DrillTools tools{options.clock,  options.random,
                         &answerer,      options.console,
                         pins.readers(), [&](unsigned) {
                           return collect_from_files(files); }};
  RETURN_IF_ERROR(hold_drill(store, tools, {second, false}));
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
  ASSIGN_OR_RETURN(const auto module, load_softhsm(folder.path(), options.module_path));
  const Pins pins{draw_pin(*options.random), draw_pin(*options.random)};
  PlanDraft draft = options.draft;
  draft.title = "Rehearsal: " + draft.title.substr(0, kMaxTextBytes - 16);
  ASSIGN_OR_RETURN(draft.device, make_token(*module, options.module_path, "rehearsal", pins));
  ASSIGN_OR_RETURN(const PlannedDevice second,
                   make_token(*module, options.module_path, "rehearsal second", pins));
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
                            delivery.get(),         options.console,       pins.readers(),
                            options.worker_program, options.program_sha256};
  RETURN_IF_ERROR(hold_ceremony(*store, tools, Entry::kRun));
  RETURN_IF_ERROR(sign_manifest(*store, plan, keys));
  if (plan.backs_up()) {
    RETURN_IF_ERROR(rehearse_drill(*store, options, answerer, plan, second, pins, shares));
  }
  auto report = verify_ceremony(*store, {});
  if (!report.ok()) return Failure{describe(report.error())};
  return *std::move(report);
}

}  // namespace buri::hsm::ceremony
