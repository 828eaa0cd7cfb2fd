#include "node/consensus/replay/recorded_response.hpp"

#include "base/hex.hpp"
#include "node/consensus/app/abci_messages.hpp"
#include "node/consensus/codec/message.hpp"

namespace buri::consensus::replay {
namespace {

using codec::DecodeError;
using codec::Field;
using runtime::EventLog;

using app::AbciEvent;
using app::AbciEventAttribute;
using app::AbciTxResult;
using app::AbciValidatorUpdate;

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

app::TxResult tx_result_of(AbciTxResult& read) {
  return {.code = read.code,
          .codespace = std::move(read.codespace),
          .data = std::move(read.data),
          .log = std::move(read.log),
          .gas_wanted = static_cast<std::uint64_t>(read.gas_wanted),
          .gas_used = static_cast<std::uint64_t>(read.gas_used),
          .events = events_of(read.events)};
}

std::string text_of(const runtime::Event& event) {
  std::string text = event.type + " {";
  for (const auto& [key, value] : event.attributes) text += " " + key + "=" + value;
  return text + " }";
}

void compare_events(std::string_view where, const EventLog& expected, const EventLog& found,
                    Comparison& comparison) {
  if (expected == found) return;
  const std::string prefix(where);
  for (std::size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
    const std::string theirs = i < expected.size() ? text_of(expected[i]) : "no event";
    const std::string ours = i < found.size() ? text_of(found[i]) : "no event";
    comparison.compare(prefix + "event " + std::to_string(i), theirs, ours);
  }
}

void compare_tx(std::size_t index, const app::TxResult& expected, const app::TxResult& found,
                Comparison& comparison) {
  const std::string tx = "tx " + std::to_string(index) + " ";
  if (expected.code != found.code) {
    comparison.note({.rule = tx + "code",
                     .expected = std::to_string(expected.code) + " (" + expected.log + ")",
                     .found = std::to_string(found.code) + " (" + found.log + ")"});
  }
  comparison.compare(tx + "codespace", expected.codespace, found.codespace);
  comparison.compare(tx + "gas wanted", expected.gas_wanted, found.gas_wanted);
  comparison.compare(tx + "gas used", expected.gas_used, found.gas_used);
  comparison.compare(tx + "data", ByteView(expected.data), ByteView(found.data));
  compare_events(tx, expected.events, found.events, comparison);
}

std::string text_of(const std::vector<runtime::ValidatorUpdate>& updates) {
  std::string text;
  for (const auto& update : updates) {
    text += to_hex(update.public_key) + "=" + std::to_string(update.power) + " ";
  }
  return text;
}

}  // namespace

Result<app::BlockResult, DecodeError> decode_response(ByteView bytes) {
  ASSIGN_OR_RETURN(WireResponse read, codec::decode<WireResponse>(bytes));
  app::BlockResult result;
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

Bytes encode_response(const app::BlockResult& result) {
  WireResponse message{.events = app::abci_events(result.events, app::EventSource::kBlock)};
  for (const app::TxResult& tx : result.txs) message.tx_results.push_back(app::abci_tx_result(tx));
  for (const runtime::ValidatorUpdate& update : result.validator_updates) {
    message.validator_updates.push_back({{update.public_key}, update.power});
  }
  message.consensus_param_updates = result.consensus_params;
  message.app_hash.assign(result.app_hash.bytes.begin(), result.app_hash.bytes.end());
  return codec::encode(message);
}

void compare_response(const app::BlockResult& expected, const app::BlockResult& found,
                      Comparison& comparison) {
  comparison.compare("number of tx results", expected.txs.size(), found.txs.size());
  for (std::size_t i = 0; i < std::min(expected.txs.size(), found.txs.size()); ++i) {
    compare_tx(i, expected.txs[i], found.txs[i], comparison);
  }
  compare_events("block ", expected.events, found.events, comparison);
  if (expected.validator_updates.size() + found.validator_updates.size() > 0) {
    comparison.compare("validator updates", text_of(expected.validator_updates),
                       text_of(found.validator_updates));
  }
  comparison.compare("consensus parameters", ByteView(expected.consensus_params),
                     ByteView(found.consensus_params));
  comparison.compare("app hash", ByteView(expected.app_hash), ByteView(found.app_hash));
}

}  // namespace buri::consensus::replay
