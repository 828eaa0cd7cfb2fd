#include "node/consensus/app/finalize_response.hpp"

#include "node/consensus/app/abci_messages.hpp"
#include "node/consensus/codec/message.hpp"

namespace buri::consensus::app {
namespace {

using codec::DecodeError;
using codec::Field;
using runtime::EventLog;

/// The parameters stay encoded.
struct WireResponse {
  std::vector<AbciEvent> events{};
  std::vector<AbciTxResult> tx_results{};
  std::vector<AbciValidatorUpdate> validator_updates{};
  Bytes consensus_param_updates{};
  Bytes app_hash{};
  static constexpr std::string_view kName = "tendermint.abci.ResponseFinalizeBlock";
  static constexpr auto fields() {
    using R = WireResponse;
    return fields_of(Field{1, "events", &R::events}, Field{2, "tx_results", &R::tx_results},
                     Field{3, "validator_updates", &R::validator_updates},
                     Field{4, "consensus_param_updates", &R::consensus_param_updates},
                     Field{5, "app_hash", &R::app_hash});
  }
};

EventLog events_of(std::vector<AbciEvent>& read) {
  EventLog events;
  for (AbciEvent& event : read) {
    runtime::Event& made = events.emplace_back(runtime::Event{std::move(event.type), {}});
    for (AbciEventAttribute& attribute : event.attributes) {
      made.attributes.emplace_back(std::move(attribute.key), std::move(attribute.value));
    }
  }
  return events;
}

TxResult tx_result_of(AbciTxResult& read) {
  return {.code = read.code,
          .codespace = std::move(read.codespace),
          .data = std::move(read.data),
          .log = std::move(read.log),
          .gas_wanted = static_cast<std::uint64_t>(read.gas_wanted),
          .gas_used = static_cast<std::uint64_t>(read.gas_used),
          .events = events_of(read.events)};
}

}  // namespace

Result<BlockResult, DecodeError> decode_finalize_response(ByteView bytes) {
  ASSIGN_OR_RETURN(WireResponse read, codec::decode<WireResponse>(bytes));
  BlockResult result;
  result.events = events_of(read.events);
  for (AbciTxResult& tx : read.tx_results) result.txs.push_back(tx_result_of(tx));
  for (AbciValidatorUpdate& update : read.validator_updates) {
    result.validator_updates.push_back(
        {std::move(update.pub_key.secp256k1_uncompressed), update.power});
  }
  result.consensus_params = std::move(read.consensus_param_updates);
  if (!read.app_hash.empty()) {
    if (read.app_hash.size() != Hash256::kSize) return Failure{DecodeError::kValue};
    result.app_hash = Hash256::from(read.app_hash);
  }
  return result;
}

Bytes encode_finalize_response(const BlockResult& result) {
  WireResponse message{.events = abci_events(result.events, EventSource::kBlock)};
  for (const TxResult& tx : result.txs) message.tx_results.push_back(abci_tx_result(tx));
  for (const runtime::ValidatorUpdate& update : result.validator_updates) {
    message.validator_updates.push_back({{update.public_key}, update.power});
  }
  message.consensus_param_updates = result.consensus_params;
  message.app_hash.assign(result.app_hash.bytes.begin(), result.app_hash.bytes.end());
  return codec::encode(message);
}

}  // namespace buri::consensus::app
