#include "node/execution/chain/whitelist.hpp"

#include <array>

namespace buri::execution::chain {

std::optional<FixedBlock> Whitelist::last() const {
  if (!milestone_ || !checkpoint_) return milestone_ ? milestone_ : checkpoint_;
  return milestone_->number >= checkpoint_->number ? milestone_ : checkpoint_;
}

Status<BlockFault> Whitelist::check(
    std::uint64_t tip_number, std::uint64_t head_number,
    const std::function<std::optional<Hash256>(std::uint64_t)>& hash_at) const {
  for (const auto* fixed : std::array{&milestone_, &checkpoint_}) {
    if (!*fixed) continue;
    const FixedBlock& block = **fixed;
    if (tip_number < block.number) {
      if (head_number < block.number) continue;
      return Failure{number_fault(BlockRule::kWhitelist, block.number, tip_number)};
    }
    const auto found = hash_at(block.number);
    if (found && *found != block.hash) {
      return Failure{bytes_fault(BlockRule::kWhitelist, block.hash, *found)};
    }
  }
  return Unit{};
}

}  // namespace buri::execution::chain
