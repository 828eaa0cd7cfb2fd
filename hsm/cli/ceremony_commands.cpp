#include "hsm/cli/ceremony_commands.hpp"

#include <memory>

#include "hsm/cli/ceremony_verbs.hpp"

namespace buri::hsm::cli {
namespace {

constexpr const char* kSources =
    "terminal (asked without echo), file:PATH, credential:NAME (systemd) or fd:NUMBER; never a PIN";

void add_json(CLI::App& verb, bool& as_json) {
  verb.add_flag("--json", as_json,
                "Print one JSON object on standard output; the console goes to standard error");
}

void add_input(CLI::App& verb, CeremonyInput& input) {
  verb.add_option("--answers", input.answers, "File with the answers; else they are typed");
  verb.add_option("--officer-pin", input.officer_pin,
                  std::string("Where the security officer's PIN comes from: ") + kSources)
      ->capture_default_str();
  verb.add_option("--user-pin", input.user_pin, "Where the user PIN comes from, in the same way")
      ->capture_default_str();
  verb.add_flag("--ignore-pin-flags", input.ignore_pin_flags,
                "Log in although the token says that few PIN tries are left");
}

void add_plan(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<CeremonyPlanOptions>();
  CLI::App* const verb = group.add_subcommand(
      "plan",
      "Makes the folder of a new ceremony from a draft: plan.json, and the script as Markdown and "
      "as HTML to print. Without a draft it prints an example of one.\n"
      "Example: buri ceremony plan draft.json --out ceremony-2026");
  CLI::Option* const draft =
      verb->add_option("draft", options->draft, "The draft, a JSON file people write");
  verb->add_option("--out", options->out, "Folder to make")->needs(draft);
  add_json(*verb, options->as_json);
  verb->callback([options, &exit_code] { exit_code = run_ceremony_plan(*options); });
}

void add_dry_run(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<CeremonyDryRunOptions>();
  CLI::App* const verb = group.add_subcommand(
      "dry-run",
      "Rehearses everything on two temporary SoftHSM tokens: ceremony, participants' signatures, "
      "restore drill, check. The key is worthless and gone afterwards; the papers stay.\n"
      "Example: buri ceremony dry-run --out rehearsal");
  verb->add_option("draft", options->draft, "A draft; else the example's people take part");
  verb->add_option("--out", options->out, "Folder to make")->required();
  verb->add_option("--answers", options->answers, "File with all answers; else a rehearsal's");
  verb->add_option("--worker", options->worker_program, "Path of buri-hsm");
  add_json(*verb, options->as_json);
  verb->callback([options, &exit_code] { exit_code = run_ceremony_dry_run(*options); });
}

void add_hold(CLI::App& group, bool resumes, int& exit_code) {
  auto options = std::make_shared<CeremonyHoldOptions>();
  options->resumes = resumes;
  CLI::App* const verb = group.add_subcommand(
      resumes ? "resume" : "run",
      resumes
          ? "Goes on with a ceremony that was interrupted, from the first step that is not done, "
            "or says why that cannot be.\nExample: buri ceremony resume ceremony-2026"
          : "Holds the ceremony whose plan is in a folder. Every question says what will happen "
            "and "
            "what could be lost, and goes to the transcript with its answer.\n"
            "Example: buri ceremony run ceremony-2026\n"
            "Example: buri ceremony run ceremony-2026 --answers answers.json --share-dir "
            "/media/shares --officer-pin fd:3 --user-pin fd:4 3<officer.pin 4<user.pin");
  verb->add_option("folder", options->folder, "The ceremony's folder")->required();
  add_input(*verb, options->input);
  verb->add_option("--share-dir", options->share_folder,
                   "Write each share to a file there; else each is shown to its custodian, who "
                   "types it back");
  verb->add_option("--worker", options->worker_program, "Path of buri-hsm");
  add_json(*verb, options->as_json);
  verb->callback([options, &exit_code] { exit_code = run_ceremony_hold(*options); });
}

void add_verify(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<CeremonyVerifyOptions>();
  CLI::App* const verb = group.add_subcommand(
      "verify",
      "Checks a ceremony's folder without any device: hashes, transcript, papers, proof of "
      "possession, backup, signatures, drills. Names the first artefact that does not fit.\n"
      "Example: buri ceremony verify ceremony-2026");
  verb->add_option("folder", options->folder, "The ceremony's folder")->required();
  verb->add_flag("--without-signatures", options->without_signatures,
                 "Do not ask for the participants' signatures under the manifest");
  add_json(*verb, options->as_json);
  verb->callback([options, &exit_code] { exit_code = run_ceremony_verify(*options); });
}

void add_drill(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<CeremonyDrillOptions>();
  CLI::App* const verb = group.add_subcommand(
      "drill-restore",
      "Restores the key from shares and backup file on a second device, has it sign, and records "
      "that below the ceremony's folder. The device keeps nothing, or the key alone.\n"
      "Example: buri ceremony drill-restore ceremony-2026 --device "
      "'pkcs11:token=standby?module-path=/opt/x/libCryptoki2.so'");
  verb->add_option("folder", options->folder, "The ceremony's folder")->required();
  verb->add_option("--device", options->device_uri, "URI of the second token, with module-path")
      ->required();
  verb->add_option("--profile", options->profile,
                   "Vendor profile; guessed from the token if not given");
  verb->add_option("--share", options->shares, "File with one share; else shares are typed");
  verb->add_flag("--keep-key", options->keep_key,
                 "Leave the key on the second device for good, as a standby");
  add_input(*verb, options->input);
  add_json(*verb, options->as_json);
  verb->callback([options, &exit_code] { exit_code = run_ceremony_drill(*options); });
}

}  // namespace

void add_ceremony_commands(CLI::App& app, int& exit_code) {
  CLI::App* const group = app.add_subcommand(
      "ceremony", "Makes a validator key in front of witnesses, and checks that it was done so.");
  group->require_subcommand(1);
  add_plan(*group, exit_code);
  add_dry_run(*group, exit_code);
  add_hold(*group, false, exit_code);
  add_hold(*group, true, exit_code);
  add_verify(*group, exit_code);
  add_drill(*group, exit_code);
}

}  // namespace buri::hsm::cli
