#pragma once

#include "hsm/wire/request.hpp"
#include "node/consensus/engine/types.hpp"

/// What validators say to each other about a height: proposals and votes, with the fork's two
/// extensions (spec/cometbft.md 1.2, 1.3 and 4.3).

namespace buri::consensus::engine {

using hsm::wire::VoteType;

/// A prevote or precommit. Of a precommit for a block the two extensions come with a signature
/// each, which stands even over an empty extension; every other vote has neither.
struct Vote {
  VoteType type = VoteType::kPrevote;
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id;  ///< nil for a nil vote
  Timestamp timestamp;
  Address validator_address;
  std::int32_t validator_index = 0;  ///< place in the validator set of `height`
  Bytes signature;
  Bytes extension;
  Bytes extension_signature;
  Bytes non_rp_extension;
  Bytes non_rp_signature;

  friend bool operator==(const Vote&, const Vote&) = default;
};

/// A block offered for a round.
struct Proposal {
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::int32_t pol_round = -1;  ///< the round whose prevotes speak for the block; -1 for none
  BlockId block_id;
  Timestamp timestamp;
  Bytes signature;
  BlockId blob_id;  ///< nil on every network that uses the fork; signed where it is not

  friend bool operator==(const Proposal&, const Proposal&) = default;
};

}  // namespace buri::consensus::engine
