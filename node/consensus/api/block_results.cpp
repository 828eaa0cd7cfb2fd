#include "node/consensus/api/block_results.hpp"

#include "node/consensus/api/value_json.hpp"

namespace buri::consensus::api {
namespace {

void write_event(JsonWriter& out, const AbciEvent& event) {
  out.begin_object();
  if (!event.type.empty()) out.key("type").text(event.type);
  if (!event.attributes.empty()) {
    out.key("attributes").begin_array();
    for (const AbciEventAttribute& attribute : event.attributes) {
      out.begin_object();
      out.key("key").text(attribute.key).key("value").text(attribute.value);
      out.key("index").boolean(attribute.index);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

}  // namespace

AbciBlockResults block_results_of(const app::BlockResult& result) {
  AbciBlockResults results;
  results.events = app::abci_events(result.events, app::EventSource::kBlock);
  for (const app::TxResult& tx : result.txs) results.tx_results.push_back(abci_tx_result(tx));
  for (const runtime::ValidatorUpdate& update : result.validator_updates) {
    results.validator_updates.push_back({{update.public_key}, update.power});
  }
  if (!result.consensus_params.empty()) {
    auto params = codec::decode<modules::consensus::ConsensusParams>(result.consensus_params);
    CHECK(params.ok(), "the application's parameters decode");
    results.consensus_param_updates = std::move(params).value();
  }
  append(results.app_hash, result.app_hash);
  return results;
}

void write_events(JsonWriter& out, const std::vector<AbciEvent>& events) {
  if (events.empty()) {
    out.null();
    return;
  }
  out.begin_array();
  for (const AbciEvent& event : events) write_event(out, event);
  out.end_array();
}

void write_tx_result(JsonWriter& out, const AbciTxResult& result) {
  out.begin_object();
  out.key("code").number(result.code);
  out.key("data").base64_or_null(result.data);
  out.key("log").text(result.log);
  out.key("info").text(result.info);
  out.key("gas_wanted").integer(result.gas_wanted);
  out.key("gas_used").integer(result.gas_used);
  out.key("events").begin_array();
  for (const AbciEvent& event : result.events) write_event(out, event);
  out.end_array();
  out.key("codespace").text(result.codespace);
  out.end_object();
}

void write_validator_updates(JsonWriter& out, const std::vector<AbciValidatorUpdate>& updates) {
  if (updates.empty()) {
    out.null();
    return;
  }
  out.begin_array();
  for (const AbciValidatorUpdate& update : updates) {
    out.begin_object().key("pub_key").begin_object().key("Sum").begin_object();
    out.key("type").text("tendermint.crypto.PublicKey_Secp256K1Uncompressed");
    out.key("value").begin_object();
    out.key("secp256k1_uncompressed").base64(update.pub_key.secp256k1_uncompressed);
    out.end_object().end_object().end_object();
    if (update.power != 0) out.key("power").integer(update.power);
    out.end_object();
  }
  out.end_array();
}

}  // namespace buri::consensus::api
