#include "node/consensus/modules/topup/messages.hpp"

#include "base/hex.hpp"
#include "node/consensus/modules/bank/keeper.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/root_chain_sequence.hpp"

namespace buri::consensus::modules::topup {
namespace {

using runtime::Coins;
using runtime::Context;
using runtime::Error;
using runtime::Integer;
using runtime::Outcome;
using runtime::plain_error;
using runtime::sdk_error;
using runtime::SdkCode;
using runtime::SideVote;

/// What a top-up's proposer gets, whatever the parameter tx_fees says.
constexpr std::uint64_t kTransactionFee = 1'000'000'000'000'000;

Coins fee_tokens(const Integer& amount) { return {{std::string(runtime::kFeeDenom), amount}}; }

std::string sequence_of(const Context& context, const MsgTopupTx& message) {
  return runtime::root_chain_sequence(message.block_number, message.log_index,
                                      context.forks().is_kyoto(context.height()));
}

Status<Error> check_address(std::string_view text, std::string_view what) {
  if (runtime::parse_address(text).ok()) return Unit{};
  return Failure{plain_error("invalid " + std::string(what))};
}

/// The stock daemon of v0.10.0 panics on an absent amount; later ones refuse it. No block that
/// passed a proposal check holds one.
Status<Error> check_amount(const std::optional<Integer>& amount, std::string_view what) {
  if (!amount) {
    return Failure{runtime::nil_panic()};
  }
  if (!amount->is_negative()) return Unit{};
  return Failure{plain_error(std::string(what) + " cannot be negative")};
}

Status<Error> validate_topup(const MsgTopupTx& message) {
  RETURN_IF_ERROR(check_amount(message.fee, "fee"));
  RETURN_IF_ERROR(check_address(message.proposer, "proposer"));
  RETURN_IF_ERROR(check_address(message.user, "user"));
  if (message.tx_hash.size() != Hash256::kSize) return Failure{plain_error("invalid tx hash")};
  return Unit{};
}

Status<Error> validate_withdrawal(const MsgWithdrawFeeTx& message) {
  RETURN_IF_ERROR(check_amount(message.amount, "amount"));
  return check_address(message.proposer, "proposer");
}

/// Message and vote check the same, on different states.
Status<Error> check_topup(const Context& context, const MsgTopupTx& message) {
  auto enabled = bank::Keeper().check_send_enabled(context, fee_tokens(Integer(1)));
  if (!enabled.ok()) {
    return Failure{std::move(enabled).error().with_code(
        runtime::kSdkCodespace, static_cast<std::uint32_t>(SdkCode::kInvalidRequest))};
  }
  if (*message.fee < Integer(kTransactionFee)) {
    return Failure{sdk_error(SdkCode::kInsufficientFunds, "default fee exceeds amount to topup")};
  }
  ASSIGN_OR_RETURN(const bool is_old,
                   Keeper().has_sequence(context, sequence_of(context, message)));
  if (!is_old) return Unit{};
  return Failure{sdk_error(SdkCode::kInvalidRequest,
                           "tx with hash 0x" + to_hex(message.tx_hash) + " already exists")};
}

Outcome<codec::Any> top_up(const Context& context, const MsgTopupTx& message) {
  RETURN_IF_ERROR(check_topup(context, message));
  context.emit({"topup",
                {{"module", std::string(kCodespace)},
                 {"sender", message.proposer},
                 {"recipient", message.user},
                 {"topup-amount", message.fee->to_text()}}});
  return codec::pack(MsgTopupTxResponse{});
}

/// From the gate's height on only current validators withdraw.
Status<Error> check_gate(const Context& context, std::string_view proposer) {
  if (!context.forks().is_fee_withdraw_gate(context.height())) return Unit{};
  ASSIGN_OR_RETURN(const auto is_validator,
                   stake::Keeper().is_current_validator(context, proposer));
  if (is_validator.value_or(false)) return Unit{};
  return Failure{
      sdk_error(SdkCode::kUnauthorized, "fee withdrawal restricted to current validators")};
}

/// Everything the account may spend: the balance, then the account for locked coins, which no
/// account of this chain has.
Outcome<Integer> spendable(const Context& context, const Address& account) {
  ASSIGN_OR_RETURN(const Integer balance,
                   bank::Keeper().balance(context, account, runtime::kFeeDenom));
  RETURN_IF_ERROR(auth::Keeper().get(context, account));
  return balance;
}

/// The coins' way out and into the dividend account; every error but a panic is "sdk" 35.
Status<Error> burn(const Context& context, const MsgWithdrawFeeTx& message, const Address& account,
                   const Integer& amount) {
  const bank::Keeper bank;
  RETURN_IF_ERROR(bank.send_to_module(context, account, auth::kTopupModule, fee_tokens(amount)));
  RETURN_IF_ERROR(bank.burn(context, auth::kTopupModule, fee_tokens(amount)));
  return Keeper().add_fee(context, message.proposer, amount);
}

Outcome<codec::Any> withdraw(const Context& context, const MsgWithdrawFeeTx& message) {
  ASSIGN_OR_RETURN(const Address account, runtime::parse_address(message.proposer));
  RETURN_IF_ERROR(check_gate(context, message.proposer));
  Integer amount = *message.amount;
  if (amount.is_zero()) {
    ASSIGN_OR_RETURN(amount, spendable(context, account));
  }
  if (amount.is_zero()) {
    return Failure{
        sdk_error(SdkCode::kInsufficientFunds, "account " + message.proposer + " has no balance")};
  }
  auto burnt = burn(context, message, account, amount);
  if (!burnt.ok()) {
    return Failure{std::move(burnt).error().with_code(runtime::kSdkCodespace,
                                                      static_cast<std::uint32_t>(SdkCode::kLogic))};
  }
  context.emit({"fee-withdraw",
                {{"module", std::string(kCodespace)},
                 {"user", message.proposer},
                 {"fee-withdraw-amount", amount.to_text()}}});
  return codec::pack(MsgWithdrawFeeTxResponse{});
}

Outcome<bool> agrees(const Context& context, const MsgTopupTx& message,
                     protocol::RootChain& root_chain) {
  RETURN_IF_ERROR(validate_topup(message));
  RETURN_IF_ERROR(check_topup(context, message));
  ASSIGN_OR_RETURN(const chainmanager::Params params, chainmanager::Keeper().params(context));
  const auto receipt =
      protocol::receipt_in_block(root_chain, Hash256::from(message.tx_hash), message.block_number,
                                 params.main_chain_tx_confirmations);
  if (!receipt) return false;
  ASSIGN_OR_RETURN(const Address contract,
                   runtime::parse_address(params.chain_params.staking_info_address));
  const auto event = protocol::top_up_fee_event(*receipt, {contract, message.log_index});
  ASSIGN_OR_RETURN(const Address user, runtime::parse_address(message.user));
  return event && event->user == user && event->fee == message.fee->magnitude();
}

}  // namespace

SideVote vote(const Context& context, const MsgTopupTx& message, protocol::RootChain& root_chain) {
  const auto agreed = agrees(context, message, root_chain);
  return agreed.ok() && *agreed ? SideVote::kYes : SideVote::kNo;
}

Status<Error> apply(const Context& context, const MsgTopupTx& message) {
  const std::string sequence = sequence_of(context, message);
  ASSIGN_OR_RETURN(const bool is_old, Keeper().has_sequence(context, sequence));
  if (is_old) return Failure{plain_error("older tx found")};
  ASSIGN_OR_RETURN(const Address user, runtime::parse_address(message.user));
  ASSIGN_OR_RETURN(const Address proposer, runtime::parse_address(message.proposer));
  const bank::Keeper bank;
  const Coins fee = fee_tokens(*message.fee);
  RETURN_IF_ERROR(bank.mint(context, auth::kTopupModule, fee));
  RETURN_IF_ERROR(bank.send_from_module(context, auth::kTopupModule, user, fee));
  RETURN_IF_ERROR(bank.send(context, user, proposer, fee_tokens(Integer(kTransactionFee))));
  RETURN_IF_ERROR(Keeper().add_sequence(context, sequence));
  context.emit({"topup",
                {{"action", "topup"},
                 {"module", std::string(kCodespace)},
                 {"txhash", to_hex(context.tx_hash())},
                 {"side-tx-result", "VOTE_YES"},
                 {"sender", message.proposer},
                 {"recipient", message.user},
                 {"topup-amount", message.fee->to_text()}}});
  return Unit{};
}

void register_messages(runtime::MessageRegistry& registry, protocol::RootChain& root_chain) {
  registry.add<MsgTopupTx>(
      {.signers = [](const MsgTopupTx& message) { return std::vector{message.proposer}; },
       .validate_basic = &validate_topup,
       .handle = &top_up,
       .side_handle = [&root_chain](
                          const Context& context,
                          const MsgTopupTx& message) { return vote(context, message, root_chain); },
       .post_handle = [](const Context& context,
                         const MsgTopupTx& message) { return apply(context, message); }});
  registry.add<MsgWithdrawFeeTx>(
      {.signers = [](const MsgWithdrawFeeTx& message) { return std::vector{message.proposer}; },
       .validate_basic = &validate_withdrawal,
       .handle = &withdraw});
}

}  // namespace buri::consensus::modules::topup
