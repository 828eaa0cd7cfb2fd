#pragma once

#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/validator_set.hpp"
#include "node/consensus/engine/vote.hpp"

/// Two votes of one validator for different blocks in one place, as evidence (spec/cometbft.md 2.3
/// and 5; 0xPolygon/cometbft v0.3.8-polygon, types/evidence.go).

namespace buri::consensus::engine {

/// The votes stand in the order of their block ids.
struct DuplicateVote {
  Vote vote_a;
  Vote vote_b;
  std::int64_t total_voting_power = 0;  ///< of the height's validators
  std::int64_t validator_power = 0;
  Timestamp timestamp;  ///< of the block of the votes' height

  friend bool operator==(const DuplicateVote&, const DuplicateVote&) = default;
};

/// Evidence from two conflicting votes, in either order. Nothing if their validator is not in the
/// set. `block_time` is that of the block which was decided at the votes' height.
std::optional<DuplicateVote> make_duplicate_vote(const Vote& one, const Vote& other,
                                                 const Timestamp& block_time,
                                                 const ValidatorSet& validators);

/// The encoding, byte for byte the stock node's, as a piece for blocks and for gossip.
EvidencePiece encode_duplicate_vote(const DuplicateVote& evidence);
/// The other direction. Errors: those of decode_vote; kValue where a vote is missing.
Result<DuplicateVote, codec::DecodeError> decode_duplicate_vote(ByteView bytes);

}  // namespace buri::consensus::engine
