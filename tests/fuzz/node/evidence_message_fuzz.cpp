#include "base/check.hpp"
#include "node/consensus/engine/duplicate_vote.hpp"
#include "node/consensus/engine/light_client_attack.hpp"
#include "node/consensus/evidence/evidence_message.hpp"

/// One message of the evidence channel and what its pieces decode to: a decoded piece has one
/// encoding that means the same.

using namespace buri::consensus;

namespace {

void check_attack(const buri::Bytes& encoded) {
  const auto attack = engine::decode_light_client_attack(encoded);
  if (!attack.ok()) return;
  const auto canonical = engine::encode_light_client_attack(*attack);
  const auto again = engine::decode_light_client_attack(canonical.encoded);
  CHECK(again.ok(), "the canonical form of an attack decodes");
  CHECK(engine::encode_light_client_attack(*again).encoded == canonical.encoded,
        "the canonical form of an attack is its own");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto pieces = evidence::decode_evidence_message(buri::ByteView(data, size));
  if (!pieces.ok()) return 0;
  CHECK(pieces->size() <= evidence::kMaxPiecesOfMessage, "a message is bounded");
  for (const engine::EvidencePiece& piece : *pieces) {
    const auto stored = evidence::decode_piece(evidence::encode_piece(piece));
    CHECK(stored.ok() && stored->encoded == piece.encoded, "a piece is stored as it came");
    if (piece.is_light_client_attack) {
      check_attack(piece.encoded);
    } else if (const auto votes = engine::decode_duplicate_vote(piece.encoded); votes.ok()) {
      const auto canonical = engine::encode_duplicate_vote(*votes);
      const auto again = engine::decode_duplicate_vote(canonical.encoded);
      CHECK(again.ok() && *again == *votes, "the canonical form of a double vote means the same");
    }
  }
  return 0;
}
