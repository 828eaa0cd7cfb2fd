#pragma once

#include <functional>
#include <optional>

#include "base/result.hpp"
#include "node/execution/chain/block_fault.hpp"

/// Blocks that Heimdall has fixed: no branch that passes them by is followed, whatever its
/// difficulty. Source: spec/bor.md 6.

namespace buri::execution::chain {

struct FixedBlock {
  std::uint64_t number = 0;
  Hash256 hash;

  friend bool operator==(const FixedBlock&, const FixedBlock&) = default;
};

/// The last milestone and the last checkpoint. A value.
class Whitelist {
 public:
  [[nodiscard]] const std::optional<FixedBlock>& milestone() const { return milestone_; }
  [[nodiscard]] const std::optional<FixedBlock>& checkpoint() const { return checkpoint_; }
  /// The higher of both.
  [[nodiscard]] std::optional<FixedBlock> last() const;

  /// Takes a block over unless it is older than the one at hand.
  void set_milestone(const FixedBlock& block) { take(milestone_, block); }
  void set_checkpoint(const FixedBlock& block) { take(checkpoint_, block); }

  /// Whether a chain that ends at `tip_number` may be followed while the head is `head_number`.
  /// `hash_at`: the chain's hash at a number up to its tip; nothing where it is not known, which
  /// counts as the fixed block's.
  [[nodiscard]] Status<BlockFault> check(
      std::uint64_t tip_number, std::uint64_t head_number,
      const std::function<std::optional<Hash256>(std::uint64_t)>& hash_at) const;

 private:
  static void take(std::optional<FixedBlock>& place, const FixedBlock& block) {
    if (!place || block.number >= place->number) place = block;
  }

  std::optional<FixedBlock> milestone_;
  std::optional<FixedBlock> checkpoint_;
};

}  // namespace buri::execution::chain
