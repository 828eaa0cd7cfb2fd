#pragma once

#include <string>
#include <string_view>

#include "node/consensus/api/block_results.hpp"
#include "node/consensus/api/event_bus.hpp"
#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/message.hpp"
#include "node/consensus/engine/vote.hpp"

/// What subscribers are told, in stock's JSON: {"type": "tendermint/event/…", "value": {…}}
/// (0xPolygon/cometbft v0.3.8-polygon, types/events.go and types/event_bus.go).

namespace buri::consensus::api {

/// "tm.event" with this name.
EventAttributes attributes_of(std::string_view event);
/// The same with the attributes of what was executed, as "transfer.amount". Those without a name
/// are left out.
EventAttributes attributes_of(std::string_view event, const std::vector<AbciEvent>& executed);
/// Of a transaction: "tx.hash" and "tx.height" besides.
EventAttributes attributes_of_tx(const Hash256& hash, std::int64_t height,
                                 const AbciTxResult& result);

std::string new_block_json(const engine::Block& block, const engine::BlockId& block_id,
                           const AbciBlockResults& results);
std::string new_block_header_json(const engine::Header& header);
std::string new_block_events_json(const engine::Block& block, const AbciBlockResults& results);
std::string new_evidence_json(std::int64_t height, const engine::EvidencePiece& piece);
std::string tx_json(std::int64_t height, std::uint32_t index, ByteView tx,
                    const AbciTxResult& result);
std::string validator_set_updates_json(const std::vector<engine::Validator>& changes);
std::string vote_json(const engine::Vote& vote);

/// Where consensus stands, as far as events say it.
struct RoundPlace {
  std::int64_t height = 0;
  std::int32_t round = 0;
  engine::Step step{};
};
std::string round_state_json(const RoundPlace& place);
/// `proposer` is the JSON of whose turn it is.
std::string new_round_json(const RoundPlace& place, std::string_view proposer);
std::string complete_proposal_json(const RoundPlace& place, const engine::BlockId& block_id);

}  // namespace buri::consensus::api
