#include "node/consensus/api/event_json.hpp"

#include "base/hex.hpp"
#include "node/consensus/api/round_state_json.hpp"
#include "node/consensus/api/value_json.hpp"

namespace buri::consensus::api {
namespace {

/// An event of that type; `write_value` writes the members of its value.
template <typename Write>
std::string event_json(std::string_view type, const Write& write_value) {
  JsonWriter out;
  out.begin_object().key("type").text("tendermint/event/" + std::string(type));
  out.key("value").begin_object();
  write_value(out);
  out.end_object().end_object();
  return out.take();
}

/// As Go shows a field of that type that is no pointer: what is zero is left out.
void write_plain_tx_result(JsonWriter& out, const AbciTxResult& result) {
  out.begin_object();
  if (result.code != 0) out.key("code").number(result.code);
  if (!result.data.empty()) out.key("data").base64(result.data);
  if (!result.log.empty()) out.key("log").text(result.log);
  if (!result.info.empty()) out.key("info").text(result.info);
  if (result.gas_wanted != 0) out.key("gas_wanted").integer(result.gas_wanted);
  if (result.gas_used != 0) out.key("gas_used").integer(result.gas_used);
  if (!result.events.empty()) {
    out.key("events");
    write_events(out, result.events);
  }
  if (!result.codespace.empty()) out.key("codespace").text(result.codespace);
  out.end_object();
}

void write_results(JsonWriter& out, const AbciBlockResults& results) {
  out.begin_object();
  if (!results.events.empty()) {
    out.key("events");
    write_events(out, results.events);
  }
  if (!results.tx_results.empty()) {
    out.key("tx_results").begin_array();
    for (const AbciTxResult& result : results.tx_results) write_tx_result(out, result);
    out.end_array();
  }
  out.key("validator_updates");
  if (results.validator_updates.empty()) {
    out.begin_array().end_array();  // the application's own list, which came over no wire
  } else {
    write_validator_updates(out, results.validator_updates);
  }
  if (results.consensus_param_updates) {
    out.key("consensus_param_updates");
    write_param_updates(out, *results.consensus_param_updates);
  }
  if (!results.app_hash.empty()) out.key("app_hash").base64(results.app_hash);
  out.end_object();
}

void write_place(JsonWriter& out, const RoundPlace& place) {
  out.key("height").integer(place.height).key("round").number(place.round);
  out.key("step").text(step_text(place.step));
}

}  // namespace

EventAttributes attributes_of(std::string_view event) {
  return {{"tm.event", {std::string(event)}}};
}

EventAttributes attributes_of(std::string_view event, const std::vector<AbciEvent>& executed) {
  EventAttributes all;
  for (const AbciEvent& one : executed) {
    if (one.type.empty()) continue;
    for (const AbciEventAttribute& attribute : one.attributes) {
      if (!attribute.key.empty()) all[one.type + "." + attribute.key].push_back(attribute.value);
    }
  }
  all["tm.event"].emplace_back(event);
  return all;
}

EventAttributes attributes_of_tx(const Hash256& hash, std::int64_t height,
                                 const AbciTxResult& result) {
  EventAttributes all = attributes_of("Tx", result.events);
  all["tx.hash"].push_back(to_upper_hex(hash));
  all["tx.height"].push_back(std::to_string(height));
  return all;
}

std::string new_block_json(const engine::Block& block, const engine::BlockId& block_id,
                           const AbciBlockResults& results) {
  return event_json("NewBlock", [&](JsonWriter& out) {
    out.key("block");
    write_block(out, block);
    out.key("block_id");
    write_block_id(out, block_id);
    out.key("result_finalize_block");
    write_results(out, results);
  });
}

std::string new_block_header_json(const engine::Header& header) {
  return event_json("NewBlockHeader", [&](JsonWriter& out) {
    out.key("header");
    write_header(out, header);
  });
}

std::string new_block_events_json(const engine::Block& block, const AbciBlockResults& results) {
  return event_json("NewBlockEvents", [&](JsonWriter& out) {
    out.key("height").integer(block.header.height).key("events");
    write_events(out, results.events);
    out.key("num_txs").unsigned_integer(block.txs.size());
  });
}

std::string new_evidence_json(std::int64_t height, const engine::EvidencePiece& piece) {
  return event_json("NewEvidence", [&](JsonWriter& out) {
    out.key("height").integer(height).key("evidence");
    write_evidence(out, piece);
  });
}

std::string tx_json(std::int64_t height, std::uint32_t index, ByteView tx,
                    const AbciTxResult& result) {
  return event_json("Tx", [&](JsonWriter& out) {
    out.key("TxResult").begin_object().key("height").integer(height);
    if (index != 0) out.key("index").number(index);
    if (!tx.empty()) out.key("tx").base64(tx);
    out.key("result");
    write_plain_tx_result(out, result);
    out.end_object();
  });
}

std::string validator_set_updates_json(const std::vector<engine::Validator>& changes) {
  return event_json("ValidatorSetUpdates", [&](JsonWriter& out) {
    out.key("validator_updates").begin_array();
    for (const engine::Validator& validator : changes) write_validator(out, validator);
    out.end_array();
  });
}

std::string vote_json(const engine::Vote& vote) {
  return event_json("Vote", [&](JsonWriter& out) {
    out.key("Vote");
    write_vote(out, vote);
  });
}

std::string round_state_json(const RoundPlace& place) {
  return event_json("RoundState", [&](JsonWriter& out) { write_place(out, place); });
}

std::string new_round_json(const RoundPlace& place, std::string_view proposer) {
  return event_json("NewRound", [&](JsonWriter& out) {
    write_place(out, place);
    out.key("proposer").raw(proposer);
  });
}

std::string complete_proposal_json(const RoundPlace& place, const engine::BlockId& block_id) {
  return event_json("CompleteProposal", [&](JsonWriter& out) {
    write_place(out, place);
    out.key("block_id");
    write_block_id(out, block_id);
    out.key("blob_id");  // of the fork's side payload, which no network uses
    write_block_id(out, {});
  });
}

}  // namespace buri::consensus::api
