#pragma once

#include "node/execution/evm/transition.hpp"

namespace buri::execution::chain {

/// Watches the transactions of a block as they are executed, for traces of one of them. System
/// calls are not watched. Called in the thread that executes.
class TransactionWatcher {
 public:
  virtual ~TransactionWatcher() = default;

  /// Just before a transaction, nothing of which is paid yet; the tracer that is to hear of it,
  /// null for none. `index`: its place in the block.
  virtual evm::Tracer* begin(evm::JournaledState& state, const evm::Transaction& transaction,
                             const evm::BlockContext& block, std::size_t index) = 0;
  /// After it, unless it was refused.
  virtual void finish(const evm::TransactionOutcome& outcome) = 0;
};

}  // namespace buri::execution::chain
