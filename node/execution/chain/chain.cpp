#include "node/execution/chain/chain.hpp"

#include <algorithm>

#include "base/u256_words.hpp"
#include "node/execution/chain/ancestor_headers.hpp"
#include "node/execution/chain/header_rules.hpp"

namespace buri::execution::chain {
namespace {

BlockFault unknown_parent(const Header& header) {
  BlockFault fault = bytes_fault(BlockRule::kUnknownParent, header.parent_hash, {});
  fault.expected = "the block " + fault.expected;
  fault.found = "none of that hash";
  return fault;
}

/// What the store keeps of an execution.
BlockOutcome stored_outcome(const BlockSigners& signers, const ExecutedBlock& executed) {
  BlockOutcome outcome{.senders = {},
                       .receipts = executed.receipts,
                       .state_sync_receipt = executed.state_sync_receipt};
  for (const Sender& sender : signers.senders) outcome.senders.push_back(sender.value());
  return outcome;
}

/// Who sends and who is sent to, in the order of the transactions.
std::vector<Address> parties_of(const ChainBlock& block) {
  std::vector<Address> parties;
  const std::vector<SignedTransaction>& transactions = block.block.transactions;
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    const Sender& sender = block.signers.senders[i];
    if (sender.ok()) parties.push_back(*sender);
    if (transactions[i].to) parties.push_back(*transactions[i].to);
  }
  return parties;
}

}  // namespace

BlockFault no_state(const StateStoreError& error) {
  return {BlockRule::kNoState, "a state to work on", error.detail};
}

Result<std::unique_ptr<Chain>, BlockFault> Chain::start(const ChainConfig& config,
                                                        const ChainServices& services) {
  std::unique_ptr<Chain> chain(new Chain(config, services));
  RETURN_IF_ERROR(chain->load());
  RETURN_IF_ERROR(chain->finish_reorganisation());
  return chain;
}

Status<BlockFault> Chain::load() {
  const BlockStore& blocks = services_.blocks;
  const auto milestone = blocks.read_meta(MetaRecord::kMilestone, decode_fixed_block);
  if (!milestone.ok()) return Failure{store_fault(milestone.error())};
  if (*milestone) whitelist_.set_milestone(**milestone);
  const auto checkpoint = blocks.read_meta(MetaRecord::kCheckpoint, decode_fixed_block);
  if (!checkpoint.ok()) return Failure{store_fault(checkpoint.error())};
  if (*checkpoint) whitelist_.set_checkpoint(**checkpoint);
  const auto history = history_.load();
  if (!history.ok()) return Failure{store_fault(history.error())};
  return load_head();
}

/// The head is the block whose state is at hand.
Status<BlockFault> Chain::load_head() {
  const std::uint64_t number = services_.states.head_number();
  if (head_ != nullptr && head_->hash == services_.states.head_hash()) return Unit{};
  ASSIGN_OR_RETURN(auto block, at(number));
  if (block == nullptr || block->hash != services_.states.head_hash()) {
    return Failure{
        BlockFault{BlockRule::kNoState, "the block whose state is the head's",
                   "another one, or none, as canonical block " + std::to_string(number)}};
  }
  head_ = std::move(block);
  return Unit{};
}

std::uint64_t Chain::now_s() const {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(services_.clock.wall().time_since_epoch());
  return static_cast<std::uint64_t>(std::max<std::int64_t>(seconds.count(), 0));
}

Result<std::shared_ptr<const ChainBlock>, BlockFault> Chain::at(std::uint64_t number) const {
  if (head_ != nullptr && head_->block.header.number == number) return head_;
  auto block = read_chain_block(services_.blocks, number);
  if (block.ok()) return std::move(block).value();
  return Failure{store_fault(block.error())};
}

Result<ProducerSet, BlockFault> Chain::judge(const Block& block, const BlockSigners& signers,
                                             const BlockEntry& parent) {
  const Header& header = block.header;
  const std::uint64_t now = now_s();
  RETURN_IF_ERROR(check_header(header, config_, now));
  RETURN_IF_ERROR(check_after_parent(header, parent.header, config_, now));
  if (!signers.producer.ok()) return Failure{signers.producer.error()};
  ASSIGN_OR_RETURN(ProducerSet producers, producers_.of_child(header, parent));
  RETURN_IF_ERROR(producers_.check_sprint_end(header));
  RETURN_IF_ERROR(check_seal(header, *signers.producer, {config_, parent.header, *producers, now}));
  RETURN_IF_ERROR(check_body(block));
  return producers;
}

Result<ImportResult, BlockFault> Chain::import(Block block) {
  std::vector<BlockSigners> signers =
      recover_signers(std::span(&block, 1), config_, services_.engine);
  return import(std::move(block), std::move(signers.front()));
}

Result<ImportResult, BlockFault> Chain::import(Block block, BlockSigners signers) {
  RETURN_IF_ERROR(settled());
  const Hash256 hash = hash_of(block.header);
  const auto known = services_.blocks.entry(hash);
  if (!known.ok()) return Failure{store_fault(known.error())};
  if (*known != nullptr) {
    RETURN_IF_ERROR(check_body(block));  // the hash is the header's alone
    return follow_known(**known);
  }
  const auto parent = services_.blocks.entry(block.header.parent_hash);
  if (!parent.ok()) return Failure{store_fault(parent.error())};
  if (*parent == nullptr) {
    RETURN_IF_ERROR(check_header(block.header, config_, now_s()));
    return Failure{unknown_parent(block.header)};
  }
  ASSIGN_OR_RETURN(const ProducerSet producers, judge(block, signers, **parent));
  auto held = std::make_shared<ChainBlock>();
  held->total_difficulty = wrapping_add((*parent)->total_difficulty, block.header.difficulty);
  held->block = std::move(block);
  held->hash = hash;
  held->signers = std::move(signers);
  return take(held, producers);
}

/// What is kept of a block on every branch.
void Chain::put(storage::Batch& batch, const ChainBlock& block, const ProducerSet& producers) {
  const BlockEntry entry = block.entry();
  services_.blocks.put_block(batch, entry, block.block);
  if (const ProducerSet after = producers_.add(entry, producers)) {
    services_.blocks.put_producers(batch, entry, *after);
  }
}

/// A block that was judged: what the whitelist and its weight make of it.
Result<ImportResult, BlockFault> Chain::take(const Held& held, const ProducerSet& producers) {
  BlockStore& blocks = services_.blocks;
  const BlockEntry entry = held->entry();
  RETURN_IF_ERROR(check_whitelist(entry));
  storage::Batch batch;
  put(batch, *held, producers);
  if (entry.header.parent_hash == head().hash && is_heavier(entry)) {
    RETURN_IF_ERROR(adopt(held, batch));
    return ImportResult::kHead;
  }
  const auto written = blocks.write(batch, storage::Durability::kOrdered);
  if (!written.ok()) return Failure{store_fault(written.error())};
  if (!is_heavier(entry)) return ImportResult::kSide;
  const auto status = reorganise(entry);
  if (status.ok()) return ImportResult::kHead;
  RETURN_IF_ERROR(forget(entry));  // also where it is not wrong: it may be sent again
  return Failure{status.error()};
}

/// A block that was rewound from may win again.
Result<ImportResult, BlockFault> Chain::follow_known(const BlockEntry& known) {
  ASSIGN_OR_RETURN(const bool is_followed, is_canonical(known));
  if (is_followed || !is_heavier(known)) return ImportResult::kKnown;
  RETURN_IF_ERROR(check_whitelist(known));
  RETURN_IF_ERROR(reorganise(known));
  return ImportResult::kHead;
}

/// Higher total difficulty; of equal ones the lower number, then the smaller hash.
bool Chain::is_heavier(const BlockEntry& tip) const {
  const ChainBlock& now = head();
  if (tip.total_difficulty != now.total_difficulty) {
    return less(now.total_difficulty, tip.total_difficulty);
  }
  const std::uint64_t number = tip.header.number;
  if (number != now.block.header.number) return number < now.block.header.number;
  return tip.hash < now.hash;
}

Status<BlockFault> Chain::check_whitelist(const BlockEntry& tip) {
  std::optional<BlockFault> failure;
  const auto hash_at = [&](std::uint64_t number) -> std::optional<Hash256> {
    auto hash = hash_on_branch(tip, number);
    if (hash.ok()) return *hash;
    failure = hash.error();
    return std::nullopt;
  };
  const auto verdict = whitelist_.check(tip.header.number, head().block.header.number, hash_at);
  if (failure) return Failure{*failure};
  return verdict;
}

Result<Chain::Executed, BlockFault> Chain::execute(const ChainBlock& block, const Ground& ground,
                                                   storage::Batch& along) {
  services_.states.read_ahead(parties_of(block));
  AncestorHeaders ancestors(services_.blocks, ground.newest);
  const ExecutionContext context{.config = config_,
                                 .heimdall = services_.heimdall,
                                 .codes = services_.codes,
                                 .lanes = services_.lanes,
                                 .counts = services_.counts};
  ASSIGN_OR_RETURN(ExecutedBlock outcome, execute_block(context, block.block, block.signers,
                                                        ground.state, std::ref(ancestors)));
  // What was executed on headers that could not be read is not to be believed.
  if (const auto read = ancestors.status(); !read.ok()) return Failure{store_fault(read.error())};
  RETURN_IF_ERROR(check_outcome(block.block.header, outcome));
  services_.blocks.put_canonical(along, block.entry(), stored_outcome(block.signers, outcome),
                                 transaction_hashes(block.block.transactions));
  state::StateChange change = state::collect_change(*outcome.state);
  outcome.state.reset();
  return Executed{std::move(outcome), std::move(change)};
}

Status<BlockFault> Chain::keep(const Held& held, Executed executed, storage::Batch& along) {
  const Header& header = held->block.header;
  const auto root = services_.states.stage(executed.change);
  if (!root.ok()) return Failure{no_state(root.error())};
  if (*root != header.state_root) {
    return Failure{bytes_fault(BlockRule::kStateRoot, *root, header.state_root)};
  }
  const auto pruned = history_.add_to(along, header.number);
  if (!pruned.ok()) return Failure{store_fault(pruned.error())};
  const auto kept = services_.states.keep(header.number, held->hash, along);
  if (!kept.ok()) return Failure{no_state(kept.error())};
  services_.blocks.remember(std::make_shared<const BlockEntry>(held->entry()));
  held->outcome = std::move(executed.outcome);
  return Unit{};
}

Status<BlockFault> Chain::adopt(const Held& held, storage::Batch& along) {
  const auto before = services_.states.head();
  auto executed = execute(*held, {*before}, along);
  // A block that was executed on what could not be read is not judged.
  const auto read = services_.states.check_reads(*before);
  if (!read.ok()) return Failure{no_state(read.error())};
  if (!executed.ok()) return Failure{executed.error()};
  RETURN_IF_ERROR(keep(held, std::move(executed).value(), along));
  head_ = held;
  return Unit{};
}

}  // namespace buri::execution::chain
