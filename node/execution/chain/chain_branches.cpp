#include <algorithm>
#include <unordered_set>

#include "base/u256_words.hpp"
#include "node/execution/chain/chain.hpp"

/// How the chain changes from branch to branch.

namespace buri::execution::chain {
namespace {

BlockFault branch_gone(const BlockEntry& tip) {
  BlockFault fault = bytes_fault(BlockRule::kUnknownParent, tip.hash, {});
  fault.expected = "the branch of block " + fault.expected;
  fault.found = "blocks of it that are not kept";
  return fault;
}

}  // namespace

Result<bool, BlockFault> Chain::is_canonical(const BlockEntry& entry) const {
  const auto hash = services_.blocks.canonical_hash(entry.header.number);
  if (!hash.ok()) return Failure{store_fault(hash.error())};
  return *hash == entry.hash;
}

Result<std::optional<Hash256>, BlockFault> Chain::hash_on_branch(const BlockEntry& tip,
                                                                 std::uint64_t number) const {
  Hash256 hash = tip.hash;
  Hash256 parent = tip.header.parent_hash;
  for (std::uint64_t at = tip.header.number; at > number; --at) {
    if (under_way_ != nullptr && parent == under_way_->held->hash) {
      hash = parent;
      parent = under_way_->held->block.header.parent_hash;
      continue;
    }
    const auto entry = services_.blocks.entry(parent);
    if (!entry.ok()) return Failure{store_fault(entry.error())};
    if (*entry == nullptr) return std::optional<Hash256>();
    ASSIGN_OR_RETURN(const bool is_followed, is_canonical(**entry));
    if (is_followed) {
      const auto canonical = services_.blocks.canonical_hash(number);
      if (!canonical.ok()) return Failure{store_fault(canonical.error())};
      return *canonical;
    }
    hash = (*entry)->hash;
    parent = (*entry)->header.parent_hash;
  }
  return std::optional(hash);
}

Result<std::optional<std::vector<EntryPtr>>, BlockFault> Chain::branch_of(
    const BlockEntry& tip) const {
  std::vector<EntryPtr> branch;
  EntryPtr block = std::make_shared<const BlockEntry>(tip);
  while (true) {
    ASSIGN_OR_RETURN(const bool is_followed, is_canonical(*block));
    if (is_followed) break;
    branch.push_back(block);
    const auto parent = services_.blocks.entry(block->header.parent_hash);
    if (!parent.ok()) return Failure{store_fault(parent.error())};
    if (*parent == nullptr || branch.size() > kMaxReorgBlocks) {
      return std::optional<std::vector<EntryPtr>>();
    }
    block = *parent;
  }
  std::ranges::reverse(branch);
  return std::optional(std::move(branch));
}

Result<Chain::Held, BlockFault> Chain::load_block(const BlockEntry& entry) const {
  auto block = services_.blocks.block(entry);
  if (!block.ok()) return Failure{store_fault(block.error())};
  if (!*block) return Failure{branch_gone(entry)};
  auto held = std::make_shared<ChainBlock>();
  held->block = **std::move(block);
  held->hash = entry.hash;
  held->total_difficulty = entry.total_difficulty;
  held->signers =
      std::move(recover_signers(std::span(&held->block, 1), config_, services_.engine).front());
  return held;
}

Status<BlockFault> Chain::step_back(std::uint64_t number,
                                    const std::optional<Reorganisation>& mark) {
  const BlockStore& blocks = services_.blocks;
  const std::uint64_t first = head().block.header.number;
  const auto status = services_.states.rewind(
      number, [&](std::uint64_t left, storage::Batch& batch) -> Status<StateStoreError> {
        const auto dropped = blocks.drop_canonical(batch, left);
        if (!dropped.ok()) return Failure{StateStoreError{dropped.error().detail}};
        if (mark && left == first) {
          blocks.put_meta(batch, MetaRecord::kReorganisation, encode_reorganisation(*mark));
        }
        return Unit{};
      });
  RETURN_IF_ERROR(load_head());  // also where the way ended early
  if (status.ok()) return Unit{};
  return Failure{BlockFault{BlockRule::kNoState, "a state to step back to", status.error().detail}};
}

Status<BlockFault> Chain::forget(const BlockEntry& entry) {
  storage::Batch batch;
  services_.blocks.forget(batch, entry);
  const auto written = services_.blocks.write(batch, storage::Durability::kOrdered);
  if (!written.ok()) return Failure{store_fault(written.error())};
  return Unit{};
}

Status<BlockFault> Chain::adopt_all(const std::vector<EntryPtr>& branch) {
  for (std::size_t i = 0; i < branch.size(); ++i) {
    ASSIGN_OR_RETURN(const Held held, load_block(*branch[i]));
    storage::Batch batch;
    if (i + 1 == branch.size()) {
      services_.blocks.remove_meta(batch, MetaRecord::kReorganisation);
    }
    auto status = adopt(held, batch);
    if (status.ok()) continue;
    // What stands on a wrong block is wrong itself.
    const bool is_wrong = is_final(status.error().rule);
    for (std::size_t j = i; is_wrong && j < branch.size(); ++j) RETURN_IF_ERROR(forget(*branch[j]));
    return status;
  }
  return Unit{};
}

Status<BlockFault> Chain::reorganise(const BlockEntry& tip) {
  ASSIGN_OR_RETURN(const auto branch, branch_of(tip));
  if (!branch) return Failure{branch_gone(tip)};
  if (branch->empty()) return Unit{};
  const std::uint64_t fork = branch->front()->header.number - 1;
  const BlockEntry before = head().entry();
  const Reorganisation mark{.to = {tip.header.number, tip.hash},
                            .from = {before.header.number, before.hash}};
  RETURN_IF_ERROR(step_back(fork, mark));
  const auto status = adopt_all(*branch);
  if (status.ok()) return Unit{};
  RETURN_IF_ERROR(step_back(fork, {}));
  ASSIGN_OR_RETURN(const auto left, branch_of(before));
  if (!left) return Failure{branch_gone(before)};
  RETURN_IF_ERROR(adopt_all(*left));
  return Failure{status.error()};
}

Status<BlockFault> Chain::finish_reorganisation() {
  const auto mark = services_.blocks.read_meta(MetaRecord::kReorganisation, decode_reorganisation);
  if (!mark.ok()) return Failure{store_fault(mark.error())};
  if (!*mark) return Unit{};
  for (const FixedBlock& tip : {(*mark)->to, (*mark)->from}) {
    const auto entry = services_.blocks.entry(tip.hash);
    if (!entry.ok()) return Failure{store_fault(entry.error())};
    if (*entry == nullptr || !is_heavier(**entry)) continue;
    const auto status = reorganise(**entry);
    if (status.ok()) break;
    // Where an answer of Heimdall is missing, a later start goes on.
    if (!is_final(status.error().rule)) return Unit{};
  }
  storage::Batch batch;
  services_.blocks.remove_meta(batch, MetaRecord::kReorganisation);
  const auto written = services_.blocks.write(batch, storage::Durability::kSynced);
  if (!written.ok()) return Failure{store_fault(written.error())};
  return Unit{};
}

Status<BlockFault> Chain::rewind(std::uint64_t number) {
  RETURN_IF_ERROR(settled());
  const auto entry = services_.blocks.canonical(number);
  if (!entry.ok()) return Failure{store_fault(entry.error())};
  if (*entry == nullptr) {
    return Failure{number_fault(BlockRule::kUnknownParent, head().block.header.number, number)};
  }
  return step_back(number, {});
}

Result<EntryPtr, BlockFault> Chain::heaviest_above(const Hash256& hash) const {
  const auto fixed = services_.blocks.entry(hash);
  if (!fixed.ok()) return Failure{store_fault(fixed.error())};
  if (*fixed == nullptr) return EntryPtr();
  EntryPtr best = *fixed;
  std::unordered_set<Hash256> descendants{hash};
  const auto visited =
      services_.blocks.for_each_from(best->header.number + 1, [&](const BlockEntry& entry) {
        if (!descendants.contains(entry.header.parent_hash)) return true;
        descendants.insert(entry.hash);
        if (less(best->total_difficulty, entry.total_difficulty)) {
          best = std::make_shared<const BlockEntry>(entry);
        }
        return true;
      });
  if (!visited.ok()) return Failure{store_fault(visited.error())};
  return best;
}

Status<BlockFault> Chain::fix_checkpoint(const FixedBlock& block) {
  RETURN_IF_ERROR(settled());
  whitelist_.set_checkpoint(block);
  storage::Batch batch;
  services_.blocks.put_meta(batch, MetaRecord::kCheckpoint,
                            encode_fixed_block(*whitelist_.checkpoint()));
  const auto written = services_.blocks.write(batch, storage::Durability::kSynced);
  if (!written.ok()) return Failure{store_fault(written.error())};
  return Unit{};
}

Status<BlockFault> Chain::fix_milestone(const FixedBlock& block) {
  RETURN_IF_ERROR(settled());
  whitelist_.set_milestone(block);
  storage::Batch batch;
  services_.blocks.put_meta(batch, MetaRecord::kMilestone,
                            encode_fixed_block(*whitelist_.milestone()));
  const auto written = services_.blocks.write(batch, storage::Durability::kSynced);
  if (!written.ok()) return Failure{store_fault(written.error())};
  const auto own = services_.blocks.canonical_hash(block.number);
  if (!own.ok()) return Failure{store_fault(own.error())};
  if (!*own || **own == block.hash) return Unit{};
  const std::uint64_t head_number = head().block.header.number;
  ASSIGN_OR_RETURN(const EntryPtr tip, heaviest_above(block.hash));
  if (tip != nullptr) return reorganise(*tip);
  // The fixed branch is not here: what contradicts it goes.
  const std::uint64_t target = block.number - 1;
  if (head_number - target > kMaxMilestoneRewind) {
    return Failure{number_fault(BlockRule::kWhitelist, head_number - kMaxMilestoneRewind, target)};
  }
  return step_back(target, {});
}

}  // namespace buri::execution::chain
