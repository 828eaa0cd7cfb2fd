#include <CLI/CLI.hpp>
#include <memory>

#include "node/cli/commands.hpp"
#include "node/cli/consensus_snapshot.hpp"
#include "node/cli/finish_verb.hpp"

/// The command lines of `buri consensus snapshot`.

namespace buri::cli {
namespace {

void add_export(CLI::App& group, int& exit_code) {
  CLI::App* verb = group.add_subcommand(
      "export",
      "Writes a height of a node as one file: its state, its block and the block above, which "
      "proves both.\nThe node must not run. Exit 0: written, 2: the home or the height cannot be "
      "used.\nExample: buri consensus snapshot export --home /var/lib/buri --out chain.snapshot");
  auto arguments = std::make_shared<SnapshotExportArguments>();
  verb->add_option("--home", arguments->home, "Home of the node")->required();
  verb->add_option("--out", arguments->output, "The file to write; it must not be there")
      ->required();
  verb->add_option("--height", arguments->height,
                   "The height; without it the newest below the last block")
      ->check(CLI::PositiveNumber);
  finish_verb(*verb, "consensus snapshot export", arguments, &run_snapshot_export, exit_code);
}

void add_import(CLI::App& group, int& exit_code) {
  CLI::App* verb = group.add_subcommand(
      "import",
      "Puts a snapshot into a home that holds no chain; `burid start` then goes on from its height "
      "by block\nsync. Everything is verified up to the hash of the header above, which "
      "--trusted-hash vouches for:\ntake it from a node that you trust or from `buri light "
      "verify`; without it, compare next_header_hash.\nExit 0: imported, 1: of another chain than "
      "the trusted hash says, 2: the file or the home cannot be used.\n"
      "Example: buri consensus snapshot import chain.snapshot --home /var/lib/buri "
      "--trusted-hash 5A3B...");
  auto arguments = std::make_shared<SnapshotImportArguments>();
  verb->add_option("FILE", arguments->file, "The snapshot")->required();
  verb->add_option("--home", arguments->home, "Home of the node to be")->required();
  verb->add_option("--trusted-hash", arguments->trusted_hash,
                   "Hash of the header above the snapshot's height, 64 hex digits");
  finish_verb(*verb, "consensus snapshot import", arguments, &run_snapshot_import, exit_code);
}

}  // namespace

void add_snapshot_commands(CLI::App& consensus, int& exit_code) {
  CLI::App* group =
      consensus.add_subcommand("snapshot",
                               "A height of a node as one file, and a node that goes on from it.\n"
                               "Example: buri consensus snapshot export --help");
  group->require_subcommand(1);
  add_export(*group, exit_code);
  add_import(*group, exit_code);
}

}  // namespace buri::cli
