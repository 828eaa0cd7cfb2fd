#pragma once

#include <vector>

#include "node/consensus/engine/block.hpp"

/// The one message of the evidence channel, 0x38 (0xPolygon/cometbft v0.3.8-polygon,
/// proto/tendermint/types/evidence.proto, EvidenceList; spec/cometbft.md 5).

namespace buri::consensus::evidence {

/// Pieces that one message may carry. Stock nodes send one.
inline constexpr std::size_t kMaxPiecesOfMessage = 256;

/// The pieces in order, maybe none, still encoded inside. Errors: those of the wire reader; kValue
/// for a piece of no known kind, or more than kMaxPiecesOfMessage.
Result<std::vector<engine::EvidencePiece>, codec::DecodeError> decode_evidence_message(
    ByteView bytes);
/// A message of one piece, byte for byte the stock node's.
Bytes encode_evidence_message(const engine::EvidencePiece& piece);

/// A piece inside its oneof, as it is stored: tendermint.types.Evidence.
Bytes encode_piece(const engine::EvidencePiece& piece);
Result<engine::EvidencePiece, codec::DecodeError> decode_piece(ByteView bytes);

}  // namespace buri::consensus::evidence
