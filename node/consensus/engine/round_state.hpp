#pragma once

#include <memory>

#include "node/consensus/engine/chain_state.hpp"
#include "node/consensus/engine/height_vote_sets.hpp"
#include "node/consensus/engine/message.hpp"

/// Where a node stands within a height: what its peers are told and sent (0xPolygon/cometbft
/// v0.3.8-polygon, consensus/types/round_state.go; spec/cometbft.md 4.2).

namespace buri::consensus::engine {

/// A whole block and its hash, shared by all who hold it.
struct ProposedBlock {
  Block block;
  Hash256 hash;
};
using ProposedBlockPtr = std::shared_ptr<const ProposedBlock>;
using PartSetPtr = std::shared_ptr<const PartSet>;

/// Whether there is a block and it has that hash.
inline bool hashes_to(const ProposedBlockPtr& block, const OptionalHash& hash) {
  return block && block->hash == hash;
}
/// Whether there are parts, or places for them, of that set.
inline bool has_header(const std::shared_ptr<PartSet>& parts, const PartSetHeader& header) {
  return parts && parts->header() == header;
}

/// A block that the node holds on to, the parts it came in, and the round it did so in.
struct HeldBlock {
  std::int32_t round = -1;  ///< -1 for no block
  ProposedBlockPtr block;
  std::shared_ptr<PartSet> parts;
};

/// What became of votes and block parts since the machine was made, the node's own among them: for
/// those who report on it. A new height goes on counting.
struct IntakeCounts {
  std::uint64_t late_prevotes = 0;    ///< of a height or round that the node had left
  std::uint64_t late_precommits = 0;  ///< likewise
  std::uint64_t duplicate_votes = 0;  ///< that were here already
  std::uint64_t parts_of_block = 0;   ///< parts of the block that is gathered
  std::uint64_t duplicate_parts = 0;  ///< of these, such as were here already
  std::uint64_t other_parts = 0;      ///< parts of anything else
};

struct RoundState {
  std::int64_t height = 0;
  std::int32_t round = 0;
  Step step = Step::kNewHeight;
  Timestamp start_time;                  ///< when round 0 begins
  std::optional<Timestamp> commit_time;  ///< when the last block was decided

  std::shared_ptr<const ValidatorSet> validators;  ///< the height's; one order in all rounds
  /// The height's validators as the rounds so far have rotated them; whose turn it is in this one.
  std::optional<ValidatorSet> rotation;
  std::shared_ptr<const ValidatorSet> last_validators;

  std::optional<Proposal> proposal;
  ProposedBlockPtr proposal_block;
  std::shared_ptr<PartSet> proposal_parts;  ///< perhaps not all there
  HeldBlock locked;  ///< precommitted, and prevoted until a later polka frees the node
  HeldBlock valid;   ///< the last polka's; proposed again when it is this node's turn

  std::optional<HeightVoteSets> votes;
  std::int32_t commit_round = -1;      ///< whose precommits decided; -1 before
  std::optional<VoteSet> last_commit;  ///< precommits of the last height; none in the first
  bool has_precommit_timeout = false;  ///< the wait for precommits of this round has begun
  IntakeCounts intake;

  [[nodiscard]] const Validator& proposer() const { return rotation->proposer(); }
};

}  // namespace buri::consensus::engine
