#pragma once

#include "base/lanes.hpp"
#include "node/execution/chain/receipt.hpp"
#include "node/execution/chain/versioned_state.hpp"
#include "node/execution/evm/transition.hpp"

/// Transactions of a block executed side by side, with the results of one after the other.
///
/// Each is executed on a guess of what those before it leave (versioned_state.hpp), while what it
/// reads and writes is noted. Lane 0 then goes through them in order: where everything that a
/// transaction read is what the transactions before it, now final, really left, its writes are what
/// a serial execution would have written, and they are taken over; else it is executed again, on
/// the final state. So a result is only ever taken that the final state gives, whatever the lanes
/// did. Fees, which every transaction pays to the same accounts, are left out of the guess and paid
/// in order.

namespace buri::execution::chain {

/// What the transactions of one block have in common. Everything must outlive the run.
struct ParallelBlock {
  std::span<const evm::Transaction> transactions;
  std::span<const EnvelopeType> types;  ///< of their receipts
  evm::EvmOptions evm;                  ///< without tracer; its context must be thread-safe
  std::uint64_t gas_limit = 0;
  std::optional<Address> burn_contract;
};

/// A transaction that may not stand in the block.
struct RefusedTransaction {
  std::size_t index;
  evm::TransactionRefusal refusal;
};

/// How a run went, for figures and tests.
struct ParallelCounts {
  std::uint64_t guesses = 0;    ///< transactions executed ahead
  std::uint64_t conflicts = 0;  ///< of them those whose reads were wrong
};

/// One run.
class ParallelTransactions final : public LaneJob {
 public:
  /// On `state`, which has no transaction under way; `before` is the state it was made over and
  /// must be thread-safe.
  ParallelTransactions(const ParallelBlock& block, const evm::StateSource& before,
                       evm::JournaledState& state, Lanes& lanes);

  /// Executes all in order and leaves their changes, finalized, in the state. The receipts, whose
  /// blooms are still empty, or the first refusal; those before it are then executed.
  Result<std::vector<Receipt>, RefusedTransaction> run();
  /// Gas of each receipt's transaction.
  [[nodiscard]] const std::vector<std::uint64_t>& gas_used() const { return gas_used_; }
  [[nodiscard]] const ParallelCounts& counts() const { return counts_; }

  void work(std::size_t lane) override;

 private:
  enum class Phase : std::uint8_t {
    kFree,
    kLeft,     ///< not guessed, because it follows on one that was not known yet
    kRunning,  ///< in some lane
    kGuessed,
    kFinal,
  };
  /// What one execution did.
  struct Execution {
    Result<evm::TransactionOutcome, evm::TransactionRefusal> outcome{evm::TransactionOutcome{}};
    TransactionView::Reads reads;
    state::StateChange change;
    std::optional<evm::Fees> fees;  ///< not yet paid
    Receipt receipt;                ///< cumulative gas not yet set
  };
  struct Slot {
    Phase phase = Phase::kFree;  ///< guarded by mutex_
    std::int32_t previous_of_sender = kBeforeBlock;
    std::unique_ptr<Execution> guess;
  };
  /// What a lane executes with.
  struct Tools {
    Tools(const evm::EvmOptions& options, const evm::StateSource& source)
        : state(source), evm(options, state) {}
    evm::JournaledState state;
    evm::Evm evm;
  };

  void take_in_order();
  /// The next transaction to guess in a lane; nothing if none is near enough.
  std::optional<std::size_t> claim();
  /// Whether lane 0 may execute it, nobody having begun.
  bool claim_final(std::size_t index);
  [[nodiscard]] Phase phase(std::size_t index);
  void set_phase(std::size_t index, Phase phase);
  void advance();

  bool guess_one(std::size_t lane);
  Tools& tools_of(std::size_t lane);
  std::unique_ptr<Execution> execute(Tools& tools, std::size_t index,
                                     const evm::StateSource& source, bool defers_fees);
  /// Takes a transaction's guess, or executes it on the final state. False: it is refused.
  bool take(std::size_t index);
  void finish(std::size_t index, Execution& execution);

  const ParallelBlock& block_;
  const evm::StateSource& before_;
  evm::JournaledState& state_;
  Lanes& lanes_;
  VersionedState versions_;
  JournalView final_view_;
  std::vector<std::unique_ptr<Tools>> tools_;  ///< by lane, each made and used there alone

  std::mutex mutex_;
  std::vector<Slot> slots_;
  std::size_t cursor_ = 0;       ///< guarded by mutex_
  std::size_t final_count_ = 0;  ///< guarded by mutex_
  bool is_over_ = false;         ///< guarded by mutex_
  std::atomic<std::uint32_t> progress_ = 0;

  std::vector<Receipt> receipts_;
  std::vector<std::uint64_t> gas_used_;
  std::uint64_t total_gas_ = 0;
  std::optional<RefusedTransaction> refused_;
  ParallelCounts counts_;
};

}  // namespace buri::execution::chain
