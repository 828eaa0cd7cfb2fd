#pragma once

#include "node/execution/chain/block_fault.hpp"
#include "node/execution/chain/block_store.hpp"
#include "node/execution/chain/config.hpp"

/// Who may seal which block: before Rio the set that sprint ends hand on from header to header,
/// from Rio on the span's producers. Source: spec/bor.md 3.

namespace buri::execution::chain {

/// The sets, by the block whose children they judge. Those after sprints' ends are in the block
/// store; the newest are held in memory. Not thread-safe.
class Producers {
 public:
  /// Everything must outlive it.
  Producers(const ChainConfig& config, protocol::HeimdallFacts& heimdall, const BlockStore& blocks);

  /// The set that judges `header`, checked against what the parent's validator bytes say at the
  /// start of a sprint. Faults: kUnknownParent if the store lacks an ancestor down to the last
  /// sprint's end, kNoFacts, kNoState, kValidatorsMismatch.
  Result<ProducerSet, BlockFault> of_child(const Header& header, const BlockEntry& parent);
  /// Whether the validator bytes at the end of a sprint are those of the span that follows: before
  /// Rio, above block 255, unless the genesis excepts the block. Faults: kValidatorsAtEnd,
  /// kNoFacts.
  Status<BlockFault> check_sprint_end(const Header& header);

  /// Notes a block that was found right, sealed under `producers`. The set to store with it: at a
  /// sprint's end before Rio; else null.
  ProducerSet add(const BlockEntry& entry, const ProducerSet& producers);

 private:
  static constexpr std::size_t kMaxHeld = 8192;
  struct HashOfHash {
    using is_avalanching = void;  // NOLINT(readability-identifier-naming): boost's name
    std::size_t operator()(const Hash256& key) const noexcept { return std::hash<Hash256>{}(key); }
  };

  Result<ProducerSet, BlockFault> of_span(std::uint64_t block_number);
  Result<ProducerSet, BlockFault> of_genesis();
  /// The set after a block before Rio.
  Result<ProducerSet, BlockFault> after(const BlockEntry& entry);

  const ChainConfig& config_;
  protocol::HeimdallFacts& heimdall_;
  const BlockStore& blocks_;
  state::BoundedCache<Hash256, ProducerSet, HashOfHash> after_block_;
};

/// The disk's failure as a block's.
BlockFault store_fault(const storage::StorageError& error);

}  // namespace buri::execution::chain
