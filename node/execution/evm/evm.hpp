#pragma once

#include <memory>
#include <vector>

#include "node/execution/evm/code_cache.hpp"
#include "node/execution/evm/context.hpp"
#include "node/execution/evm/frame.hpp"
#include "node/execution/evm/gas_schedule.hpp"
#include "node/execution/evm/journaled_state.hpp"
#include "node/execution/evm/keccak_memo.hpp"
#include "node/execution/evm/precompiles.hpp"
#include "node/execution/evm/rules.hpp"
#include "node/execution/evm/tracer.hpp"

/// Runs messages against a state: calls, creations, precompiles. Fees, nonces of senders and
/// everything else that concerns whole transactions is transition.hpp's.

namespace buri::execution::evm {

/// One call.
struct CallMessage {
  CallKind kind = CallKind::kCall;
  Address caller;
  Address recipient;     ///< whose storage and balance the code uses
  Address code_address;  ///< whose code runs
  U256 value;            ///< kDelegatecall: what CALLVALUE says; nothing moves
  ByteView input;
  std::int64_t gas = 0;
  bool is_static = false;
  int depth = 0;
};

/// One creation of a contract.
struct CreateMessage {
  CallKind kind = CallKind::kCreate;
  Address caller;
  U256 value;
  ByteView initcode;
  U256 salt;  ///< of kCreate2
  std::int64_t gas = 0;
  int depth = 0;
};

/// How a call or creation ended. Unless status is kSuccess, the state is as it was before, but for
/// a creator's nonce.
struct CallResult {
  Status status = Status::kSuccess;
  std::int64_t gas_left = 0;
  ByteView output;  ///< borrows from the Evm until its next call at the same depth
  Address created;  ///< of a creation that reached its initcode
};

/// What an Evm is made of. Everything referred to must outlive it.
struct EvmOptions {
  Rules rules;
  const BlockContext& block;
  CodeCache& codes;
  /// Whether value that moves leaves a LogTransfer of 0x1010 (spec/bor.md 5): on every Bor chain.
  bool transfer_logs = false;
  Tracer* tracer = nullptr;
};

/// One per block and thread. Not thread-safe. Needs about 2 MiB of the thread's stack for the
/// deepest calls.
class Evm {
 public:
  Evm(const EvmOptions& options, JournaledState& state);

  /// For the messages that follow, until set again.
  void begin_transaction(const TransactionContext& transaction) { transaction_ = transaction; }

  CallResult call(const CallMessage& message);
  CallResult create(const CreateMessage& message);

  [[nodiscard]] const Rules& rules() const { return options_.rules; }
  [[nodiscard]] const GasSchedule& prices() const { return prices_; }
  [[nodiscard]] const BlockContext& block() const { return options_.block; }
  [[nodiscard]] JournaledState& state() { return state_; }
  [[nodiscard]] const PrecompileSet& precompiles() const { return precompiles_; }
  [[nodiscard]] KeccakMemo& keccak_memo() { return keccak_memo_; }
  [[nodiscard]] bool writes_transfer_logs() const { return options_.transfer_logs; }
  [[nodiscard]] Tracer* tracer() const { return options_.tracer; }

  /// Takes the value's 0x1010 log into account. REQUIRES: the balance suffices.
  void transfer(Account& from, Account& to, const U256& amount);
  /// The account that an EIP-7702 designation of this account's code names; null without one.
  Account* delegate_of(Account& account);
  void report_selfdestruct(const Frame& frame, const Address& heir);

 private:
  /// What a frame needs for itself, kept for the next one at the same depth.
  struct Space {
    std::unique_ptr<U256[]> stack;  // NOLINT(modernize-avoid-c-arrays)
    Memory memory;
    Bytes output;  ///< of a precompile
  };
  /// How code is run, once it is known which.
  struct Run {
    const AnalysedCode& code;
    Account& self;
    const Address& caller;
    const U256& value;
    ByteView input;
    std::int64_t gas;
    int depth;
    bool is_static;
  };

  Space& space(int depth);
  CallResult run(const Run& run);
  /// Of a message whose code never begins to run.
  CallResult refused(Status status, std::int64_t gas, int depth);
  CallResult run_code_of(const CallMessage& message, Account& recipient);
  CallResult run_precompile(const Precompile& precompile, const CallMessage& message);
  CallResult create_at(const CreateMessage& message, Account& creator, Account& created);
  /// Checks, pays for and sets the code that initcode returned.
  Status deploy(Account& created, ByteView code, std::int64_t& gas);
  [[nodiscard]] Address address_of(const CreateMessage& message, std::uint64_t nonce) const;
  const AnalysedCode& analysed_code(Account& account);

  EvmOptions options_;
  GasSchedule prices_;
  PrecompileSet precompiles_;
  JournaledState& state_;
  TransactionContext transaction_;
  std::vector<std::unique_ptr<Space>> spaces_;
  KeccakMemo keccak_memo_;
};

}  // namespace buri::execution::evm
