#include "node/execution/evm/transition.hpp"

#include <algorithm>

#include "base/u256_arithmetic.hpp"
#include "base/u256_words.hpp"
#include "node/execution/evm/delegation.hpp"
#include "node/execution/evm/polygon_logs.hpp"

namespace buri::execution::evm {
namespace {

using enum Proposal;

constexpr std::uint64_t kTransactionGas = 21000;
constexpr std::uint64_t kCreationGas = 32000;
constexpr std::uint64_t kZeroByteGas = 4;
constexpr std::uint64_t kInitcodeWordGas = 2;
constexpr std::uint64_t kAccessAddressGas = 2400;
constexpr std::uint64_t kAccessKeyGas = 1900;
constexpr std::uint64_t kAuthorizationGas = 25000;
constexpr std::int64_t kExistingAuthorityRefund = 12500;
constexpr std::uint64_t kFloorTokenGas = 10;

std::uint64_t zero_bytes(ByteView data) {
  return static_cast<std::uint64_t>(std::count(data.begin(), data.end(), 0));
}

U256 times(const U256& price, std::uint64_t gas) {
  return wrapping_multiply(price, U256::from_uint64(gas));
}

Failure<TransactionRefusal> refuse(TransactionRule rule, const U256& expected = {},
                                   const U256& found = {}) {
  return Failure{TransactionRefusal{rule, expected, found}};
}
Failure<TransactionRefusal> refuse(TransactionRule rule, std::uint64_t expected,
                                   std::uint64_t found) {
  return refuse(rule, U256::from_uint64(expected), U256::from_uint64(found));
}

void pay(JournaledState& state, const Address& receiver,
         const std::optional<Address>& burn_contract, const Fees& fees) {
  if (fees.base && burn_contract) state.credit(state.account(*burn_contract), *fees.base);
  state.credit(state.account(receiver), fees.tip);
}

/// One transaction under way.
class Transition {
 public:
  Transition(Evm& evm, const Transaction& transaction, const TransitionOptions& options)
      : evm_(evm),
        state_(evm.state()),
        rules_(evm.rules()),
        transaction_(transaction),
        options_(options),
        sender_(evm.state().account(transaction.sender)),
        receiver_(evm.state().place(evm.block().coinbase)) {}

  Result<TransactionOutcome, TransactionRefusal> run();

 private:
  using Check = Result<Unit, TransactionRefusal>;

  [[nodiscard]] Check check() const;
  [[nodiscard]] Check check_type() const;
  [[nodiscard]] Check check_sender() const;
  [[nodiscard]] Check check_fees() const;
  [[nodiscard]] Check check_funds() const;
  [[nodiscard]] Check check_gas() const;
  [[nodiscard]] U256 gas_price() const;

  void warm_up();
  void apply(const Authorization& authorization);
  CallResult call(std::int64_t gas);
  CallResult create(std::int64_t gas);
  void settle(TransactionOutcome& outcome, std::int64_t gas_left);
  [[nodiscard]] bool may_defer() const;
  void pay_fees(std::uint64_t gas_used);

  Evm& evm_;
  JournaledState& state_;
  const Rules& rules_;
  const Transaction& transaction_;
  const TransitionOptions& options_;
  Account& sender_;
  Account& receiver_;
  U256 price_;
  U256 sender_before_;
  U256 receiver_before_;
};

Transition::Check Transition::check_type() const {
  const std::optional<Proposal> needed = [&]() -> std::optional<Proposal> {
    switch (transaction_.type) {
      case TransactionType::kLegacy:
        return std::nullopt;
      case TransactionType::kAccessList:
        return kEip2930;
      case TransactionType::kDynamicFee:
        return kEip1559;
      case TransactionType::kSetCode:
        return kEip7702;
    }
    return std::nullopt;
  }();
  if (needed && !rules_.has(*needed)) return refuse(TransactionRule::kTypeNotActive);
  return Unit{};
}

Transition::Check Transition::check_sender() const {
  constexpr std::uint64_t kMaxNonce = ~std::uint64_t{0};
  if (transaction_.nonce < sender_.nonce) {
    return refuse(TransactionRule::kNonceTooLow, sender_.nonce, transaction_.nonce);
  }
  if (transaction_.nonce > sender_.nonce) {
    return refuse(TransactionRule::kNonceTooHigh, sender_.nonce, transaction_.nonce);
  }
  if (sender_.nonce == kMaxNonce) return refuse(TransactionRule::kNonceIsMax);
  const bool is_delegated =
      rules_.has(kEip7702) && delegation_target(state_.code(sender_)).has_value();
  if (sender_.has_code() && !is_delegated) return refuse(TransactionRule::kSenderIsContract);
  if (rules_.has(kTransactionGasCap) && transaction_.gas_limit > kTransactionGasLimit) {
    return refuse(TransactionRule::kGasAboveCap, kTransactionGasLimit, transaction_.gas_limit);
  }
  return Unit{};
}

Transition::Check Transition::check_fees() const {
  if (rules_.has(kEip1559)) {
    const U256& base_fee = evm_.block().base_fee;
    if (less(transaction_.max_fee, transaction_.max_tip)) {
      return refuse(TransactionRule::kTipAboveMaxFee, transaction_.max_fee, transaction_.max_tip);
    }
    if (less(transaction_.max_fee, base_fee)) {
      return refuse(TransactionRule::kMaxFeeBelowBaseFee, base_fee, transaction_.max_fee);
    }
  }
  if (transaction_.type == TransactionType::kSetCode) {
    if (!transaction_.to) return refuse(TransactionRule::kSetCodeWithoutTarget);
    if (transaction_.authorizations.empty()) return refuse(TransactionRule::kNoAuthorizations);
  }
  return Unit{};
}

Transition::Check Transition::check_funds() const {
  constexpr U256 kMax{{~0ULL, ~0ULL, ~0ULL, ~0ULL}};
  const auto gas =
      checked_multiply(transaction_.max_fee, U256::from_uint64(transaction_.gas_limit));
  const auto needed = gas ? checked_add(*gas, transaction_.value) : std::nullopt;
  if (!needed || less(sender_.balance, *needed)) {
    return refuse(TransactionRule::kInsufficientFunds, needed.value_or(kMax), sender_.balance);
  }
  if (transaction_.gas_limit > options_.block_gas_left) {
    return refuse(TransactionRule::kBlockGasExceeded, options_.block_gas_left,
                  transaction_.gas_limit);
  }
  return Unit{};
}

Transition::Check Transition::check_gas() const {
  const std::uint64_t intrinsic = intrinsic_gas(transaction_, rules_);
  if (transaction_.gas_limit < intrinsic) {
    return refuse(TransactionRule::kIntrinsicGas, intrinsic, transaction_.gas_limit);
  }
  if (rules_.has(kEip7623) && transaction_.gas_limit < floor_gas(transaction_)) {
    return refuse(TransactionRule::kFloorGas, floor_gas(transaction_), transaction_.gas_limit);
  }
  const bool has_initcode = !transaction_.to && rules_.has(kEip3860);
  if (has_initcode && transaction_.data.size() > kInitcodeLimitBytes) {
    return refuse(TransactionRule::kInitcodeTooLarge, kInitcodeLimitBytes,
                  transaction_.data.size());
  }
  return Unit{};
}

Transition::Check Transition::check() const {
  RETURN_IF_ERROR(check_type());
  RETURN_IF_ERROR(check_sender());
  RETURN_IF_ERROR(check_fees());
  RETURN_IF_ERROR(check_funds());
  return check_gas();
}

U256 Transition::gas_price() const {
  if (!rules_.has(kEip1559)) return transaction_.max_fee;
  const U256& base_fee = evm_.block().base_fee;
  const U256 room = wrapping_subtract(transaction_.max_fee, base_fee);
  return wrapping_add(base_fee, less(transaction_.max_tip, room) ? transaction_.max_tip : room);
}

/// What EIP-2929 and 2930 have warm from the start.
void Transition::warm_up() {
  state_.clear_access();
  if (!rules_.has(kEip2929)) return;
  state_.warm(sender_);
  if (rules_.has(kEip3651)) state_.warm(receiver_);
  if (transaction_.to) state_.warm(state_.place(*transaction_.to));
  for (const Address& address : evm_.precompiles().addresses()) {
    state_.warm(state_.place(address));
  }
  for (const AccessEntry& entry : transaction_.access_list) {
    state_.warm(state_.place(entry.address));
    if (entry.keys.empty()) continue;
    Account& account = state_.account(entry.address);
    for (const U256& key : entry.keys) state_.warm(state_.slot(account, key));
  }
}

/// EIP-7702: an authorisation that does not hold is passed over.
void Transition::apply(const Authorization& authorization) {
  const bool is_for_this_chain =
      is_zero(authorization.chain_id) || authorization.chain_id == evm_.block().chain_id;
  if (!is_for_this_chain || authorization.nonce == ~std::uint64_t{0} || !authorization.authority) {
    return;
  }
  Account& authority = state_.account(*authorization.authority);
  state_.warm(authority);
  if (authority.has_code() && !delegation_target(state_.code(authority))) return;
  if (authority.nonce != authorization.nonce) return;
  if (!authority.is_empty()) state_.add_refund(kExistingAuthorityRefund);
  const bool clears = authorization.target.is_zero();
  state_.set_code(authority, clears ? Bytes{} : delegation_code(authorization.target));
  state_.set_nonce(authority, authority.nonce + 1);
}

CallResult Transition::call(std::int64_t gas) {
  state_.set_nonce(sender_, sender_.nonce + 1);
  for (const Authorization& authorization : transaction_.authorizations) apply(authorization);
  Account& target = state_.account(*transaction_.to);
  if (Account* delegate = evm_.delegate_of(target)) state_.warm(*delegate);
  return evm_.call({.kind = CallKind::kCall,
                    .caller = transaction_.sender,
                    .recipient = *transaction_.to,
                    .code_address = *transaction_.to,
                    .value = transaction_.value,
                    .input = transaction_.data,
                    .gas = gas});
}

CallResult Transition::create(std::int64_t gas) {
  return evm_.create({.kind = CallKind::kCreate,
                      .caller = transaction_.sender,
                      .value = transaction_.value,
                      .initcode = transaction_.data,
                      .salt = {},
                      .gas = gas});
}

/// Whether nothing that was executed depends on who gets the fees.
bool Transition::may_defer() const {
  if (options_.deferred_fees == nullptr || receiver_.is_loaded) return false;
  return !options_.burn_contract || !state_.place(*options_.burn_contract).is_loaded;
}

/// The base fee to the burn contract, the tip to the fee receiver, and Bor's log of it.
void Transition::pay_fees(std::uint64_t gas_used) {
  const U256& base_fee = evm_.block().base_fee;
  Fees fees{.base = std::nullopt, .tip = times(price_, gas_used)};
  if (rules_.has(kEip1559)) {
    fees = {times(base_fee, gas_used), times(wrapping_subtract(price_, base_fee), gas_used)};
  }
  if (may_defer()) {
    *options_.deferred_fees = fees;
  } else {
    if (options_.deferred_fees != nullptr) {
      const auto stored = state_.source().account(receiver_.address);
      receiver_before_ = stored ? stored->balance : U256{};
    }
    pay(state_, receiver_.address, options_.burn_contract, fees);
  }
  if (evm_.writes_transfer_logs() && !is_zero(fees.tip)) {
    state_.add_log(
        fee_log(sender_.address, receiver_.address, fees.tip, sender_before_, receiver_before_));
  }
}

void Transition::settle(TransactionOutcome& outcome, std::int64_t gas_left) {
  const std::uint64_t used = transaction_.gas_limit - static_cast<std::uint64_t>(gas_left);
  const auto divisor = static_cast<std::uint64_t>(evm_.prices().max_refund_divisor);
  const auto earned = static_cast<std::uint64_t>(std::max<std::int64_t>(state_.refund(), 0));
  outcome.gas_refunded = std::min(used / divisor, earned);
  outcome.gas_used = used - outcome.gas_refunded;
  if (rules_.has(kEip7623)) {
    outcome.gas_used = std::max(outcome.gas_used, floor_gas(transaction_));
  }
  state_.credit(sender_, times(price_, transaction_.gas_limit - outcome.gas_used));
  pay_fees(outcome.gas_used);
}

Result<TransactionOutcome, TransactionRefusal> Transition::run() {
  RETURN_IF_ERROR(check());
  price_ = gas_price();
  sender_before_ = sender_.balance;
  if (options_.deferred_fees == nullptr) {
    receiver_before_ = state_.account(receiver_.address).balance;
  }
  evm_.begin_transaction({.origin = transaction_.sender, .gas_price = price_, .blob_hashes = {}});
  warm_up();
  state_.debit(sender_, times(price_, transaction_.gas_limit));
  const auto gas =
      static_cast<std::int64_t>(transaction_.gas_limit - intrinsic_gas(transaction_, rules_));
  const CallResult result = transaction_.to ? call(gas) : create(gas);
  TransactionOutcome outcome{.status = result.status,
                             .gas_used = 0,
                             .gas_refunded = 0,
                             .output = {result.output.begin(), result.output.end()},
                             .created = std::nullopt};
  if (!transaction_.to && result.status == Status::kSuccess) outcome.created = result.created;
  settle(outcome, result.gas_left);
  state_.finalize();
  return outcome;
}

}  // namespace

std::uint64_t intrinsic_gas(const Transaction& transaction, const Rules& rules) {
  const std::uint64_t zeros = zero_bytes(transaction.data);
  const std::uint64_t byte_gas = rules.has(kEip2028) ? 16 : 68;
  std::uint64_t gas =
      kTransactionGas + zeros * kZeroByteGas + (transaction.data.size() - zeros) * byte_gas;
  if (!transaction.to) {
    gas += kCreationGas;
    if (rules.has(kEip3860)) gas += kInitcodeWordGas * ((transaction.data.size() + 31) / 32);
  }
  for (const AccessEntry& entry : transaction.access_list) {
    gas += kAccessAddressGas + kAccessKeyGas * entry.keys.size();
  }
  return gas + kAuthorizationGas * transaction.authorizations.size();
}

std::uint64_t floor_gas(const Transaction& transaction) {
  const std::uint64_t zeros = zero_bytes(transaction.data);
  const std::uint64_t tokens = zeros + 4 * (transaction.data.size() - zeros);
  return kTransactionGas + kFloorTokenGas * tokens;
}

Result<TransactionOutcome, TransactionRefusal> execute_transaction(
    Evm& evm, const Transaction& transaction, const TransitionOptions& options) {
  return Transition(evm, transaction, options).run();
}

void pay_deferred(JournaledState& state, const Address& receiver,
                  const std::optional<Address>& burn_contract, const Fees& fees,
                  std::span<Log> logs) {
  const U256 before = state.account(receiver).balance;
  pay(state, receiver, burn_contract, fees);
  if (!logs.empty() && !is_zero(fees.tip)) set_fee_receiver_balance(logs.back(), fees.tip, before);
}

CallResult execute_system_call(Evm& evm, const SystemCall& call) {
  JournaledState& state = evm.state();
  evm.begin_transaction({});
  if (call.begins_access_period) {
    state.clear_access();
    state.warm(state.place(kSystemAddress));
    state.warm(state.place(evm.block().coinbase));
    state.warm(state.place(call.to));
    for (const Address& address : evm.precompiles().addresses()) state.warm(state.place(address));
  }
  const CallResult result = evm.call({.kind = CallKind::kCall,
                                      .caller = kSystemAddress,
                                      .recipient = call.to,
                                      .code_address = call.to,
                                      .value = {},
                                      .input = call.input,
                                      .gas = call.gas});
  if (result.status != Status::kSuccess) state.finalize();
  return result;
}

}  // namespace buri::execution::evm
