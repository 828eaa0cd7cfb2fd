#pragma once

#include "tests/conformance/execution/devnet_block.hpp"
#include "tests/conformance/execution/devnet_chain.hpp"

/// Executes recorded blocks on a state in memory: transactions, spans, state sync, code swaps. It
/// is slow and simple on purpose, so that a difference speaks of the EVM.

namespace buri::testing {

/// What became of a block.
struct ReplayedBlock {
  std::uint64_t gas_used = 0;
  std::string refusal;  ///< of a transaction; empty if all were acceptable
  Hash256 receipts_root;
  /// By transaction: gas, and the status that its receipt has.
  std::vector<std::pair<std::uint64_t, bool>> transactions;
};

/// Watches transactions as they are executed.
class TransactionWatcher {
 public:
  virtual ~TransactionWatcher() = default;
  /// Just before a transaction; the tracer that is to hear of it, null for none.
  virtual execution::evm::Tracer* begin(execution::evm::JournaledState& state,
                                        const execution::evm::Transaction& transaction,
                                        const execution::evm::BlockContext& block,
                                        std::size_t index) = 0;
  /// After it.
  virtual void finish(const execution::evm::TransactionOutcome& outcome) = 0;
};

class Replay {
 public:
  explicit Replay(RecordedChain chain) : chain_(std::move(chain)), state_(chain_.genesis) {}

  /// Executes the next block.
  ReplayedBlock execute(const RecordedBlock& block, TransactionWatcher* watcher = nullptr);
  [[nodiscard]] const RecordedChain& chain() const { return chain_; }
  [[nodiscard]] const MemoryState& state() const { return state_; }

 private:
  class Block;

  RecordedChain chain_;
  MemoryState state_;
  execution::evm::CodeCache codes_;
  std::map<std::uint64_t, Hash256> hashes_;
  std::map<std::uint64_t, std::uint64_t> times_;
};

}  // namespace buri::testing
