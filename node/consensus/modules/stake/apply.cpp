#include "base/hex.hpp"
#include "node/consensus/modules/bank/keeper.hpp"
#include "node/consensus/modules/checkpoint/ack_count.hpp"
#include "node/consensus/modules/stake/messages.hpp"
#include "node/consensus/runtime/address.hpp"

/// What approved messages of module stake do to the records. The sets follow at the block's end.

namespace buri::consensus::modules::stake {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Event;
using runtime::Outcome;
using runtime::plain_error;

template <class Message>
Outcome<std::string> new_sequence(const Context& context, const Message& message) {
  RETURN_IF_ERROR(validate(message));
  std::string sequence = sequence_of(context, message);
  ASSIGN_OR_RETURN(const bool is_old, Keeper().has_sequence(context, sequence));
  if (is_old) return Failure{plain_error("old events are not allowed")};
  return sequence;
}

/// The validator of a message whose nonce follows the record's, with nonce and sequence taken over.
template <class Message>
Outcome<Validator> touched(const Context& context, const Message& message,
                           const std::string& sequence) {
  ASSIGN_OR_RETURN(auto validator, Keeper().by_id(context, message.val_id));
  if (!validator) return Failure{plain_error("collections: not found")};
  if (message.nonce != validator->nonce + 1) {
    return Failure{plain_error("incorrect validator nonce")};
  }
  validator->nonce = message.nonce;
  validator->last_updated = sequence;
  return *std::move(validator);
}

/// The event of everything but a join.
void emit(const Context& context, std::string_view type, std::uint64_t id, std::uint64_t nonce) {
  context.emit({std::string(type),
                {{"module", std::string(kCodespace)},
                 {"txhash", to_hex(context.tx_hash())},
                 {"side-tx-result", "VOTE_YES"},
                 {"validator-id", std::to_string(id)},
                 {"validator-nonce", std::to_string(nonce)}}});
}

/// Until Phuket the new signer takes over the old one's fee tokens.
Status<Error> move_balance(const Context& context, std::string_view from, std::string_view to) {
  const bank::Keeper bank;
  ASSIGN_OR_RETURN(const Address old_account, runtime::parse_address(from));
  ASSIGN_OR_RETURN(const Address new_account, runtime::parse_address(to));
  ASSIGN_OR_RETURN(const runtime::Integer balance,
                   bank.balance(context, old_account, runtime::kFeeDenom));
  if (balance.is_zero()) return Unit{};
  return bank.send(context, old_account, new_account, {{std::string(runtime::kFeeDenom), balance}});
}

}  // namespace

Status<Error> apply(const Context& context, const MsgValidatorJoin& message) {
  ASSIGN_OR_RETURN(const std::string sequence, new_sequence(context, message));
  if (message.signer_pub_key.size() != 65) {
    return Failure{runtime::panic("length of pubkey is incorrect")};
  }
  const auto power = power_of(*message.amount);
  if (!power) return Failure{plain_error("amount must be more than 1 token")};
  const Validator validator{
      .val_id = message.val_id,
      .start_epoch = message.activation_epoch,
      .nonce = message.nonce,
      .voting_power = *power,
      .pub_key = message.signer_pub_key,
      .signer = runtime::to_text(runtime::address_of_key(message.signer_pub_key)),
      .last_updated = sequence};
  RETURN_IF_ERROR(Keeper().add(context, validator));
  RETURN_IF_ERROR(Keeper().add_sequence(context, sequence));
  context.emit({"validator-join",
                {{"module", std::string(kCodespace)},
                 {"txhash", to_hex(context.tx_hash())},
                 {"tx-log-index", std::to_string(message.log_index)},
                 {"side-tx-result", "VOTE_YES"},
                 {"validator-id", std::to_string(message.val_id)},
                 {"signer", validator.signer},
                 {"validator-nonce", std::to_string(message.nonce)}}});
  return Unit{};
}

Status<Error> apply(const Context& context, const MsgStakeUpdate& message) {
  ASSIGN_OR_RETURN(const std::string sequence, new_sequence(context, message));
  ASSIGN_OR_RETURN(Validator validator, touched(context, message, sequence));
  if (context.forks().is_zurich(context.height()) && validator.end_epoch != 0) {
    validator.voting_power = 0;
  } else {
    const auto power = power_of(*message.new_amount);
    if (!power) return Failure{plain_error("amount must be more than 1 token")};
    validator.voting_power = *power;
  }
  RETURN_IF_ERROR(Keeper().add(context, validator));
  RETURN_IF_ERROR(Keeper().add_sequence(context, sequence));
  emit(context, "stake-update", validator.val_id, message.nonce);
  return Unit{};
}

Status<Error> apply(const Context& context, const MsgSignerUpdate& message) {
  ASSIGN_OR_RETURN(const std::string sequence, new_sequence(context, message));
  if (message.new_signer_pub_key.size() != 65) {
    return Failure{runtime::panic("length of pubkey is incorrect")};
  }
  ASSIGN_OR_RETURN(Validator validator, touched(context, message, sequence));
  Validator old = validator;
  validator.signer = runtime::to_text(runtime::address_of_key(message.new_signer_pub_key));
  validator.pub_key = message.new_signer_pub_key;
  if (validator.signer == old.signer) return Failure{plain_error("no signer change")};
  ASSIGN_OR_RETURN(old.end_epoch, checkpoint::ack_count(context));
  old.voting_power = 0;
  RETURN_IF_ERROR(Keeper().add(context, old));
  RETURN_IF_ERROR(Keeper().add(context, validator));
  RETURN_IF_ERROR(Keeper().add_sequence(context, sequence));
  if (!context.forks().is_phuket(context.height())) {
    RETURN_IF_ERROR(move_balance(context, old.signer, validator.signer));
  }
  emit(context, "signer-update", validator.val_id, message.nonce);
  return Unit{};
}

Status<Error> apply(const Context& context, const MsgValidatorExit& message) {
  ASSIGN_OR_RETURN(const std::string sequence, new_sequence(context, message));
  ASSIGN_OR_RETURN(Validator validator, touched(context, message, sequence));
  validator.end_epoch = message.deactivation_epoch;
  validator.voting_power = 0;
  RETURN_IF_ERROR(Keeper().add(context, validator));
  RETURN_IF_ERROR(Keeper().add_sequence(context, sequence));
  emit(context, "validator-exit", validator.val_id, message.nonce);
  return Unit{};
}

}  // namespace buri::consensus::modules::stake
