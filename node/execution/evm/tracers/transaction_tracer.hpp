#pragma once

#include <string>

#include "node/execution/evm/transition.hpp"

/// Tracers of whole transactions, with the answers of debug_traceTransaction. One object traces one
/// transaction: give it to the Evm, call begin(), execute, call finish(). Not thread-safe.
///
/// An Evm that traces runs codes in the form that reports every step. Accounts keep the form they
/// were first run in, so a JournaledState is traced from its first transaction on or not at all.

namespace buri::execution::evm::tracers {

class TransactionTracer : public Tracer {
 public:
  /// Just before execute_transaction(): nothing is paid yet. `fee_receiver` is the block context's
  /// coinbase.
  virtual void begin(const Transaction& transaction, const Address& fee_receiver) = 0;
  /// After it: the answer as JSON.
  virtual std::string finish(const TransactionOutcome& outcome) = 0;
};

/// The address of a contract that an account with this nonce creates by CREATE.
Address creation_address(const Address& creator, std::uint64_t nonce);

}  // namespace buri::execution::evm::tracers
