#pragma once

#include <cstdint>
#include <vector>

#include "node/protocol/bor_roots.hpp"

/// Facts of Bor, as validators need them for votes on side transactions and for propositions of
/// milestones. What an extension says depends on them, what a block does never.

namespace buri::protocol {

/// What identifies a block and ties it to the one before.
struct BorBlock {
  std::uint64_t number = 0;
  Hash256 hash;
  Hash256 parent_hash;

  friend bool operator==(const BorBlock&, const BorBlock&) = default;
};

/// A block with what a proposition says about it.
struct BorBlockInfo {
  BorBlock block;
  std::uint64_t total_difficulty = 0;
  Address author;  ///< who sealed it; zero for block 0

  friend bool operator==(const BorBlockInfo&, const BorBlockInfo&) = default;
};

/// How many blocks one call of BorChain::blocks may name.
inline constexpr std::uint64_t kMaxBorBatchBlocks = 256;

/// Implementations are called from the thread that votes and may block up to their own deadline.
/// Block numbers that do not exist yet are kMissing.
class BorChain : public BorRoots {
 public:
  /// The newest block.
  virtual Result<BorBlock, FactError> head() = 0;
  virtual Result<BorBlock, FactError> block(std::uint64_t number) = 0;
  /// Who sealed a block.
  virtual Result<Address, FactError> author(std::uint64_t number) = 0;
  /// The blocks `first` to `last`, as many from the front as are at hand, perhaps none. REQUIRES:
  /// first <= last, at most kMaxBorBatchBlocks of them.
  virtual Result<std::vector<BorBlockInfo>, FactError> blocks(std::uint64_t first,
                                                              std::uint64_t last) = 0;
  Result<bool, FactError> has_block(std::uint64_t number) override {
    const auto found = block(number);
    if (found.ok()) return true;
    if (found.error() == FactError::kMissing) return false;
    return Failure{found.error()};
  }
};

}  // namespace buri::protocol
