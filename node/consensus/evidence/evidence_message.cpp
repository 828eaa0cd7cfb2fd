#include "node/consensus/evidence/evidence_message.hpp"

#include <optional>

#include "node/consensus/codec/message.hpp"

namespace buri::consensus::evidence {
namespace {

using codec::DecodeError;

/// Numbers in the oneof, and of the pieces in their list.
constexpr std::uint32_t kDuplicateVoteField = 1;
constexpr std::uint32_t kLightClientAttackField = 2;
constexpr std::uint32_t kPiecesField = 1;

}  // namespace

Result<engine::EvidencePiece, DecodeError> decode_piece(ByteView bytes) {
  std::optional<engine::EvidencePiece> piece;
  codec::WireReader reader(bytes);
  while (!reader.at_end()) {
    ASSIGN_OR_RETURN(const codec::RawField raw, reader.next());
    if (raw.number != kDuplicateVoteField && raw.number != kLightClientAttackField) continue;
    if (raw.wire != codec::Wire::kBytes) return Failure{DecodeError::kWireType};
    piece = {raw.number == kLightClientAttackField, Bytes(raw.bytes.begin(), raw.bytes.end())};
  }
  if (!piece) return Failure{DecodeError::kValue};
  return *std::move(piece);
}

Result<std::vector<engine::EvidencePiece>, DecodeError> decode_evidence_message(ByteView bytes) {
  std::vector<engine::EvidencePiece> pieces;
  codec::WireReader reader(bytes);
  while (!reader.at_end()) {
    ASSIGN_OR_RETURN(const codec::RawField raw, reader.next());
    if (raw.number != kPiecesField) continue;
    if (raw.wire != codec::Wire::kBytes) return Failure{DecodeError::kWireType};
    if (pieces.size() == kMaxPiecesOfMessage) return Failure{DecodeError::kValue};
    ASSIGN_OR_RETURN(engine::EvidencePiece piece, decode_piece(raw.bytes));
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

Bytes encode_piece(const engine::EvidencePiece& piece) {
  Bytes bytes;
  codec::detail::append_delimited(
      bytes, piece.is_light_client_attack ? kLightClientAttackField : kDuplicateVoteField,
      piece.encoded);
  return bytes;
}

Bytes encode_evidence_message(const engine::EvidencePiece& piece) {
  Bytes bytes;
  codec::detail::append_delimited(bytes, kPiecesField, encode_piece(piece));
  return bytes;
}

}  // namespace buri::consensus::evidence
