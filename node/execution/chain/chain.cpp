#include "node/execution/chain/chain.hpp"

#include <algorithm>

#include "base/u256_words.hpp"
#include "node/execution/chain/header_rules.hpp"

namespace buri::execution::chain {
namespace {

BlockFault unknown_parent(const Header& header) {
  BlockFault fault = bytes_fault(BlockRule::kUnknownParent, header.parent_hash, {});
  fault.expected = "the block " + fault.expected;
  fault.found = "none of that hash";
  return fault;
}

BlockFault no_state(const StateStoreError& error) {
  return {BlockRule::kNoState, "a state to work on", error.detail};
}

}  // namespace

Result<std::unique_ptr<Chain>, BlockFault> Chain::start(const Genesis& genesis,
                                                        const ChainServices& services) {
  std::unique_ptr<Chain> chain(new Chain(genesis, services));
  auto first = std::make_shared<ChainBlock>();
  first->block.header = genesis.header;
  first->hash = hash_of(genesis.header);
  first->total_difficulty = genesis.header.difficulty;
  RETURN_IF_ERROR(chain->producers_.add_genesis(first->hash));
  chain->hashes_.emplace(0, first->hash);
  chain->canonical_[0] = first;
  chain->blocks_[first->hash] = std::move(first);
  return chain;
}

std::uint64_t Chain::now_s() const {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(services_.clock.wall().time_since_epoch());
  return static_cast<std::uint64_t>(std::max<std::int64_t>(seconds.count(), 0));
}

const ChainBlock* Chain::at(std::uint64_t number) const {
  const auto found = canonical_.find(number);
  return found == canonical_.end() ? nullptr : found->second.get();
}

const ChainBlock* Chain::find(const Hash256& hash) const {
  const auto found = blocks_.find(hash);
  return found == blocks_.end() ? nullptr : found->second.get();
}

bool Chain::is_canonical(const ChainBlock& held) const {
  return at(held.block.header.number) == &held;
}

Ancestors Chain::ancestors_of(const ChainBlock& held) const {
  return [this, branch = &held](std::uint64_t number) -> const Header* {
    const ChainBlock* block = branch;
    while (block != nullptr && block->block.header.number > number) {
      if (is_canonical(*block)) return at(number) == nullptr ? nullptr : &at(number)->block.header;
      block = find(block->block.header.parent_hash);
    }
    return block == nullptr ? nullptr : &block->block.header;
  };
}

Result<ProducerSet, BlockFault> Chain::judge(const Block& block, const BlockSigners& signers,
                                             const ChainBlock& parent) {
  const Header& header = block.header;
  const Header& before = parent.block.header;
  const std::uint64_t now = now_s();
  RETURN_IF_ERROR(check_header(header, config(), now));
  RETURN_IF_ERROR(check_after_parent(header, before, config(), now));
  if (!signers.producer.ok()) return Failure{signers.producer.error()};
  ASSIGN_OR_RETURN(ProducerSet producers, producers_.of_child(header, before));
  RETURN_IF_ERROR(producers_.check_sprint_end(header));
  RETURN_IF_ERROR(check_seal(header, *signers.producer, {config(), before, *producers, now}));
  RETURN_IF_ERROR(check_body(block));
  return producers;
}

Result<ImportResult, BlockFault> Chain::import(Block block) {
  std::vector<BlockSigners> signers =
      recover_signers(std::span(&block, 1), config(), services_.engine);
  return import(std::move(block), std::move(signers.front()));
}

Result<ImportResult, BlockFault> Chain::import(Block block, BlockSigners signers) {
  const Hash256 hash = hash_of(block.header);
  if (find(hash) != nullptr) {
    RETURN_IF_ERROR(check_body(block));  // the hash is the header's alone
    return follow_known(blocks_.at(hash));
  }
  const ChainBlock* parent = find(block.header.parent_hash);
  if (parent == nullptr) {
    RETURN_IF_ERROR(check_header(block.header, config(), now_s()));
    return Failure{unknown_parent(block.header)};
  }
  ASSIGN_OR_RETURN(const ProducerSet producers, judge(block, signers, *parent));
  auto held = std::make_shared<ChainBlock>();
  held->total_difficulty = wrapping_add(parent->total_difficulty, block.header.difficulty);
  held->block = std::move(block);
  held->hash = hash;
  held->signers = std::move(signers);
  RETURN_IF_ERROR(check_whitelist(*held));
  blocks_[hash] = held;
  hashes_.emplace(held->block.header.number, hash);
  producers_.add(held->block.header, hash, producers);
  ImportResult result = ImportResult::kSide;
  if (is_heavier(*held)) {
    const auto status = parent == &head() ? adopt(held) : reorganise(held);
    if (!status.ok()) {
      forget(held);  // also where it is not wrong: it may be sent again
      return Failure{status.error()};
    }
    result = ImportResult::kHead;
  }
  trim();
  return result;
}

/// A block that was rewound from may win again.
Result<ImportResult, BlockFault> Chain::follow_known(const Held& held) {
  if (is_canonical(*held) || !is_heavier(*held)) return ImportResult::kKnown;
  RETURN_IF_ERROR(check_whitelist(*held));
  RETURN_IF_ERROR(reorganise(held));
  return ImportResult::kHead;
}

/// Higher total difficulty; of equal ones the lower number, then the smaller hash.
bool Chain::is_heavier(const ChainBlock& tip) const {
  const ChainBlock& now = head();
  if (tip.total_difficulty != now.total_difficulty) {
    return less(now.total_difficulty, tip.total_difficulty);
  }
  const std::uint64_t number = tip.block.header.number;
  if (number != now.block.header.number) return number < now.block.header.number;
  return tip.hash < now.hash;
}

Status<BlockFault> Chain::check_whitelist(const ChainBlock& tip) {
  const Ancestors ancestors = ancestors_of(tip);
  const Header& header = tip.block.header;
  const auto hash_at = [&](std::uint64_t number) -> std::optional<Hash256> {
    if (number == header.number) return tip.hash;
    if (number + 1 == header.number) return header.parent_hash;
    const Header* child = ancestors(number + 1);
    return child == nullptr ? std::nullopt : std::optional(child->parent_hash);
  };
  return whitelist_.check(header.number, head().block.header.number, hash_at);
}

Status<BlockFault> Chain::adopt(const Held& held) {
  const Header& header = held->block.header;
  const ExecutionContext context{.config = config(),
                                 .heimdall = services_.heimdall,
                                 .codes = services_.codes,
                                 .lanes = services_.lanes,
                                 .counts = services_.counts};
  ASSIGN_OR_RETURN(ExecutedBlock outcome,
                   execute_block(context, held->block, held->signers, services_.states.head(),
                                 ancestors_of(*held)));
  RETURN_IF_ERROR(check_outcome(header, outcome));
  const auto root = services_.states.stage(*outcome.state);
  if (!root.ok()) return Failure{no_state(root.error())};
  if (*root != header.state_root) {
    return Failure{bytes_fault(BlockRule::kStateRoot, *root, header.state_root)};
  }
  outcome.state.reset();
  const auto kept = services_.states.keep(header.number, held->hash);
  if (!kept.ok()) return Failure{no_state(kept.error())};
  held->outcome = std::move(outcome);
  canonical_[header.number] = held;
  return Unit{};
}

std::optional<std::vector<Chain::Held>> Chain::branch_of(const Held& tip) const {
  std::vector<Held> branch;
  for (Held block = tip; !is_canonical(*block);) {
    branch.push_back(block);
    const auto parent = blocks_.find(block->block.header.parent_hash);
    if (parent == blocks_.end() || branch.size() > kMaxReorgBlocks) return std::nullopt;
    block = parent->second;
  }
  std::ranges::reverse(branch);
  return branch;
}

Status<BlockFault> Chain::step_back(std::uint64_t number) {
  const auto status = services_.states.rewind(number);
  if (!status.ok()) return Failure{no_state(status.error())};
  canonical_.erase(canonical_.upper_bound(number), canonical_.end());
  return Unit{};
}

Status<BlockFault> Chain::adopt_all(const std::vector<Held>& branch) {
  for (std::size_t i = 0; i < branch.size(); ++i) {
    auto status = adopt(branch[i]);
    if (status.ok()) continue;
    // What stands on a wrong block is wrong itself.
    const bool is_wrong = is_final(status.error().rule);
    for (std::size_t j = i; is_wrong && j < branch.size(); ++j) forget(branch[j]);
    return status;
  }
  return Unit{};
}

Status<BlockFault> Chain::reorganise(const Held& tip) {
  const auto branch = branch_of(tip);
  if (!branch) return Failure{unknown_parent(tip->block.header)};
  if (branch->empty()) return Unit{};
  const std::uint64_t fork = branch->front()->block.header.number - 1;
  std::vector<Held> left;
  for (auto block = canonical_.upper_bound(fork); block != canonical_.end(); ++block) {
    left.push_back(block->second);
  }
  RETURN_IF_ERROR(step_back(fork));
  const auto status = adopt_all(*branch);
  if (status.ok()) return Unit{};
  RETURN_IF_ERROR(step_back(fork));
  RETURN_IF_ERROR(adopt_all(left));
  return Failure{status.error()};
}

Status<BlockFault> Chain::rewind(std::uint64_t number) {
  if (at(number) == nullptr) {
    return Failure{number_fault(BlockRule::kUnknownParent, head().block.header.number, number)};
  }
  return step_back(number);
}

Chain::Held Chain::heaviest_above(const Hash256& hash) const {
  const auto fixed = blocks_.find(hash);
  if (fixed == blocks_.end()) return nullptr;
  Held best = fixed->second;
  std::unordered_map<Hash256, bool> descends{{hash, true}};
  for (auto entry = hashes_.upper_bound(best->block.header.number); entry != hashes_.end();
       ++entry) {
    const Held& block = blocks_.at(entry->second);
    const bool is_above = descends.contains(block->block.header.parent_hash);
    if (!is_above) continue;
    descends[block->hash] = true;
    if (less(best->total_difficulty, block->total_difficulty)) best = block;
  }
  return best;
}

Status<BlockFault> Chain::fix_milestone(const FixedBlock& block) {
  whitelist_.set_milestone(block);
  const ChainBlock* own = at(block.number);
  if (own == nullptr || own->hash == block.hash) return Unit{};
  const std::uint64_t head_number = head().block.header.number;
  if (const Held tip = heaviest_above(block.hash)) return reorganise(tip);
  // The fixed branch is not here: what contradicts it goes.
  const std::uint64_t target = block.number - 1;
  if (head_number - target > kMaxMilestoneRewind) {
    return Failure{number_fault(BlockRule::kWhitelist, head_number - kMaxMilestoneRewind, target)};
  }
  return step_back(target);
}

void Chain::forget(const Held& held) {
  blocks_.erase(held->hash);
  const auto [first, last] = hashes_.equal_range(held->block.header.number);
  const auto entry =
      std::find_if(first, last, [&](const auto& pair) { return pair.second == held->hash; });
  if (entry != last) hashes_.erase(entry);
}

/// Drops what lies too deep to matter.
void Chain::trim() {
  const std::uint64_t head_number = head().block.header.number;
  if (head_number > kMaxReorgBlocks) {
    const std::uint64_t deep = head_number - kMaxReorgBlocks;
    const auto [first, last] = hashes_.equal_range(deep);
    for (auto entry = first; entry != last; ++entry) {
      ChainBlock& block = *blocks_.at(entry->second);
      block.block.transactions.clear();
      block.signers.senders.clear();
      block.signers.authorizations.clear();
      block.outcome = {};
    }
  }
  while (head_number > kHeldHeaders && hashes_.begin()->first < head_number - kHeldHeaders) {
    canonical_.erase(hashes_.begin()->first);
    blocks_.erase(hashes_.begin()->second);
    hashes_.erase(hashes_.begin());
  }
}

}  // namespace buri::execution::chain
