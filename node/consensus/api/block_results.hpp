#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/api/json_writer.hpp"
#include "node/consensus/app/abci_messages.hpp"
#include "node/consensus/app/tx_runner.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/modules/consensus/types.hpp"

/// What executing a block gave, as it is stored (tendermint.abci.ResponseFinalizeBlock) and as JSON
/// shows it (0xPolygon/cometbft v0.3.8-polygon, abci/types).

namespace buri::consensus::api {

using app::abci_tx_result;
using app::AbciEvent;
using app::AbciEventAttribute;
using app::AbciTxResult;
using app::AbciValidatorUpdate;

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

/// Null if there are none, as Go writes an empty list that came off the wire.
void write_events(JsonWriter& out, const std::vector<AbciEvent>& events);
void write_tx_result(JsonWriter& out, const AbciTxResult& result);
void write_validator_updates(JsonWriter& out, const std::vector<AbciValidatorUpdate>& updates);

}  // namespace buri::consensus::api
