#pragma once

#include <variant>

#include "node/consensus/engine/duplicate_vote.hpp"
#include "node/consensus/evidence/evidence_chain.hpp"

/// Whether a piece of evidence convicts (0xPolygon/cometbft v0.3.8-polygon, evidence/verify.go;
/// spec/cometbft.md 1.4 and 5).

namespace buri::consensus::evidence {

/// A piece that has been read and is good by itself.
struct Evidence {
  engine::EvidencePiece piece;
  Hash256 name;             ///< engine::evidence_name
  std::int64_t height = 0;  ///< of the votes, or the common one of an attack
  engine::Timestamp time;   ///< what it says of the block of that height
  std::variant<engine::DuplicateVote, engine::LightClientAttack> content;
};

/// Reads a piece and asks the rules that need no chain. The error is a sentence.
Result<Evidence, std::string> read_evidence(accel::Engine& crypto, engine::EvidencePiece piece);

/// Why a piece is not accepted.
struct EvidenceFault {
  /// False where this node lacks the block or the validators to judge by.
  bool is_invalid = true;
  std::string reason;  ///< a sentence
};

/// Where the chain stands and when evidence is too old.
struct EvidenceAge {
  std::int64_t last_height = 0;
  engine::Timestamp last_time;
  std::int64_t max_blocks = 0;
  std::int64_t max_nanos = 0;

  static EvidenceAge of(const engine::ChainState& chain);
  /// Too many blocks ago and too long ago.
  [[nodiscard]] bool is_expired(std::int64_t height, const engine::Timestamp& time) const;
};

/// The verdict on each piece, in order; the signatures of all double votes are one batch.
std::vector<Status<EvidenceFault>> verify_evidence(accel::Engine& crypto,
                                                   const EvidenceChain& chain,
                                                   std::string_view chain_id,
                                                   const EvidenceAge& age,
                                                   std::span<const Evidence* const> all);

}  // namespace buri::consensus::evidence
