#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "node/execution/evm/evm.hpp"

/// What a whole transaction does to the state: checks, gas bought, calls or creation, refunds,
/// fees, and the logs that Bor's rules add. Source: Ethereum yellow paper, 6; EIP-1559, 2930, 3607,
/// 3651, 3860, 7623, 7702; spec/bor.md 5.

namespace buri::execution::evm {

/// EIP-2718's type bytes that Bor executes.
enum class TransactionType : std::uint8_t {
  kLegacy = 0,
  kAccessList = 1,
  kDynamicFee = 2,
  kSetCode = 4,
};

/// An entry of EIP-2930's list.
struct AccessEntry {
  Address address;
  std::vector<U256> keys;

  friend bool operator==(const AccessEntry&, const AccessEntry&) = default;
};

/// An entry of EIP-7702's list, its signature already recovered.
struct Authorization {
  U256 chain_id;  ///< 0 for any chain
  Address target;
  std::uint64_t nonce = 0;
  std::optional<Address> authority;  ///< nothing if the signature has none
};

/// A transaction whose sender is known. Borrows its lists.
struct Transaction {
  TransactionType type = TransactionType::kLegacy;
  Address sender;
  std::optional<Address> to;  ///< nothing: a contract is created
  std::uint64_t nonce = 0;
  std::uint64_t gas_limit = 0;
  U256 value;
  U256 max_fee;  ///< wei per gas; the gas price of types without EIP-1559
  U256 max_tip;  ///< wei per gas; the gas price, too
  ByteView data;
  std::span<const AccessEntry> access_list;
  std::span<const Authorization> authorizations;
};

/// The rule that an unusable transaction breaks; in the order of checking.
enum class TransactionRule : std::uint8_t {
  kTypeNotActive,
  kNonceTooLow,
  kNonceTooHigh,
  kNonceIsMax,
  kSenderIsContract,
  kGasAboveCap,
  kTipAboveMaxFee,
  kMaxFeeBelowBaseFee,
  kSetCodeWithoutTarget,
  kNoAuthorizations,
  kInsufficientFunds,
  kBlockGasExceeded,
  kIntrinsicGas,
  kFloorGas,
  kInitcodeTooLarge,
};
/// "nonce too low", ...
std::string_view describe(TransactionRule rule);

/// Why a transaction may not stand in a block. Where numbers say nothing both are zero.
struct TransactionRefusal {
  TransactionRule rule;
  U256 expected;
  U256 found;
};

/// How an acceptable transaction went.
struct TransactionOutcome {
  Status status = Status::kSuccess;
  std::uint64_t gas_used = 0;
  std::uint64_t gas_refunded = 0;  ///< already taken off gas_used
  Bytes output;
  std::optional<Address> created;
};

/// What a transaction owes to others than its sender, where that does not depend on what they have.
struct Fees {
  std::optional<U256> base;  ///< base fee times gas, for the burn contract; nothing before EIP-1559
  U256 tip;
};

/// What the block says about its transactions.
struct TransitionOptions {
  std::uint64_t block_gas_left = 0;
  /// Who gets the base fee (spec/bor.md 1, burntContract); nothing burns it as Ethereum does.
  std::optional<Address> burn_contract;
  /// Not null: fees are not paid but noted here, to be paid by pay_deferred() once it is known what
  /// came before. Nothing is noted, and all is paid, if the transaction itself looked at one of the
  /// accounts that get them. REQUIRES: the state was made for this transaction alone.
  std::optional<Fees>* deferred_fees = nullptr;
};

/// The most initcode of a transaction and of CREATE (EIP-3860; Ahmedabad leaves it as it is).
inline constexpr std::uint64_t kInitcodeLimitBytes = 49152;
/// The highest gas limit of a transaction from Madhugiri on.
inline constexpr std::uint64_t kTransactionGasLimit = std::uint64_t{1} << 25;

/// The gas that a transaction costs before anything runs.
std::uint64_t intrinsic_gas(const Transaction& transaction, const Rules& rules);
/// EIP-7623: the least that it is charged.
std::uint64_t floor_gas(const Transaction& transaction);

/// Executes one transaction and finalizes the state; its logs are then state().take_logs(). Begins
/// an access period and leaves it open (spec/bor.md 4). A refused transaction changes nothing.
Result<TransactionOutcome, TransactionRefusal> execute_transaction(
    Evm& evm, const Transaction& transaction, const TransitionOptions& options);

/// Pays what was deferred, and sets the receiver's balances in the fee log, the last of `logs`, if
/// the tip left one. The caller finalizes.
void pay_deferred(JournaledState& state, const Address& receiver,
                  const std::optional<Address>& burn_contract, const Fees& fees,
                  std::span<Log> logs);

/// A call of the system itself (spec/bor.md 4).
struct SystemCall {
  Address to;
  ByteView input;
  std::int64_t gas = 0;
  /// From Austin on each call begins an access period; before it sees what the last transaction
  /// left warm.
  bool begins_access_period = false;
};
/// The account that system calls come from.
inline constexpr Address kSystemAddress{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                         0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}};
/// Costs no fee, counts no nonce. The state is finalized only if the call fails.
CallResult execute_system_call(Evm& evm, const SystemCall& call);

}  // namespace buri::execution::evm
