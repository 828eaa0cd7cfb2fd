#pragma once

#include <span>

#include "node/consensus/api/json_writer.hpp"
#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/vote.hpp"
#include "node/consensus/modules/consensus/types.hpp"

/// Values of consensus in CometBFT's JSON (0xPolygon/cometbft v0.3.8-polygon, types/).

namespace buri::consensus::api {

void write_part_set_header(JsonWriter& out, const engine::PartSetHeader& parts);
void write_block_id(JsonWriter& out, const engine::BlockId& block_id);
void write_header(JsonWriter& out, const engine::Header& header);
void write_commit(JsonWriter& out, const engine::Commit& commit);
void write_public_key(JsonWriter& out, const engine::PublicKeyBytes& key);
void write_validator(JsonWriter& out, const engine::Validator& validator);
void write_vote(JsonWriter& out, const engine::Vote& vote);
void write_proposal(JsonWriter& out, const engine::Proposal& proposal);
void write_txs(JsonWriter& out, std::span<const Bytes> txs);
/// {"type", "value"}; null for a piece that does not decode.
void write_evidence(JsonWriter& out, const engine::EvidencePiece& piece);
void write_block(JsonWriter& out, const engine::Block& block);

/// All parameters, as /consensus_params shows them.
void write_consensus_params(JsonWriter& out, const modules::consensus::ConsensusParams& params);
/// Only what is there and not zero, as an answer to FinalizeBlock shows them.
void write_param_updates(JsonWriter& out, const modules::consensus::ConsensusParams& params);

}  // namespace buri::consensus::api
