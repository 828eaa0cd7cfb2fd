#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/api/abci_event.hpp"
#include "node/consensus/api/json_writer.hpp"
#include "node/consensus/app/tx_runner.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/modules/consensus/types.hpp"

/// What executing a block gave, as it is stored (tendermint.abci.ResponseFinalizeBlock) and as JSON
/// shows it (0xPolygon/cometbft v0.3.8-polygon, abci/types).

namespace buri::consensus::api {

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
struct AbciBlockResults {
  std::vector<AbciEvent> events{};
  std::vector<AbciTxResult> tx_results{};
  std::vector<AbciValidatorUpdate> validator_updates{};
  std::optional<modules::consensus::ConsensusParams> consensus_param_updates{};
  Bytes app_hash{};
  static constexpr std::string_view kName = "tendermint.abci.ResponseFinalizeBlock";
  static constexpr auto fields() {
    using R = AbciBlockResults;
    return codec::fields_of(codec::Field{1, "events", &R::events},
                            codec::Field{2, "tx_results", &R::tx_results},
                            codec::Field{3, "validator_updates", &R::validator_updates},
                            codec::Field{4, "consensus_param_updates", &R::consensus_param_updates},
                            codec::Field{5, "app_hash", &R::app_hash});
  }
};

/// The application's results in the stored form. The SDK marks the events of transactions for the
/// index and leaves those that a block itself emits before them unmarked.
std::vector<AbciEvent> abci_events(const runtime::EventLog& events, bool is_indexed);
AbciTxResult abci_tx_result(const app::TxResult& result);

/// Null if there are none, as Go writes an empty list that came off the wire.
void write_events(JsonWriter& out, const std::vector<AbciEvent>& events);
void write_tx_result(JsonWriter& out, const AbciTxResult& result);
void write_validator_updates(JsonWriter& out, const std::vector<AbciValidatorUpdate>& updates);

}  // namespace buri::consensus::api
