#include "node/consensus/modules/clerk/messages.hpp"

#include "base/hex.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/go_text.hpp"
#include "node/consensus/runtime/root_chain_sequence.hpp"

namespace buri::consensus::modules::clerk {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;
using runtime::sdk_error;
using runtime::SdkCode;
using runtime::SideVote;

enum class Code : std::uint32_t {
  kAlreadySynced = 5400,
  kDataTooLong = 5401,
  kInvalidTxHash = 5402,
};

Failure<Error> fail(Code code) {
  const auto text = [code]() -> std::string_view {
    switch (code) {
      case Code::kAlreadySynced:
        return "Event record already synced";
      case Code::kDataTooLong:
        return "Data size exceed";
      case Code::kInvalidTxHash:
        return "Invalid tx hash";
    }
    return "";
  };
  return Failure{runtime::make_error(kCodespace, static_cast<std::uint32_t>(code), text())};
}

std::string sequence_of(const Context& context, const MsgEventRecord& message) {
  return runtime::root_chain_sequence(message.block_number, message.log_index,
                                      context.forks().is_kyoto(context.height()));
}

/// From Lugano on, `tx_height` being that of the block with the transaction.
Status<Error> check_tx_hash(const Context& context, std::int64_t tx_height,
                            std::string_view tx_hash) {
  const bool is_checked = context.forks().is_lugano(tx_height);
  if (!is_checked || runtime::is_fixed_width_hash(tx_hash)) return Unit{};
  return fail(Code::kInvalidTxHash);
}

/// The contract as records and events have it.
Outcome<std::string> contract_text(const Context& context, std::int64_t tx_height,
                                   const std::string& contract) {
  if (!context.forks().is_lugano(tx_height)) return contract;
  ASSIGN_OR_RETURN(const Address address, runtime::parse_address(contract));
  return runtime::to_text(address);
}

/// What message and vote check alike, on different states; returns the chain's parameters.
Outcome<chainmanager::Params> check_new(const Context& context, const MsgEventRecord& message) {
  const Keeper keeper;
  RETURN_IF_ERROR(check_tx_hash(context, context.height(), message.tx_hash));
  ASSIGN_OR_RETURN(const bool is_known, keeper.has_record(context, message.id));
  if (is_known) return fail(Code::kAlreadySynced);
  ASSIGN_OR_RETURN(chainmanager::Params params, chainmanager::Keeper().params(context));
  if (message.chain_id != params.chain_params.bor_chain_id) {
    return Failure{sdk_error(SdkCode::kInvalidRequest, "invalid bor chain id")};
  }
  ASSIGN_OR_RETURN(const bool is_old, keeper.has_sequence(context, sequence_of(context, message)));
  if (is_old) return Failure{sdk_error(SdkCode::kConflict, "old events are not allowed")};
  return params;
}

Outcome<codec::Any> report(const Context& context, const MsgEventRecord& message) {
  RETURN_IF_ERROR(check_new(context, message));
  ASSIGN_OR_RETURN(const std::string contract,
                   contract_text(context, context.height(), message.contract_address));
  context.emit({"record",
                {{"module", std::string(kCodespace)},
                 {"record-id", std::to_string(message.id)},
                 {"record-contract", contract},
                 {"record-tx-hash", message.tx_hash},
                 {"record-tx-log-index", std::to_string(message.log_index)}}});
  return codec::pack(MsgEventRecordResponse{});
}

Outcome<bool> agrees(const Context& context, const MsgEventRecord& message,
                     protocol::RootChain& root_chain) {
  ASSIGN_OR_RETURN(const chainmanager::Params params, check_new(context, message));
  const auto receipt =
      protocol::receipt_in_block(root_chain, runtime::lenient_hash(message.tx_hash),
                                 message.block_number, params.main_chain_tx_confirmations);
  if (!receipt) return false;
  ASSIGN_OR_RETURN(const Address sender,
                   runtime::parse_address(params.chain_params.state_sender_address));
  const auto event = protocol::state_synced_event(*receipt, {sender, message.log_index});
  ASSIGN_OR_RETURN(const Address contract, runtime::parse_address(message.contract_address));
  if (!event || event->id != message.id || event->contract != contract) return false;
  return event->data == message.data ||
         (event->data.size() > kMaxDataBytes && message.data.empty());
}

}  // namespace

void register_messages(runtime::MessageRegistry& registry, protocol::RootChain& root_chain) {
  registry.add<MsgEventRecord>(
      {.signers = [](const MsgEventRecord& message) { return std::vector{message.from}; },
       .validate_basic = &validate,
       .handle = &report,
       .side_handle =
           [&root_chain](const Context& context, const MsgEventRecord& message) {
             return vote(context, message, root_chain);
           },
       .post_handle = &apply});
}

Status<Error> validate(const MsgEventRecord& message) {
  if (!runtime::parse_address(message.from).ok() ||
      !runtime::parse_address(message.contract_address).ok()) {
    return Failure{sdk_error(SdkCode::kInvalidAddress)};
  }
  if (runtime::trim_space(message.tx_hash).empty()) return fail(Code::kInvalidTxHash);
  if (message.data.size() > kMaxDataBytes) return fail(Code::kDataTooLong);
  return Unit{};
}

Status<Error> check_tx_hashes(const Context& context, const tx::Transaction& transaction) {
  for (const auto& message : transaction.messages) {
    const auto* report = runtime::message_cast<MsgEventRecord>(*message);
    if (report == nullptr) continue;
    RETURN_IF_ERROR(check_tx_hash(context, context.height(), report->tx_hash));
  }
  return Unit{};
}

SideVote vote(const Context& context, const MsgEventRecord& message,
              protocol::RootChain& root_chain) {
  const auto agreed = agrees(context, message, root_chain);
  return agreed.ok() && *agreed ? SideVote::kYes : SideVote::kNo;
}

Status<Error> apply(const Context& context, const MsgEventRecord& message) {
  const Keeper keeper;
  const std::int64_t tx_height = context.height() - 1;
  RETURN_IF_ERROR(check_tx_hash(context, tx_height, message.tx_hash));
  ASSIGN_OR_RETURN(const bool is_known, keeper.has_record(context, message.id));
  if (is_known) return Failure{plain_error("clerk record already processed")};
  ASSIGN_OR_RETURN(const std::string contract,
                   contract_text(context, tx_height, message.contract_address));
  RETURN_IF_ERROR(keeper.add_record(context, {.id = message.id,
                                              .contract = contract,
                                              .data = message.data,
                                              .tx_hash = message.tx_hash,
                                              .log_index = message.log_index,
                                              .bor_chain_id = message.chain_id,
                                              .record_time = context.block().time}));
  if (context.forks().is_zurich(context.height())) {
    RETURN_IF_ERROR(keeper.add_pending(context, message.id));
  }
  RETURN_IF_ERROR(keeper.add_sequence(context, sequence_of(context, message)));
  context.emit({"record",
                {{"action", "event-record"},
                 {"module", std::string(kCodespace)},
                 {"txhash", to_hex(context.tx_hash())},
                 {"record-tx-log-index", std::to_string(message.log_index)},
                 {"side-tx-result", "VOTE_YES"},
                 {"record-id", std::to_string(message.id)},
                 {"record-contract", contract}}});
  return Unit{};
}

}  // namespace buri::consensus::modules::clerk
