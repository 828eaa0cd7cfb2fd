#include <CLI/CLI.hpp>
#include <memory>

#include "node/cli/commands.hpp"
#include "node/cli/execution_import.hpp"
#include "node/cli/execution_inspect.hpp"
#include "node/cli/execution_upkeep.hpp"
#include "node/cli/finish_verb.hpp"

/// The command lines of `buri execution init`, `import`, `export`, `rewind`, `prune`,
/// `verify-state` and `inspect`.

namespace buri::cli {
namespace {

void add_home(CLI::App& verb, std::string& home) {
  verb.add_option("--home", home, "Folder of blocks and state; no node may run on it")->required();
}

/// Adds --home as well.
template <class Arguments>
void finish_home_verb(CLI::App& verb, const std::string& name,
                      const std::shared_ptr<Arguments>& arguments,
                      AnswerResult (*run)(const Arguments&), int& exit_code) {
  add_home(verb, arguments->home);
  finish_verb(verb, "execution " + name, arguments, run, exit_code);
}

void add_init(CLI::App& execution, int& exit_code) {
  CLI::App* verb = execution.add_subcommand(
      "init",
      "Begins a chain in an empty folder. In a home of the same chain only the forks and the "
      "other\n"
      "settings of the genesis' \"config\" are replaced. Files of mainnet (137) and Amoy (80002) "
      "may end\nat an older fork: what the network decided since is known.\n"
      "Exit 0: done, 2: file or home cannot be used.\n"
      "Example: buri execution init --genesis genesis.json --home bor");
  auto arguments = std::make_shared<ExecutionInitArguments>();
  verb->add_option("--genesis", arguments->genesis, "The genesis file of Bor, plain or .xz")
      ->required();
  finish_home_verb(*verb, "init", arguments, &run_execution_init, exit_code);
}

void add_import(CLI::App& execution, int& exit_code) {
  CLI::App* verb = execution.add_subcommand(
      "import",
      "Imports blocks from files (RLP, one behind the other, plain or .xz), in the given order.\n"
      "Every block is judged and executed in turn, and on disk before the one after the next; "
      "blocks that\nthe home has are passed over, so a broken import is simply run again. Block "
      "times are not measured "
      "against this\nmachine's clock. The first block that is refused ends the import.\n"
      "Exit 0: all blocks were taken, 1: a block breaks a rule, 2: the input cannot be used.\n"
      "Example: buri execution import blocks.rlp --home bor --heimdall heimdall.json");
  auto arguments = std::make_shared<ExecutionImportArguments>();
  verb->add_option("FILES", arguments->files, "Files of blocks")->required();
  add_home(*verb, arguments->home);
  verb->add_option("--heimdall", arguments->heimdall,
                   "A file of Heimdall's answers: an object of \"spans\", \"events\" and "
                   "\"milestones\", plain or .xz")
      ->required();
  verb->add_option("--until", arguments->until_block, "The last block to import")
      ->check(CLI::PositiveNumber);
  verb->add_option("--cache", arguments->cache_mib, "Memory for caches, in MiB")
      ->check(CLI::Range(64U, 1U << 20));
  verb->add_option("--threads", arguments->threads, "Threads for signatures; 0: one per CPU")
      ->check(CLI::Range(0U, 1024U));
  verb->add_option("--workers", arguments->workers,
                   "Threads that execute a block's transactions; 1: one after the other")
      ->check(CLI::Range(1U, 256U));
  verb->add_flag("--json", arguments->as_json, "Print one JSON object instead of lines");
  verb->callback([=, &exit_code] { exit_code = run_execution_import(*arguments); });
}

void add_export(CLI::App& execution, int& exit_code) {
  CLI::App* verb = execution.add_subcommand(
      "export",
      "Writes canonical blocks to a new file as RLP, one behind the other: what import reads.\n"
      "Exit 0: done, 2: home, range or file cannot be used.\n"
      "Example: buri execution export blocks.rlp --home bor --from 1 --to 1000");
  auto arguments = std::make_shared<ExecutionExportArguments>();
  verb->add_option("FILE", arguments->file, "The file's name; it must not be there yet")
      ->required();
  verb->add_option("--from", arguments->from, "The first block; 1 without it")
      ->check(CLI::PositiveNumber);
  verb->add_option("--to", arguments->to, "The last block; the head without it")
      ->check(CLI::PositiveNumber);
  finish_home_verb(*verb, "export", arguments, &run_execution_export, exit_code);
}

void add_rewind(CLI::App& execution, int& exit_code) {
  CLI::App* verb = execution.add_subcommand(
      "rewind",
      "Takes the head back to an earlier block and removes every block above it.\n"
      "Exit 0: done, 2: home or block cannot be used.\n"
      "Example: buri execution rewind --home bor --to 1000");
  auto arguments = std::make_shared<ExecutionRewindArguments>();
  verb->add_option("--to", arguments->to, "The block that becomes the head")->required();
  finish_home_verb(*verb, "rewind", arguments, &run_execution_rewind, exit_code);
}

void add_prune(CLI::App& execution, int& exit_code) {
  CLI::App* verb = execution.add_subcommand(
      "prune",
      "Keeps only the newest blocks whole: bodies, receipts and places of transactions of older "
      "ones go,\nnow and as blocks come. Headers stay. With 0 nothing more goes.\n"
      "Exit 0: done, 2: the home cannot be used.\n"
      "Example: buri execution prune --home bor --keep 100000");
  auto arguments = std::make_shared<ExecutionPruneArguments>();
  verb->add_option("--keep", arguments->kept_blocks,
                   "How many blocks stay whole; 0 or at least "
                   "1024")
      ->required();
  finish_home_verb(*verb, "prune", arguments, &run_execution_prune, exit_code);
}

void add_verify(CLI::App& execution, int& exit_code) {
  CLI::App* verb = execution.add_subcommand(
      "verify-state",
      "Reckons every storage root and the state root anew from the flat tables, and the hash of "
      "every\ncode, and compares them with what is recorded and with the head's header.\n"
      "Exit 0: equal, 1: different, 2: the home cannot be used.\n"
      "Example: buri execution verify-state --home bor");
  auto arguments = std::make_shared<ExecutionVerifyArguments>();
  finish_home_verb(*verb, "verify-state", arguments, &run_execution_verify, exit_code);
}

void add_inspect_chain(CLI::App& inspect, int& exit_code) {
  CLI::App* block = inspect.add_subcommand("block",
                                           "A block, of any branch, with its transactions.\n"
                                           "Example: buri execution inspect block 1000 --home bor");
  auto block_arguments = std::make_shared<InspectBlockArguments>();
  block->add_option("BLOCK", block_arguments->block, "A number, a hash, or latest")->required();
  finish_home_verb(*block, "inspect block", block_arguments, &inspect_block, exit_code);
  CLI::App* transaction = inspect.add_subcommand(
      "tx",
      "A canonical transaction with its receipt; before Madhugiri also one of state sync.\n"
      "Example: buri execution inspect tx 0x6f0c... --home bor");
  auto transaction_arguments = std::make_shared<InspectTransactionArguments>();
  transaction->add_option("HASH", transaction_arguments->hash, "The transaction's hash")
      ->required();
  finish_home_verb(*transaction, "inspect tx", transaction_arguments, &inspect_transaction,
                   exit_code);
}

void add_inspect_state(CLI::App& inspect, int& exit_code) {
  const auto add_block = [](CLI::App& verb, InspectStateArguments& arguments) {
    verb.add_option("--block", arguments.block,
                    "The block whose state is looked at, one of the last 128; the head without it");
  };
  CLI::App* account = inspect.add_subcommand(
      "account",
      "Nonce, balance, storage root and code of an account.\n"
      "Example: buri execution inspect account 0x0000000000000000000000000000000000001010 --home "
      "bor");
  auto arguments = std::make_shared<InspectStateArguments>();
  account->add_option("ADDRESS", arguments->address, "20 bytes in hex")->required();
  account->add_flag("--code", arguments->with_code, "Show the code itself");
  add_block(*account, *arguments);
  finish_home_verb(*account, "inspect account", arguments, &inspect_account, exit_code);

  CLI::App* storage = inspect.add_subcommand(
      "storage",
      "A storage slot of an account.\n"
      "Example: buri execution inspect storage 0x0000000000000000000000000000000000001001 0 --home "
      "bor");
  arguments = std::make_shared<InspectStateArguments>();
  storage->add_option("ADDRESS", arguments->address, "20 bytes in hex")->required();
  storage->add_option("SLOT", arguments->slot, "The slot, decimal or hex with 0x")->required();
  add_block(*storage, *arguments);
  finish_home_verb(*storage, "inspect storage", arguments, &inspect_storage, exit_code);

  CLI::App* trie = inspect.add_subcommand(
      "trie",
      "The nodes on the way to an account, or to a slot of it, root first: its proof. Without an "
      "address\nthe root node.\n"
      "Example: buri execution inspect trie 0x0000000000000000000000000000000000001010 --home bor");
  arguments = std::make_shared<InspectStateArguments>();
  CLI::Option* address = trie->add_option("ADDRESS", arguments->address, "20 bytes in hex");
  trie->add_option("SLOT", arguments->slot, "A slot, decimal or hex with 0x")->needs(address);
  add_block(*trie, *arguments);
  finish_home_verb(*trie, "inspect trie", arguments, &inspect_trie, exit_code);
}

}  // namespace

void add_execution_upkeep_commands(CLI::App& execution, int& exit_code) {
  add_init(execution, exit_code);
  add_import(execution, exit_code);
  add_export(execution, exit_code);
  add_rewind(execution, exit_code);
  add_prune(execution, exit_code);
  add_verify(execution, exit_code);
  CLI::App* inspect = execution.add_subcommand(
      "inspect",
      "Looks into a home.\nExit 0: shown, 1: not there, 2: the input cannot be used.\n"
      "Example: buri execution inspect block latest --home bor");
  inspect->require_subcommand(1);
  add_inspect_chain(*inspect, exit_code);
  add_inspect_state(*inspect, exit_code);
}

}  // namespace buri::cli
