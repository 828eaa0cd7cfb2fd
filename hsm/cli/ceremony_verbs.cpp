#include "hsm/cli/ceremony_verbs.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "hsm/ceremony/drill.hpp"
#include "hsm/ceremony/dry_run.hpp"
#include "hsm/ceremony/fresh_process.hpp"
#include "hsm/ceremony/manifest.hpp"
#include "hsm/ceremony/records.hpp"
#include "hsm/ceremony/shares.hpp"
#include "hsm/ceremony/terminal_answers.hpp"
#include "hsm/cli/hsm_commands.hpp"
#include "hsm/pkcs11/hardening.hpp"

namespace buri::hsm::cli {
namespace {

namespace json = boost::json;
using namespace ceremony;

int fail(const std::string& verb, const Reason& reason, int exit_code) {
  std::cerr << "buri ceremony " << verb << ": " << reason << "\n";
  return exit_code;
}

void print_json(const json::object& object) { std::cout << json::serialize(object) << "\n"; }

json::object to_json(const CeremonySummary& summary) {
  return {{"ceremony_id", summary.ceremony_id},
          {"address", summary.address},
          {"transcript_head", to_hex(summary.transcript_head)},
          {"manifest_sha256", to_hex(summary.manifest_sha256)}};
}

json::object to_json(const VerifyReport& report) {
  json::object object = to_json(report.summary);
  object["files"] = report.files;
  object["transcript_lines"] = report.transcript_lines;
  object["signatures"] = report.signatures;
  object["drills_done"] = report.drills_done;
  object["drills_failed"] = report.drills_failed;
  return object;
}

void print(const CeremonySummary& summary) {
  std::cout << "ceremony            " << summary.ceremony_id << "\naddress             "
            << summary.address << "\ntranscript's head   " << to_hex(summary.transcript_head)
            << "\nSHA-256 of manifest " << to_hex(summary.manifest_sha256) << "\n";
}

void print(const VerifyReport& report) {
  print(report.summary);
  std::cout << report.files << " files, " << report.transcript_lines << " lines of transcript, "
            << report.signatures << " signatures, " << report.drills_done
            << " restore drills done, " << report.drills_failed << " not: everything fits\n";
}

Result<std::string, Reason> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file.is_open() || text.str().empty()) return Failure{path + " cannot be read or is empty."};
  return text.str();
}

Result<PlanDraft, Reason> read_draft(const std::string& path) {
  if (path.empty()) return example_draft();
  ASSIGN_OR_RETURN(const std::string text, read_file(path));
  auto draft = decode_draft(text);
  if (!draft.ok()) return Failure{path + ": " + describe(draft.error())};
  return *std::move(draft);
}

Result<AnswerBook, Reason> read_answers(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, read_file(path));
  auto book = decode_answers(text);
  if (!book.ok()) return Failure{path + ": " + describe(book.error())};
  return *std::move(book);
}

/// Answers from a file that has exactly those of `prompts`, or typed.
Result<std::unique_ptr<Answerer>, Reason> answerer_of(const CeremonyInput& input,
                                                      const std::vector<Prompt>& prompts,
                                                      std::ostream& console) {
  if (input.answers.empty()) {
    return std::unique_ptr<Answerer>(std::make_unique<TypedAnswerer>(std::cin, console));
  }
  ASSIGN_OR_RETURN(AnswerBook book, read_answers(input.answers));
  const auto good = check_answers(book, prompts);
  if (!good.ok()) return Failure{input.answers + ": " + describe(good.error())};
  return std::unique_ptr<Answerer>(std::make_unique<BookAnswerer>(std::move(book), console));
}

Result<PinReaders, Reason> pins_of(const CeremonyInput& input) {
  ASSIGN_OR_RETURN(auto officer, pin_reader(input.officer_pin, "Security officer's PIN"));
  ASSIGN_OR_RETURN(auto user, pin_reader(input.user_pin, "User PIN"));
  return PinReaders{std::move(officer), std::move(user), input.ignore_pin_flags};
}

std::unique_ptr<ShareDelivery> delivery_of(const std::string& folder) {
  return folder.empty() ? terminal_delivery(SecretTerminal::controlling) : folder_delivery(folder);
}

Result<Plan, Reason> plan_in(Store& store) {
  ASSIGN_OR_RETURN(const std::string text, store.read_text(kPlanFile));
  auto plan = decode_plan(text);
  if (!plan.ok()) return Failure{std::string(kPlanFile) + ": " + describe(plan.error())};
  return *std::move(plan);
}

Result<Hash256, Reason> own_sha256() { return file_sha256("/proc/self/exe"); }

std::ostream& console_of(bool as_json) { return as_json ? std::cerr : std::cout; }

Result<CeremonySummary, Reason> hold(const CeremonyHoldOptions& options) {
  std::ostream& console = console_of(options.as_json);
  ASSIGN_OR_RETURN(const auto store, posix_store(options.folder));
  ASSIGN_OR_RETURN(const Plan plan, plan_in(*store));
  ASSIGN_OR_RETURN(const auto answerer, answerer_of(options.input, all_prompts(plan), console));
  ASSIGN_OR_RETURN(PinReaders pins, pins_of(options.input));
  const auto delivery = delivery_of(options.share_folder);
  ASSIGN_OR_RETURN(const Hash256 program, own_sha256());
  const CeremonyTools tools{
      &system_clock(),
      &system_random(),
      answerer.get(),
      delivery.get(),
      &console,
      std::move(pins),
      options.worker_program.empty() ? default_worker_path() : options.worker_program,
      program};
  ASSIGN_OR_RETURN(CeremonySummary summary,
                   hold_ceremony(*store, tools, options.resumes ? Entry::kResume : Entry::kRun));
  std::size_t number = 0;
  for (const Participant& person : plan.draft.participants) {
    ++number;
    if (person.signing_key.empty()) continue;
    console << "  " << person.name << " signs: openssl pkeyutl -sign -rawin -inkey KEY -in "
            << options.folder << "/" << kManifestFile << " -out " << options.folder << "/"
            << signature_path(number, person.name) << "\n";
  }
  return summary;
}

Result<DrillSummary, Reason> drill(const CeremonyDrillOptions& options) {
  std::ostream& console = console_of(options.as_json);
  ASSIGN_OR_RETURN(const auto store, posix_store(options.folder));
  ASSIGN_OR_RETURN(const Plan plan, plan_in(*store));
  ASSIGN_OR_RETURN(const auto answerer,
                   answerer_of(options.input, prompts_of(Step::kDrill, plan), console));
  ASSIGN_OR_RETURN(PinReaders pins, pins_of(options.input));
  const auto collect = [&](unsigned count) -> Result<std::vector<Secret>, Reason> {
    if (!options.shares.empty()) return collect_from_files(options.shares);
    ASSIGN_OR_RETURN(SecretTerminal terminal, SecretTerminal::controlling());
    return collect_at_terminal(terminal, count);
  };
  const DrillTools tools{&system_clock(), &system_random(), answerer.get(),
                         &console,        std::move(pins),  collect};
  return hold_drill(*store, tools,
                    {{"second device", options.device_uri, options.profile, {}}, options.keep_key});
}

}  // namespace

int run_ceremony_plan(const CeremonyPlanOptions& options) {
  if (options.draft.empty()) {
    std::cout << encode_record(example_draft());
    return kExitOk;
  }
  const auto made = [&]() -> Result<Plan, Reason> {
    if (options.out.empty()) return Failure{Reason("Give the folder to make: --out FOLDER.")};
    ASSIGN_OR_RETURN(PlanDraft draft, read_draft(options.draft));
    ASSIGN_OR_RETURN(const Hash256 program, own_sha256());
    RETURN_IF_ERROR(make_empty_folder(options.out));
    ASSIGN_OR_RETURN(const auto store, posix_store(options.out));
    Plan plan = make_plan(std::move(draft), program, system_clock(), system_random());
    RETURN_IF_ERROR(write_plan(*store, plan));
    return plan;
  }();
  if (!made.ok()) return fail("plan", made.error(), kExitUnusable);
  const std::string hash = to_hex(sha256(as_bytes(encode_plan(*made))));
  if (options.as_json) {
    print_json({{"ceremony_id", made->ceremony_id},
                {"folder", options.out},
                {"plan_sha256", hash},
                {"program_sha256", to_hex(made->program_sha256)}});
  } else {
    std::cout << "ceremony        " << made->ceremony_id << "\nSHA-256 of plan " << hash
              << "\nPrint " << options.out << "/script.html; then: buri ceremony run "
              << options.out << "\n";
  }
  return kExitOk;
}

int run_ceremony_dry_run(const CeremonyDryRunOptions& options) {
  pkcs11::forbid_dumps();
  const auto report = [&]() -> Result<VerifyReport, Reason> {
    DryRunOptions run;
    ASSIGN_OR_RETURN(run.draft, read_draft(options.draft));
    if (!options.answers.empty()) {
      ASSIGN_OR_RETURN(run.answers, read_answers(options.answers));
    }
    run.worker_program =
        options.worker_program.empty() ? default_worker_path() : options.worker_program;
    ASSIGN_OR_RETURN(run.program_sha256, own_sha256());
    run.clock = &system_clock();
    run.random = &system_random();
    run.console = &console_of(options.as_json);
    return dry_run(options.out, run);
  }();
  if (!report.ok()) return fail("dry-run", report.error(), kExitUnusable);
  if (options.as_json) {
    print_json(to_json(*report));
  } else {
    std::cout << "\n";
    print(*report);
  }
  return kExitOk;
}

int run_ceremony_hold(const CeremonyHoldOptions& options) {
  pkcs11::forbid_dumps();
  const auto summary = hold(options);
  if (!summary.ok()) {
    return fail(options.resumes ? "resume" : "run", summary.error(), kExitUnusable);
  }
  if (options.as_json) {
    print_json(to_json(*summary));
  } else {
    print(*summary);
  }
  return kExitOk;
}

int run_ceremony_verify(const CeremonyVerifyOptions& options) {
  const auto store = posix_store(options.folder);
  if (!store.ok()) return fail("verify", store.error(), kExitUnusable);
  const auto report = verify_ceremony(**store, {.signatures = !options.without_signatures});
  if (options.as_json) {
    if (report.ok()) {
      json::object object = to_json(*report);
      object["fits"] = true;
      print_json(object);
    } else {
      print_json({{"fits", false},
                  {"artefact", report.error().artefact},
                  {"expected", report.error().expected},
                  {"found", report.error().found}});
    }
  } else if (report.ok()) {
    print(*report);
  } else {
    std::cerr << "buri ceremony verify: " << describe(report.error()) << "\n";
  }
  return report.ok() ? kExitOk : kExitRefused;
}

int run_ceremony_drill(const CeremonyDrillOptions& options) {
  pkcs11::forbid_dumps();
  const auto summary = drill(options);
  if (!summary.ok()) return fail("drill-restore", summary.error(), kExitUnusable);
  if (options.as_json) {
    print_json({{"folder", summary->folder}, {"address", summary->address}});
  } else {
    std::cout << summary->folder << ": the restored key signs as " << summary->address << "\n";
  }
  return kExitOk;
}

}  // namespace buri::hsm::cli
