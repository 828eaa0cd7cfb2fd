#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/api/json_writer.hpp"
#include "node/consensus/app/abci.hpp"
#include "node/consensus/app/abci_messages.hpp"
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

using AbciBlockResults =
    app::AbciFinalizeResponse<std::optional<modules::consensus::ConsensusParams>>;

/// The results of a block that was just executed, as they are stored.
AbciBlockResults block_results_of(const app::BlockResult& result);

/// Null if there are none, as Go writes an empty list that came off the wire.
void write_events(JsonWriter& out, const std::vector<AbciEvent>& events);
void write_tx_result(JsonWriter& out, const AbciTxResult& result);
void write_validator_updates(JsonWriter& out, const std::vector<AbciValidatorUpdate>& updates);

}  // namespace buri::consensus::api
