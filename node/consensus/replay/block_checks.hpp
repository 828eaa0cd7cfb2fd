#pragma once

#include "node/consensus/replay/chain_follower.hpp"
#include "node/consensus/replay/signature_warming.hpp"

/// What can be said of a recorded height before its block runs: its hashes, its commits, its vote
/// extensions.

namespace buri::consensus::replay {

/// The name by which commits call the block: the hash of its header and of its parts.
engine::BlockId block_id_of(accel::Engine& crypto, const DecodedHeight& height);

/// A height with its verdicts, and the one before it; null if that is not at hand.
struct Neighbours {
  const DecodedHeight* before;
  const DecodedHeight* height;
};

/// Compares block hash, part set, recorded validators and header; checks the last commit, the seen
/// commit and the extensions that follow from the chain so far.
void check_block(tx::SignatureMemory& memory, const ChainFollower& chain,
                 const engine::BlockId& block_id, const Neighbours& heights,
                 Comparison& comparison);

}  // namespace buri::consensus::replay
