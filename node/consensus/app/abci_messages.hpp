#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/consensus/app/tx_runner.hpp"
#include "node/consensus/codec/schema.hpp"

/// What executing a block gave, on the wire (tendermint/abci/types.proto): as results are stored
/// and shown by RPC and REST.

namespace buri::consensus::app {

struct AbciEventAttribute {
  std::string key{};
  std::string value{};
  bool index = false;
  static constexpr std::string_view kName = "tendermint.abci.EventAttribute";
  static constexpr auto fields() {
    using codec::Field;
    return fields_of(Field{1, "key", &AbciEventAttribute::key},
                     Field{2, "value", &AbciEventAttribute::value},
                     Field{3, "index", &AbciEventAttribute::index});
  }
};

struct AbciEvent {
  std::string type{};
  std::vector<AbciEventAttribute> attributes{};
  static constexpr std::string_view kName = "tendermint.abci.Event";
  static constexpr auto fields() {
    using codec::Field;
    return fields_of(Field{1, "type", &AbciEvent::type},
                     Field{2, "attributes", &AbciEvent::attributes});
  }
};

struct AbciTxResult {
  std::uint32_t code = 0;
  Bytes data{};
  std::string log{};
  std::string info{};
  std::int64_t gas_wanted = 0;
  std::int64_t gas_used = 0;
  std::vector<AbciEvent> events{};
  std::string codespace{};
  static constexpr std::string_view kName = "tendermint.abci.ExecTxResult";
  static constexpr auto fields() {
    using T = AbciTxResult;
    return codec::fields_of(
        codec::Field{1, "code", &T::code}, codec::Field{2, "data", &T::data},
        codec::Field{3, "log", &T::log}, codec::Field{4, "info", &T::info},
        codec::Field{5, "gas_wanted", &T::gas_wanted}, codec::Field{6, "gas_used", &T::gas_used},
        codec::Field{7, "events", &T::events}, codec::Field{8, "codespace", &T::codespace});
  }
};
struct AbciPublicKey {
  Bytes secp256k1_uncompressed{};
  static constexpr std::string_view kName = "tendermint.crypto.PublicKey";
  static constexpr auto fields() {
    return codec::fields_of(
        codec::Field{3, "secp256k1_uncompressed", &AbciPublicKey::secp256k1_uncompressed});
  }
};
struct AbciValidatorUpdate {
  AbciPublicKey pub_key{};
  std::int64_t power = 0;
  static constexpr std::string_view kName = "tendermint.abci.ValidatorUpdate";
  static constexpr auto fields() {
    return codec::fields_of(codec::Field{1, "pub_key", &AbciValidatorUpdate::pub_key},
                            codec::Field{2, "power", &AbciValidatorUpdate::power});
  }
};

/// The answer to FinalizeBlock. `Params` is how it holds the parameters: decoded, or their bytes.
template <class Params>
struct AbciFinalizeResponse {
  std::vector<AbciEvent> events{};
  std::vector<AbciTxResult> tx_results{};
  std::vector<AbciValidatorUpdate> validator_updates{};
  Params consensus_param_updates{};
  Bytes app_hash{};
  static constexpr std::string_view kName = "tendermint.abci.ResponseFinalizeBlock";
  static constexpr auto fields() {
    using codec::Field;
    using R = AbciFinalizeResponse;
    return codec::fields_of(Field{1, "events", &R::events}, Field{2, "tx_results", &R::tx_results},
                            Field{3, "validator_updates", &R::validator_updates},
                            Field{4, "consensus_param_updates", &R::consensus_param_updates},
                            Field{5, "app_hash", &R::app_hash});
  }
};

/// Where events come from.
enum class EventSource : std::uint8_t { kTransaction, kBlock };

/// Whether the SDK marks the event for the index: those of transactions, and those of a block's
/// begin and end, which it tells apart by their last attribute, "mode"; not those that come before
/// the begin.
bool is_indexed(const runtime::Event& event, EventSource source);
/// Events as they are stored.
std::vector<AbciEvent> abci_events(const runtime::EventLog& events, EventSource source);
AbciTxResult abci_tx_result(const TxResult& result);

}  // namespace buri::consensus::app
