#include "node/devnet/event_message.hpp"

#include <fmt/format.h>

#include "base/hex.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/modules/clerk/types.hpp"
#include "node/consensus/modules/stake/message_types.hpp"
#include "node/consensus/modules/topup/types.hpp"
#include "node/devnet/identity.hpp"

namespace buri::devnet {
namespace {

namespace modules = consensus::modules;
using consensus::runtime::Integer;
using hsm::wire::HeimdallMessage;

template <class Message>
HeimdallMessage packed(const Message& message) {
  consensus::codec::Any any = consensus::codec::pack(message);
  return {std::move(any.type_url), std::move(any.value)};
}

Bytes bytes_of(ByteView view) { return Bytes(view.begin(), view.end()); }

/// What all reports of module stake have.
template <class Message>
Message stake_report(const ScriptedEvent& event, const std::string& from) {
  Message message;
  message.from = from;
  message.val_id = event.id;
  message.tx_hash = bytes_of(event.tx_hash);
  message.log_index = event.log_index;
  message.block_number = event.block_number;
  message.nonce = event.nonce;
  return message;
}

HeimdallMessage join_report(const ScriptedEvent& event, const std::string& from) {
  auto message = stake_report<modules::stake::MsgValidatorJoin>(event, from);
  message.activation_epoch = event.epoch;
  message.amount = Integer(event.amount_wei);
  message.signer_pub_key = bytes_of(event.public_key);
  return packed(message);
}

HeimdallMessage stake_update_report(const ScriptedEvent& event, const std::string& from) {
  auto message = stake_report<modules::stake::MsgStakeUpdate>(event, from);
  message.new_amount = Integer(event.amount_wei);
  return packed(message);
}

HeimdallMessage signer_report(const ScriptedEvent& event, const std::string& from) {
  auto message = stake_report<modules::stake::MsgSignerUpdate>(event, from);
  message.new_signer_pub_key = bytes_of(event.public_key);
  return packed(message);
}

HeimdallMessage exit_report(const ScriptedEvent& event, const std::string& from) {
  auto message = stake_report<modules::stake::MsgValidatorExit>(event, from);
  message.deactivation_epoch = event.epoch;
  return packed(message);
}

HeimdallMessage top_up_report(const ScriptedEvent& event, const std::string& from) {
  modules::topup::MsgTopupTx message;
  message.proposer = from;
  message.user = "0x" + to_hex(event.address);
  message.fee = Integer(event.amount_wei);
  message.tx_hash = bytes_of(event.tx_hash);
  message.log_index = event.log_index;
  message.block_number = event.block_number;
  return packed(message);
}

HeimdallMessage record_report(const ScriptedEvent& event, const std::string& from) {
  modules::clerk::MsgEventRecord message;
  message.from = from;
  message.tx_hash = "0x" + to_hex(event.tx_hash);
  message.log_index = event.log_index;
  message.block_number = event.block_number;
  message.contract_address = "0x" + to_hex(event.address);
  message.data = event.data;
  message.id = event.id;
  message.chain_id = std::to_string(kBorChainId);
  return packed(message);
}

}  // namespace

HeimdallMessage report_of(const ScriptedEvent& event, const std::string& from) {
  switch (event.kind) {
    case EventKind::kStateSynced:
      return record_report(event, from);
    case EventKind::kTopUpFee:
      return top_up_report(event, from);
    case EventKind::kStakeUpdate:
      return stake_update_report(event, from);
    case EventKind::kStaked:
      return join_report(event, from);
    case EventKind::kSignerChange:
      return signer_report(event, from);
    case EventKind::kUnstakeInit:
      break;
  }
  return exit_report(event, from);
}

std::string is_old_target(const ScriptedEvent& event) {
  const std::string_view module = event.kind == EventKind::kStateSynced ? "clerk"
                                  : event.kind == EventKind::kTopUpFee  ? "topup"
                                                                        : "stake";
  return fmt::format("/{}/is-old-tx?tx_hash=0x{}&log_index={}", module, to_hex(event.tx_hash),
                     event.log_index);
}

}  // namespace buri::devnet
