#pragma once

#include "node/consensus/api/json_writer.hpp"
#include "node/consensus/engine/round_state.hpp"

/// Where consensus stands, in stock's JSON (0xPolygon/cometbft v0.3.8-polygon,
/// consensus/types/round_state.go).

namespace buri::consensus::api {

/// The value of "round_state" in the answer to consensus_state.
void write_round_state_summary(JsonWriter& out, const engine::RoundState& state);
/// The same in the answer to dump_consensus_state.
void write_round_state(JsonWriter& out, const engine::RoundState& state);

/// "RoundStepPropose".
std::string_view step_text(engine::Step step);
/// "Vote{0:6FAE7C35AC7A 4/00/SIGNED_MSG_TYPE_PREVOTE(Prevote) 1DF7FE97C774 …}".
std::string vote_text(const engine::Vote& vote);
/// {"address", "index"}: whose turn it is.
void write_proposer(JsonWriter& out, const engine::RoundState& state);

}  // namespace buri::consensus::api
