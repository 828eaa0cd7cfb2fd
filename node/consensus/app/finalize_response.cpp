#include "node/consensus/app/finalize_response.hpp"

#include "node/consensus/app/abci_messages.hpp"
#include "node/consensus/codec/message.hpp"

namespace buri::consensus::app {
namespace {

using codec::DecodeError;
using runtime::EventLog;

/// The parameters stay encoded.
using WireResponse = AbciFinalizeResponse<Bytes>;

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

using codec::detail::encode_field;

/// Writes a message in place, behind the tag of `number`, and then its length before it: results
/// are written with every block and hold hundreds of texts, which nothing here copies first.
template <class Body>
void append_message(Bytes& target, std::uint32_t number, const Body& body) {
  codec::detail::append_tag(target, number, codec::Wire::kBytes);
  const std::size_t start = target.size();
  body();
  codec::detail::prefix_length(target, start);
}

/// As abci_events() and the description of AbciEvent would have it.
void append_events(Bytes& target, std::uint32_t number, const EventLog& events,
                   EventSource source) {
  for (const runtime::Event& event : events) {
    const bool is_event_indexed = is_indexed(event, source);
    append_message(target, number, [&] {
      encode_field(target, 1, event.type);
      for (const auto& [key, value] : event.attributes) {
        append_message(target, 2, [&] {
          encode_field(target, 1, key);
          encode_field(target, 2, value);
          encode_field(target, 3, is_event_indexed);
        });
      }
    });
  }
}

/// As abci_tx_result() and the description of AbciTxResult would have it.
void append_tx(Bytes& target, std::uint32_t number, const TxResult& tx) {
  append_message(target, number, [&] {
    encode_field(target, 1, tx.code);
    encode_field(target, 2, tx.data);
    encode_field(target, 3, tx.log);
    encode_field(target, 5, tx.gas_wanted);
    encode_field(target, 6, tx.gas_used);
    append_events(target, 7, tx.events, EventSource::kTransaction);
    encode_field(target, 8, tx.codespace);
  });
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
  Bytes bytes;
  append_events(bytes, 1, result.events, EventSource::kBlock);
  for (const TxResult& tx : result.txs) append_tx(bytes, 2, tx);
  for (const runtime::ValidatorUpdate& update : result.validator_updates) {
    encode_field(bytes, 3, AbciValidatorUpdate{{update.public_key}, update.power});
  }
  encode_field(bytes, 4, result.consensus_params);
  codec::detail::append_delimited(bytes, 5, result.app_hash);
  return bytes;
}

}  // namespace buri::consensus::app
