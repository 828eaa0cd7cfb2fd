#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/stake/messages.hpp"
#include "node/consensus/runtime/address.hpp"

/// How this node votes on the messages of module stake: yes if its own view of the root chain has
/// exactly the event that the message reports, no otherwise, whatever stands in the way.

namespace buri::consensus::modules::stake {
namespace {

using protocol::LogPlace;
using protocol::RootChain;
using protocol::RootChainReceipt;
using runtime::Context;
using runtime::Outcome;
using runtime::SideVote;

constexpr std::size_t kKeyBytes = 65;

SideVote vote_of(const Outcome<bool>& agrees) {
  return agrees.ok() && *agrees ? SideVote::kYes : SideVote::kNo;
}

/// A receipt, and where in it the contract's log must stand.
struct Evidence {
  RootChainReceipt receipt;
  LogPlace place;
};

template <class Message>
Outcome<std::optional<Evidence>> evidence_of(const Context& context, const Message& message,
                                             RootChain& root_chain) {
  ASSIGN_OR_RETURN(const bool is_old,
                   Keeper().has_sequence(context, sequence_of(context, message)));
  if (is_old) return std::optional<Evidence>{};
  ASSIGN_OR_RETURN(const chainmanager::Params params, chainmanager::Keeper().params(context));
  auto receipt =
      protocol::receipt_in_block(root_chain, Hash256::from(message.tx_hash), message.block_number,
                                 params.main_chain_tx_confirmations);
  if (!receipt) return std::optional<Evidence>{};
  ASSIGN_OR_RETURN(const Address contract,
                   runtime::parse_address(params.chain_params.staking_info_address));
  return std::optional<Evidence>({*std::move(receipt), {contract, message.log_index}});
}

/// An uncompressed key whose 64 bytes the event has.
bool is_key_of(ByteView key, ByteView event_key) {
  return key.size() == kKeyBytes && key[0] == 0x04 && equal(key.subspan(1), event_key);
}

bool is_amount(const runtime::Integer& amount, const U256& event_amount) {
  return !amount.is_negative() && amount.magnitude() == event_amount;
}

Outcome<bool> agrees(const Context& context, const MsgValidatorJoin& message,
                     RootChain& root_chain) {
  RETURN_IF_ERROR(validate(message));
  ASSIGN_OR_RETURN(const bool is_known, Keeper().has_id(context, message.val_id));
  if (is_known || !power_of(*message.amount)) return false;
  ASSIGN_OR_RETURN(const auto evidence, evidence_of(context, message, root_chain));
  if (!evidence) return false;
  const auto event = protocol::staked_event(evidence->receipt, evidence->place);
  return event && is_key_of(message.signer_pub_key, event->signer_public_key) &&
         runtime::address_of_key(message.signer_pub_key) == event->signer &&
         event->validator_id == message.val_id &&
         event->activation_epoch == message.activation_epoch &&
         is_amount(*message.amount, event->amount) && event->nonce == message.nonce;
}

Outcome<bool> agrees(const Context& context, const MsgStakeUpdate& message, RootChain& root_chain) {
  RETURN_IF_ERROR(validate(message));
  ASSIGN_OR_RETURN(const auto validator, Keeper().by_id(context, message.val_id));
  if (!validator || !power_of(*message.new_amount)) return false;
  ASSIGN_OR_RETURN(const auto evidence, evidence_of(context, message, root_chain));
  if (!evidence) return false;
  const auto event = protocol::stake_update_event(evidence->receipt, evidence->place);
  return event && event->validator_id == message.val_id &&
         is_amount(*message.new_amount, event->new_amount) && event->nonce == message.nonce;
}

Outcome<bool> agrees(const Context& context, const MsgSignerUpdate& message,
                     RootChain& root_chain) {
  RETURN_IF_ERROR(validate(message));
  ASSIGN_OR_RETURN(const auto validator, Keeper().by_id(context, message.val_id));
  if (!validator) return false;
  ASSIGN_OR_RETURN(const auto evidence, evidence_of(context, message, root_chain));
  if (!evidence) return false;
  const auto event = protocol::signer_change_event(evidence->receipt, evidence->place);
  return event && event->validator_id == message.val_id &&
         is_key_of(message.new_signer_pub_key, event->signer_public_key) &&
         runtime::address_of_key(message.new_signer_pub_key) == event->new_signer &&
         event->nonce == message.nonce;
}

Outcome<bool> agrees(const Context& context, const MsgValidatorExit& message,
                     RootChain& root_chain) {
  RETURN_IF_ERROR(validate(message));
  ASSIGN_OR_RETURN(const auto validator, Keeper().by_id(context, message.val_id));
  if (!validator || validator->end_epoch != 0) return false;
  ASSIGN_OR_RETURN(const auto evidence, evidence_of(context, message, root_chain));
  if (!evidence) return false;
  const auto event = protocol::unstake_init_event(evidence->receipt, evidence->place);
  return event && event->validator_id == message.val_id &&
         event->deactivation_epoch == message.deactivation_epoch && event->nonce == message.nonce;
}

}  // namespace

SideVote vote(const Context& context, const MsgValidatorJoin& message, RootChain& root_chain) {
  return vote_of(agrees(context, message, root_chain));
}
SideVote vote(const Context& context, const MsgStakeUpdate& message, RootChain& root_chain) {
  return vote_of(agrees(context, message, root_chain));
}
SideVote vote(const Context& context, const MsgSignerUpdate& message, RootChain& root_chain) {
  return vote_of(agrees(context, message, root_chain));
}
SideVote vote(const Context& context, const MsgValidatorExit& message, RootChain& root_chain) {
  return vote_of(agrees(context, message, root_chain));
}

}  // namespace buri::consensus::modules::stake
