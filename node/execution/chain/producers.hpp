#pragma once

#include <list>
#include <memory>
#include <unordered_map>

#include "node/execution/chain/block_fault.hpp"
#include "node/execution/chain/config.hpp"
#include "node/execution/chain/header.hpp"
#include "node/execution/chain/validator_set.hpp"

/// Who may seal which block: before Rio the set that sprint ends hand on from header to header,
/// from Rio on the span's producers. Source: spec/bor.md 3.

namespace buri::execution::chain {

using ProducerSet = std::shared_ptr<const ValidatorSet>;

/// The sets, by the hash of the block whose children they judge. Not thread-safe. Forgets the
/// oldest blocks.
class Producers {
 public:
  /// `heimdall` must outlive it.
  Producers(const ChainConfig& config, protocol::HeimdallFacts& heimdall);

  /// The set that judges `header`, checked against what the parent's validator bytes say at the
  /// start of a sprint. Faults: kUnknownParent if the parent was not added, kNoFacts,
  /// kValidatorsMismatch.
  Result<ProducerSet, BlockFault> of_child(const Header& header, const Header& parent);
  /// Whether the validator bytes at the end of a sprint are those of the span that follows: before
  /// Rio, above block 255, unless the genesis excepts the block. Faults: kValidatorsAtEnd,
  /// kNoFacts.
  Status<BlockFault> check_sprint_end(const Header& header);

  /// Notes block 0, whose children span 0 judges.
  Status<BlockFault> add_genesis(const Hash256& hash);
  /// Notes a block that was found right, sealed under `producers`.
  void add(const Header& header, const Hash256& hash, const ProducerSet& producers);

 private:
  static constexpr std::size_t kMaxKept = 8192;

  Result<ProducerSet, BlockFault> of_span(std::uint64_t block_number);
  void keep(const Hash256& hash, ProducerSet producers);

  const ChainConfig& config_;
  protocol::HeimdallFacts& heimdall_;
  std::unordered_map<Hash256, ProducerSet> after_block_;
  std::list<Hash256> oldest_first_;
};

}  // namespace buri::execution::chain
