#include <CLI/CLI.hpp>
#include <memory>

#include "node/cli/commands.hpp"
#include "node/cli/execution_replay.hpp"

/// The command lines of `buri execution`.

namespace buri::cli {
namespace {

void add_replay(CLI::App& execution, int& exit_code) {
  CLI::App* verb = execution.add_subcommand(
      "replay",
      "Imports a recorded Bor chain from its genesis and compares everything that the record "
      "tells:\n"
      "block hashes, state roots, receipts, logs, gas, authors, whole states, side blocks and the\n"
      "verdicts on blocks that were refused. Files in the folder, plain or .xz: genesis.json,\n"
      "heimdall.json, blocks.rlp or blocks-heavy.rlp, and whichever are there of headers.tsv,\n"
      "authors.tsv, tx-gas.tsv, receipts-raw.jsonl, receipts-json.jsonl, state.jsonl,\n"
      "side-blocks.jsonl, invalid-blocks.jsonl.\n"
      "Exit 0: equal, 1: different (the first difference is explained), 2: the input cannot be "
      "used.\n"
      "Example: buri execution replay --chain bor-devnet/chain-a");
  auto arguments = std::make_shared<ExecutionReplayArguments>();
  verb->add_option("--chain", arguments->chain, "The folder of the recorded chain")->required();
  verb->add_option(
      "--home", arguments->home,
      "A folder that blocks and state are kept in; the run goes on where the last one ended. "
      "Without it all is in memory");
  verb->add_option("--until", arguments->until_block, "The last block to replay")
      ->check(CLI::PositiveNumber);
  verb->add_option("--threads", arguments->threads, "Threads for signatures; 0: one per CPU")
      ->check(CLI::Range(0U, 1024U));
  verb->add_option("--workers", arguments->workers,
                   "Threads that execute a block's transactions; 1: one after the other")
      ->check(CLI::Range(1U, 256U));
  verb->add_flag("--json", arguments->as_json, "Print one JSON object instead of lines");
  verb->callback([=, &exit_code] { exit_code = run_execution_replay(*arguments); });
}

}  // namespace

void add_execution_commands(CLI::App& app, int& exit_code) {
  CLI::App* execution = app.add_subcommand(
      "execution",
      "Bor's blocks and state: import, export, upkeep, replay of recorded chains.\n"
      "Example: buri execution replay --help");
  execution->require_subcommand(1);
  add_replay(*execution, exit_code);
  add_execution_upkeep_commands(*execution, exit_code);
}

}  // namespace buri::cli
