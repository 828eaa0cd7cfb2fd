#pragma once

#include <memory>
#include <vector>

#include "node/execution/chain/parallel_transactions.hpp"
#include "node/execution/chain/receipt.hpp"
#include "node/execution/chain/signers.hpp"
#include "node/execution/chain/transaction_watcher.hpp"
#include "node/execution/evm/code_cache.hpp"
#include "node/protocol/heimdall_facts.hpp"

/// Executes a whole block: its transactions, then what Bor does at the start of a sprint (spans,
/// state sync) and at forks (code swaps). Source: spec/bor.md 3 to 5.

namespace buri::execution::chain {

/// What a block did.
struct ExecutedBlock {
  std::vector<Receipt> receipts;        ///< those of the receipts root, in order
  std::vector<std::uint64_t> gas_used;  ///< of each receipt's transaction
  std::uint64_t total_gas = 0;
  /// Before Madhugiri: what state sync logged, outside all roots; nothing without any log.
  std::optional<Receipt> state_sync_receipt;
  std::unique_ptr<evm::JournaledState> state;  ///< all changes; borrows the state before the block
};

/// The chain that the block ends. The headers of its ancestors, by number; null where unknown.
/// Those that are asked for are the 256 before the block and the one a sprint before it; by several
/// threads if there are several lanes.
using Ancestors = std::function<const Header*(std::uint64_t number)>;

/// What blocks are executed with. Everything must outlive the call.
struct ExecutionContext {
  const ChainConfig& config;
  protocol::HeimdallFacts& heimdall;
  evm::CodeCache& codes;
  TransactionWatcher* watcher = nullptr;  ///< null: nobody watches, at no cost
  /// Null, or with one lane: transactions are executed one after the other. So they are, too, where
  /// somebody watches. The outcome is the same.
  Lanes* lanes = nullptr;
  ParallelCounts* counts = nullptr;  ///< added to, if not null
};

/// Executes `block` on `parent_state`. REQUIRES: its header and body were checked, and its producer
/// is known. Faults: kTransaction, kStateSync, kNoFacts; what the header says about the outcome is
/// check_outcome()'s.
Result<ExecutedBlock, BlockFault> execute_block(const ExecutionContext& context, const Block& block,
                                                const BlockSigners& signers,
                                                const evm::StateSource& parent_state,
                                                const Ancestors& ancestors);

/// Whether gas, bloom and receipts are those of the header. Faults: kGasUsed, kBloom,
/// kReceiptsRoot.
Status<BlockFault> check_outcome(const Header& header, const ExecutedBlock& executed);

/// The hash under which the stock client shows state sync before Madhugiri as a transaction.
Hash256 state_sync_transaction_hash(std::uint64_t number, const Hash256& block_hash);

}  // namespace buri::execution::chain
