#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "node/cli/commands.hpp"
#include "node/cli/consensus_inspect.hpp"
#include "node/cli/consensus_maintain.hpp"
#include "node/cli/finish_verb.hpp"

/// The command lines of `buri consensus rollback`, `prune` and `inspect`.

namespace buri::cli {
namespace {

constexpr const char* kBytesHelp =
    "Hex or base64, or a file (- is stdin) that holds hex, base64 or raw bytes";

void add_home(CLI::App& verb, std::string& home) {
  verb.add_option("--home", home, "Folder of the stores; no node may run on it")->required();
}
void add_height(CLI::App& verb, std::int64_t& height) {
  verb.add_option("--height", height, "The height to look at; without it the newest")
      ->check(CLI::PositiveNumber);
}

void add_rollback(CLI::App& consensus, int& exit_code) {
  CLI::App* verb = consensus.add_subcommand(
      "rollback",
      "Removes every height above one of those kept; the chain goes on from there.\n"
      "Exit 0: done, 2: the home or the height cannot be used.\n"
      "Example: buri consensus rollback --home stores --to 100");
  auto arguments = std::make_shared<RollbackArguments>();
  add_home(*verb, arguments->home);
  verb->add_option("--to", arguments->height, "The last height that stays")
      ->required()
      ->check(CLI::PositiveNumber);
  finish_verb(*verb, "consensus rollback", arguments, &run_rollback, exit_code);
}

void add_prune(CLI::App& consensus, int& exit_code) {
  CLI::App* verb = consensus.add_subcommand(
      "prune",
      "Removes old heights. What stays begins where whole trees are on disk, so somewhat more than "
      "asked\nfor may stay. Exit 0: done, 2: the home or the height cannot be used.\n"
      "Example: buri consensus prune --home stores --keep 10000");
  auto arguments = std::make_shared<PruneArguments>();
  add_home(*verb, arguments->home);
  CLI::Option_group* which = verb->add_option_group("which", "Which heights go");
  which->add_option("--keep", arguments->kept_heights, "How many of the newest heights stay")
      ->check(CLI::PositiveNumber);
  which->add_option("--below", arguments->below, "Heights below this one go")
      ->check(CLI::PositiveNumber);
  which->require_option(1);
  finish_verb(*verb, "consensus prune", arguments, &run_prune, exit_code);
}

void add_inspect_store(CLI::App& inspect, int& exit_code) {
  CLI::App* verb =
      inspect.add_subcommand("store",
                             "Roots of a height, and how many keys and bytes each store has.\n"
                             "Example: buri consensus inspect store bor --home stores");
  auto arguments = std::make_shared<InspectStoreArguments>();
  verb->add_option("STORE", arguments->store, "One store's name; without it all");
  add_home(*verb, arguments->home);
  add_height(*verb, arguments->height);
  finish_verb(*verb, "consensus inspect store", arguments, &inspect_store, exit_code);
}

void add_inspect_key(CLI::App& inspect, int& exit_code) {
  CLI::App* verb = inspect.add_subcommand(
      "key",
      "The value of a key, in words where the key's table is known. Exit 1: the key is not there.\n"
      "Example: buri consensus inspect key stake 2223 --home stores --proof");
  auto arguments = std::make_shared<InspectKeyArguments>();
  verb->add_option("STORE", arguments->store, "The store's name")->required();
  verb->add_option("KEY", arguments->key, "The key in hex")->required();
  verb->add_flag("--text", arguments->key_is_text, "KEY is text, not hex");
  verb->add_flag("--proof", arguments->with_proof,
                 "Add the ICS-23 proof up to the app hash, as /abci_query gives it");
  add_home(*verb, arguments->home);
  add_height(*verb, arguments->height);
  finish_verb(*verb, "consensus inspect key", arguments, &inspect_key, exit_code);
}

void add_inspect_tx(CLI::App& inspect, int& exit_code) {
  CLI::App* verb =
      inspect.add_subcommand("tx",
                             "A transaction as the strict decoder reads it: messages, fee, sign "
                             "bytes, hash. Exit 1: it is "
                             "none.\nExample: buri consensus inspect tx tx.bin --home stores");
  auto arguments = std::make_shared<InspectTxArguments>();
  verb->add_option("TX", arguments->input, kBytesHelp)->required();
  verb->add_option("--home", arguments->home,
                   "Take chain id, account number and key from these stores");
  verb->add_option("--chain-id", arguments->chain_id, "The chain that it is signed for");
  verb->add_option("--account-number", arguments->account_number, "The signer's account number");
  finish_verb(*verb, "consensus inspect tx", arguments, &inspect_tx, exit_code);
}

void add_inspect_ve(CLI::App& inspect, int& exit_code) {
  CLI::App* verb = inspect.add_subcommand(
      "ve",
      "A vote extension, or the list of them that heads a block's transactions. Exit 1: it is none."
      "\nExample: buri consensus inspect ve extension.hex");
  auto arguments = std::make_shared<InspectVeArguments>();
  verb->add_option("BYTES", arguments->input, kBytesHelp)->required();
  static const std::map<std::string, ExtensionKind> kinds{{"any", ExtensionKind::kAny},
                                                          {"extension", ExtensionKind::kExtension},
                                                          {"commit", ExtensionKind::kCommit},
                                                          {"non-rp", ExtensionKind::kNonRp}};
  verb->add_option("--kind", arguments->kind,
                   "any, extension, commit (a block's first transaction) or non-rp (what the root "
                   "chain checks)")
      ->transform(CLI::CheckedTransformer(kinds));
  finish_verb(*verb, "consensus inspect ve", arguments, &inspect_ve, exit_code);
}

}  // namespace

void add_upkeep_commands(CLI::App& consensus, int& exit_code) {
  add_rollback(consensus, exit_code);
  add_prune(consensus, exit_code);
  CLI::App* inspect = consensus.add_subcommand(
      "inspect",
      "Looks into a home, or at raw bytes of the chain.\nExit 0: shown, 1: not there or not such "
      "bytes, 2: the input cannot be used.\nExample: buri consensus inspect store --home stores");
  inspect->require_subcommand(1);
  add_inspect_store(*inspect, exit_code);
  add_inspect_key(*inspect, exit_code);
  add_inspect_tx(*inspect, exit_code);
  add_inspect_ve(*inspect, exit_code);
}

}  // namespace buri::cli
