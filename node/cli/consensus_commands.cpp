#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "node/cli/commands.hpp"
#include "node/cli/consensus_replay.hpp"

/// The command lines of `buri consensus`.

namespace buri::cli {
namespace {

void add_replay(CLI::App& consensus, int& exit_code) {
  CLI::App* verb = consensus.add_subcommand(
      "replay",
      "Executes a recorded Heimdall chain again from its genesis and compares every hash, commit,\n"
      "extension, result, event, validator update and store root with the record.\n"
      "Exit 0: equal, 1: different (the first difference is explained), 2: the input cannot be "
      "used.\n"
      "Example: buri consensus replay --genesis genesis.json.xz --forks forks.json --records "
      "blocks.jsonl.xz");
  auto arguments = std::make_shared<ReplayArguments>();
  verb->add_option("--genesis", arguments->genesis, "The genesis file, plain or .xz")->required();
  verb->add_option("--forks", arguments->forks,
                   "A JSON object: fork name to height; absent is never, 0 from the first block")
      ->required();
  verb->add_option("--records", arguments->records,
                   "The recorded blocks (blocks.jsonl, plain or .xz), or the folder they are in; "
                   "writes.jsonl beside them explains a root that differs")
      ->required();
  verb->add_option("--home", arguments->home,
                   "Folder of the stores: kept, and continued if it holds the chain's first "
                   "heights. Without it all is in memory");
  verb->add_option("--until", arguments->until_height, "The last height to replay")
      ->check(CLI::PositiveNumber);
  verb->add_option("--threads", arguments->threads, "Threads for signatures; 0: one per CPU")
      ->check(CLI::Range(0U, 1024U));
  verb->add_flag("--json", arguments->as_json, "Print one JSON object instead of lines");
  verb->callback([=, &exit_code] { exit_code = run_replay(*arguments); });
}

}  // namespace

void add_consensus_commands(CLI::App& app, int& exit_code) {
  CLI::App* consensus =
      app.add_subcommand("consensus",
                         "Heimdall's state machine: replay of recorded chains, its stores.\n"
                         "Example: buri consensus replay --help");
  consensus->require_subcommand(1);
  add_replay(*consensus, exit_code);
  add_genesis_commands(*consensus, exit_code);
  add_snapshot_commands(*consensus, exit_code);
  add_upkeep_commands(*consensus, exit_code);
}

}  // namespace buri::cli
