#include <CLI/CLI.hpp>
#include <memory>

#include "node/cli/commands.hpp"
#include "node/cli/consensus_genesis.hpp"
#include "node/cli/finish_verb.hpp"

/// The command lines of `buri consensus init`, `export` and `migrate`.

namespace buri::cli {
namespace {

void add_genesis_import(CLI::App& consensus, int& exit_code) {
  CLI::App* verb = consensus.add_subcommand(
      "init",
      "Imports a genesis of any size into a new home, in bounded memory; `replay --home` goes on "
      "from there.\nWhat an interrupted run leaves is dropped when it is run again.\n"
      "Exit 0: done, 2: the genesis or the home cannot be used.\n"
      "Example: buri consensus init --home stores --genesis genesis.json");
  auto arguments = std::make_shared<InitArguments>();
  verb->add_option("--home", arguments->home, "Folder of the stores, which it makes")->required();
  verb->add_option("--genesis", arguments->genesis,
                   "The genesis file, plain, or .xz up to 512 MiB unpacked")
      ->required();
  verb->add_option("--forks", arguments->forks,
                   "A JSON object: fork name to height, for a chain that is none of Polygon's");
  finish_verb(*verb, "consensus init", arguments, &run_init, exit_code);
}

void add_genesis_export(CLI::App& consensus, int& exit_code) {
  CLI::App* verb = consensus.add_subcommand(
      "export",
      "Writes the state of a height as a genesis file, as the stock daemon's export does, in "
      "bounded memory.\nA chain that begins with it goes on at the next height. "
      "Exit 0: done, 2: the home, the height or the file cannot be used.\n"
      "Example: buri consensus export --home stores --genesis-time 2026-11-25T17:14:57Z --output "
      "genesis.json");
  auto arguments = std::make_shared<ExportArguments>();
  verb->add_option("--home", arguments->home, "Folder of the stores; no node may run on it")
      ->required();
  verb->add_option("--genesis-time", arguments->genesis_time,
                   "The new genesis time, RFC 3339: not after the first block's")
      ->required();
  verb->add_option("--output", arguments->output, "The file, which must not be there yet")
      ->required();
  verb->add_option("--height", arguments->height, "The height to export; without it the newest")
      ->check(CLI::PositiveNumber);
  finish_verb(*verb, "consensus export", arguments, &run_export, exit_code);
}

void add_genesis_migration(CLI::App& consensus, int& exit_code) {
  CLI::App* verb = consensus.add_subcommand(
      "migrate",
      "Turns an export of Heimdall v1 into a genesis of v2, in bounded memory. `init` checks the "
      "result as a whole.\nExit 0: done, 2: the export or the file cannot be used.\n"
      "Example: buri consensus migrate --genesis dump-genesis.json --chain-id heimdallv2-137 "
      "--genesis-time 2025-07-10T14:00:00Z --initial-height 24404501 --output genesis.json");
  auto arguments = std::make_shared<MigrateArguments>();
  verb->add_option("--genesis", arguments->genesis, "The export of Heimdall v1, plain or .xz")
      ->required();
  verb->add_option("--chain-id", arguments->chain_id, "The new chain's id")->required();
  verb->add_option("--genesis-time", arguments->genesis_time, "The new genesis time, RFC 3339")
      ->required();
  verb->add_option("--initial-height", arguments->initial_height, "The new chain's first height")
      ->required()
      ->check(CLI::PositiveNumber);
  verb->add_option("--output", arguments->output, "The file, which must not be there yet")
      ->required();
  finish_verb(*verb, "consensus migrate", arguments, &run_migrate, exit_code);
}

}  // namespace

void add_genesis_commands(CLI::App& consensus, int& exit_code) {
  add_genesis_import(consensus, exit_code);
  add_genesis_export(consensus, exit_code);
  add_genesis_migration(consensus, exit_code);
}

}  // namespace buri::cli
