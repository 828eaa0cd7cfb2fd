#include "hsm/cli/hsm_commands.hpp"

#include "hsm/cli/hsm_inspect.hpp"
#include "hsm/cli/hsm_list.hpp"
#include "hsm/cli/hsm_soft_token.hpp"
#include "hsm/cli/hsm_test.hpp"

namespace buri::hsm::cli {
namespace {

void add_key_options(CLI::App& verb, KeyOptions& options) {
  verb.add_option("key-uri", options.uri,
                  "RFC 7512 URI of the private key, with module-path; never with a PIN")
      ->required();
  verb.add_option("--pin-file", options.pin_file, "File that holds the user PIN");
  verb.add_option("--profile", options.profile,
                  "Vendor profile; guessed from the token if not given");
  verb.add_flag("--accept-restored-key", options.accept_restored_key,
                "Accept a key that was restored or imported");
  verb.add_flag("--ignore-pin-flags", options.ignore_pin_flags,
                "Log in although the token says that few PIN tries are left");
}

void add_list(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* const verb = group.add_subcommand(
      "list",
      "Shows a module's tokens, what they can do, and which vendor profile fits. Needs no PIN.\n"
      "Example: buri hsm list /usr/lib/softhsm/libsofthsm2.so");
  verb->add_option("module", options->module_path, "Path of the PKCS#11 module")->required();
  verb->add_flag("--json", options->as_json, "Print one JSON object");
  verb->callback([options, &exit_code] { exit_code = run_list(*options); });
}

void add_inspect(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* const verb = group.add_subcommand(
      "inspect",
      "Logs in once, reads every attribute of a key back and says whether it may sign for a "
      "validator.\nExample: buri hsm inspect --pin-file /run/credentials/buri/pin "
      "'pkcs11:token=polval;object=validator?module-path=/usr/lib/softhsm/libsofthsm2.so'");
  add_key_options(*verb, options->key);
  verb->add_flag("--json", options->as_json, "Print one JSON object");
  verb->callback([options, &exit_code] { exit_code = run_inspect(*options); });
}

void add_test(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<TestOptions>();
  CLI::App* const verb = group.add_subcommand(
      "test",
      "Starts buri-hsm as the signer does and measures real signatures of typed probe messages, "
      "each recovered to the key.\nExample: buri hsm test --count 1000 --pin-file "
      "/run/credentials/buri/pin "
      "'pkcs11:token=polval;object=validator?module-path=/usr/lib/softhsm/libsofthsm2.so'");
  add_key_options(*verb, options->key);
  verb->add_option("--count", options->count, "Single signatures to make")
      ->check(CLI::Range(1U, 1'000'000U))
      ->capture_default_str();
  verb->add_option("--sessions", options->sessions, "Sessions at once; 0: as the profile says")
      ->check(CLI::Range(0U, 16U));
  verb->add_option("--public-key", options->public_key, "X and Y of the key, 128 hex digits");
  verb->add_option("--worker", options->worker_program, "Path of buri-hsm");
  verb->add_option("--environment", options->environment,
                   "Names of variables that the vendor's module needs, passed on to the worker");
  verb->add_flag("--json", options->as_json, "Print one JSON object");
  verb->callback([options, &exit_code] { exit_code = run_test(*options); });
}

void add_soft_token(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<SoftTokenOptions>();
  CLI::App* const verb = group.add_subcommand(
      "soft-token",
      "Makes a SoftHSM token with a validator's key and its PIN in a folder, for networks whose "
      "money is worthless.\nExample: buri hsm soft-token ~/validator-1/hsm");
  verb->add_option("folder", options->folder, "Made if it is not there; must have no token")
      ->required();
  verb->add_option("--module", options->module_path, "Path of SoftHSM's PKCS#11 module");
  verb->add_flag("--json", options->as_json, "Print one JSON object");
  verb->callback([options, &exit_code] { exit_code = run_soft_token(*options); });
}

}  // namespace

void add_hsm_commands(CLI::App& app, int& exit_code) {
  CLI::App* const group =
      app.add_subcommand("hsm", "Looks at PKCS#11 modules, tokens and keys, and measures them.");
  group->require_subcommand(1);
  add_list(*group, exit_code);
  add_inspect(*group, exit_code);
  add_test(*group, exit_code);
  add_soft_token(*group, exit_code);
}

}  // namespace buri::hsm::cli
