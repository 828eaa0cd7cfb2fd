#include "node/cli/execution_upkeep.hpp"

#include "base/hex.hpp"
#include "node/cli/execution_home.hpp"
#include "node/cli/home_error.hpp"
#include "node/cli/progress_line.hpp"
#include "node/consensus/records/lines.hpp"
#include "node/execution/chain/block_history.hpp"
#include "node/execution/chain/durable_states.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;
namespace records = consensus::records;
using namespace execution::chain;

/// Old blocks that one batch takes away.
constexpr std::uint64_t kPrunedPerBatch = 256;

json::object head_facts(const execution::state::StateHead& head) {
  return {{"head_number", head.number},
          {"head_hash", shown_hex(head.block_hash)},
          {"state_root", shown_hex(head.root)}};
}

/// Forks by name, those without a block left out.
json::object forks_json(const ChainConfig& config) {
  json::object forks;
  for (const protocol::BorForkRow& row : protocol::bor_fork_rows()) {
    if (const auto block = config.forks.block_of(row.fork)) forks[row.name] = *block;
  }
  return forks;
}

}  // namespace

AnswerResult run_execution_init(const ExecutionInitArguments& arguments) {
  const auto text = records::read_text(arguments.genesis);
  if (!text.ok()) return Failure{records::describe(text.error())};
  const auto genesis = parse_genesis(*text);
  if (!genesis.ok()) return Failure{arguments.genesis + ": " + describe(genesis.error())};
  ASSIGN_OR_RETURN(const auto home,
                   ExecutionHome::open({.folder = arguments.home, .may_create = true}));
  const bool was_there = home->states().head().has_value();
  const auto begun = begin_chain(*genesis, home->states(), home->blocks());
  if (!begun.ok()) return Failure{arguments.home + ": " + begun.error()};
  ASSIGN_OR_RETURN(const auto head, home->head());
  Answer answer{{{"begun", !was_there},
                 {"chain_id", genesis->config.chain_id},
                 {"genesis_hash", shown_hex(hash_of(genesis->header))},
                 {"genesis_state_root", shown_hex(genesis->header.state_root)},
                 {"accounts", genesis->alloc.size()},
                 {"forks", forks_json(genesis->config)}}};
  for (auto& [name, value] : head_facts(head)) answer.facts[name] = value;
  return answer;
}

AnswerResult run_execution_rewind(const ExecutionRewindArguments& arguments) {
  ASSIGN_OR_RETURN(const auto home, ExecutionHome::open({.folder = arguments.home}));
  ASSIGN_OR_RETURN(const auto before, home->head());
  const std::uint64_t oldest = home->states().oldest_block();
  if (arguments.to > before.number || arguments.to < oldest) {
    return Failure{"expected a block from " + std::to_string(oldest) + " to the head " +
                   std::to_string(before.number) + ", found " + std::to_string(arguments.to)};
  }
  BlockStore& blocks = home->blocks();
  DurableStates states(home->states());
  const auto status = states.rewind(
      arguments.to, [&](std::uint64_t left, storage::Batch& batch) -> Status<StateStoreError> {
        // A change of branch that a crash broke off is given up with its blocks.
        blocks.remove_meta(batch, MetaRecord::kReorganisation);
        const auto dropped = blocks.drop_canonical(batch, left);
        if (!dropped.ok()) return Failure{StateStoreError{dropped.error().detail}};
        return Unit{};
      });
  if (!status.ok()) return Failure{arguments.home + ": " + status.error().detail};
  storage::Batch batch;
  std::uint64_t removed = 0;
  const auto visited = blocks.for_each_from(arguments.to + 1, [&](const BlockEntry& entry) {
    blocks.forget(batch, entry);
    ++removed;
    return true;
  });
  if (!visited.ok()) return Failure{home_sentence(arguments.home, visited.error())};
  const auto written = blocks.write(batch, storage::Durability::kSynced);
  if (!written.ok()) return Failure{home_sentence(arguments.home, written.error())};
  ASSIGN_OR_RETURN(const auto head, home->head());
  Answer answer{head_facts(head)};
  answer.facts["removed_blocks"] = removed;
  return answer;
}

AnswerResult run_execution_prune(const ExecutionPruneArguments& arguments) {
  if (arguments.kept_blocks != 0 && arguments.kept_blocks < BlockHistory::kMinKeptBlocks) {
    return Failure{"expected at least " + std::to_string(BlockHistory::kMinKeptBlocks) +
                   " blocks, which a change of branch may need, or 0 for all; found " +
                   std::to_string(arguments.kept_blocks)};
  }
  ASSIGN_OR_RETURN(const auto home, ExecutionHome::open({.folder = arguments.home}));
  ASSIGN_OR_RETURN(const auto head, home->head());
  BlockHistory history(home->blocks());
  const auto loaded = history.load();
  if (!loaded.ok()) return Failure{home_sentence(arguments.home, loaded.error())};
  const auto kept = history.keep(arguments.kept_blocks);
  if (!kept.ok()) return Failure{home_sentence(arguments.home, kept.error())};
  ProgressLine progress;
  std::uint64_t removed = 0;
  while (true) {
    const auto count = history.prune(head.number, kPrunedPerBatch);
    if (!count.ok()) return Failure{home_sentence(arguments.home, count.error())};
    removed += *count;
    if (*count < kPrunedPerBatch) break;
    progress.show([&] { return std::to_string(removed) + " blocks pruned"; });
  }
  progress.end();
  Answer answer{head_facts(head)};
  answer.facts["kept_blocks"] = history.policy().kept_blocks;
  answer.facts["first_whole_block"] = history.policy().first_whole;
  answer.facts["pruned_blocks"] = removed;
  return answer;
}

AnswerResult run_execution_verify(const ExecutionVerifyArguments& arguments) {
  ASSIGN_OR_RETURN(const auto home, ExecutionHome::open({.folder = arguments.home}));
  ASSIGN_OR_RETURN(const auto head, home->head());
  const auto entry = home->blocks().canonical(head.number);
  if (!entry.ok()) return Failure{home_sentence(arguments.home, entry.error())};
  Answer answer{head_facts(head)};
  const bool is_same_block = *entry != nullptr && (*entry)->hash == head.block_hash &&
                             (*entry)->header.state_root == head.root;
  std::string problem =
      is_same_block ? "" : "the state's head is not the canonical block of its number";
  const auto verified = home->states().verify();
  using Kind = execution::state::StateError::Kind;
  if (!verified.ok() && verified.error().kind == Kind::kStorage) {
    return Failure{arguments.home + ": " + verified.error().detail};
  }
  if (!verified.ok()) problem = verified.error().detail;
  answer.is_positive = problem.empty();
  answer.facts["equal"] = answer.is_positive;
  if (!problem.empty()) answer.facts["problem"] = problem;
  return answer;
}

}  // namespace buri::cli
