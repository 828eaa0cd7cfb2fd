#include <cstdio>
#include <functional>

#include "node/cli/commands.hpp"
#include "node/cli/verify_bundle.hpp"
#include "node/cli/verify_checkpoint.hpp"
#include "node/cli/verify_commit.hpp"
#include "node/cli/verify_proof.hpp"
#include "node/cli/verify_speed.hpp"

/// The command lines of `buri verify`.

namespace buri::cli {
namespace {

/// Starts the engine, runs `verify` with it, prints what it found and, if wanted, how fast the
/// backends are; the exit code.
int run(bool as_json, const std::function<Outcome(Verifier&)>& verify, bool with_speed = false) {
  auto engine = accel::Engine::start({});
  if (!engine.ok()) {
    std::fprintf(stderr, "buri verify: the crypto engine does not start: %s: expected %s\n",
                 engine.error().field.c_str(), engine.error().expected.c_str());
    return kExitUnusable;
  }
  Verifier verifier{*engine.value(), {}};
  if (as_json) return print(verify(verifier), true, with_speed ? speed_json : nullptr);
  const int exit_code = print(verify(verifier), false);
  if (exit_code == kExitOk && with_speed) print_speed();
  return exit_code;
}

void add_commit(CLI::App& verify, int& exit_code) {
  CLI::App* verb = verify.add_subcommand(
      "commit",
      "Checks CometBFT commits: header hash, validators hash, every signature, more than 2/3 of "
      "the "
      "power.\nExample: buri verify commit commit.json --validators page1.json page2.json");
  auto options = std::make_shared<CommitOptions>();
  auto any_v = std::make_shared<bool>(false);
  auto as_json = std::make_shared<bool>(false);
  verb->add_option("FILE", options->file, "A node's /commit answer or a bundled file; - is stdin")
      ->required();
  verb->add_option("--validators", options->validators, "Every page of /validators at that height");
  verb->add_flag("--any-v", *any_v,
                 "Accept a V byte that does not recover the signer, as the network does");
  verb->add_flag("--json", *as_json, "Print one JSON object instead of lines");
  verb->callback([=, &exit_code] {
    options->v_byte = *any_v ? VByte::kIgnored : VByte::kMustRecover;
    exit_code = run(*as_json, [&](Verifier& v) { return verify_commit_files(v, *options); });
  });
}

void add_proof(CLI::App& verify, int& exit_code) {
  CLI::App* verb =
      verify.add_subcommand("proof",
                            "Checks ICS-23 proofs of Heimdall's state up to an app hash.\n"
                            "Example: buri verify proof query.json --app-hash 4596103E...");
  auto options = std::make_shared<ProofOptions>();
  auto as_json = std::make_shared<bool>(false);
  verb->add_option("FILE", options->file,
                   "A node's /abci_query answer (prove=true) or the bundled file; - is stdin")
      ->required();
  verb->add_option("--app-hash", options->app_hash,
                   "app_hash of the header one above the query's height, 64 hex digits");
  verb->add_flag("--json", *as_json, "Print one JSON object instead of lines");
  verb->callback([=, &exit_code] {
    exit_code = run(*as_json, [&](Verifier& v) { return verify_proof_file(v.crypto, *options); });
  });
}

void add_checkpoint(CLI::App& verify, int& exit_code) {
  CLI::App* verb = verify.add_subcommand(
      "checkpoint",
      "Checks a checkpoint root over Bor headers, an exit proof, or the bundled vectors.\n"
      "Example: buri verify checkpoint headers.json --root 0x7b52...");
  auto options = std::make_shared<CheckpointOptions>();
  auto as_json = std::make_shared<bool>(false);
  verb->add_option("FILE", options->file,
                   "An array of eth_getBlockByNumber answers, or a bundled file; - is stdin")
      ->required();
  verb->add_option("--root", options->root,
                   "The root in RootChain.headerBlocks or bor_getRootHash, 64 hex digits");
  verb->add_flag("--json", *as_json, "Print one JSON object instead of lines");
  verb->callback([=, &exit_code] {
    exit_code =
        run(*as_json, [&](Verifier& v) { return verify_checkpoint_file(v.crypto, *options); });
  });
}

}  // namespace

void add_verify_commands(CLI::App& app, int& exit_code) {
  CLI::App* verify = app.add_subcommand(
      "verify",
      "Checks real chain data. Without a verb: the bundled mainnet data, every hash, signature, "
      "proof and\nproposer recomputed, then how fast each backend is.\n"
      "Exit 0: valid, 1: a rule is broken, 2: the input cannot be used.\n"
      "Example: buri verify");
  auto options = std::make_shared<BundleOptions>();
  auto as_json = std::make_shared<bool>(false);
  verify->add_option("DIR", options->directory, "Folder of the bundled data")
      ->capture_default_str();
  verify->add_flag(
      "--json", *as_json,
      "Print one JSON object instead of lines; if all is valid it ends with \"speed\": {\"cpu\", "
      "\"rates\": [{\"backend\",\n\"operation\", \"batch\", \"per_second\", \"ratio\", "
      "\"peer\"}], \"missing\": [{\"backend\", \"reason\"}]}");
  verify->add_flag("--no-speed", options->no_speed, "Leave out the measurement of the backends");
  verify->require_subcommand(0, 1);
  add_commit(*verify, exit_code);
  add_proof(*verify, exit_code);
  add_checkpoint(*verify, exit_code);
  verify->callback([=, &exit_code] {
    if (!verify->get_subcommands().empty()) return;
    exit_code =
        run(*as_json, [&](Verifier& v) { return verify_bundle(v, *options); }, !options->no_speed);
  });
}

}  // namespace buri::cli
