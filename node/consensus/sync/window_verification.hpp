#pragma once

#include "node/consensus/engine/block_rules.hpp"
#include "node/consensus/engine/part_set.hpp"
#include "node/consensus/sync/blame.hpp"
#include "node/consensus/sync/block_pool.hpp"

/// Blocks from peers, checked before they are executed (0xPolygon/cometbft v0.3.8-polygon,
/// blocksync/reactor.go, poolRoutine; spec/cometbft.md 1.4, 6 and 9). Signatures of many heights
/// go to the crypto engine as one batch, and each verdict stays beside the block that brought the
/// signature: what is asked of a height when its turn comes is read there.

namespace buri::consensus::sync {

/// Checks all signatures of a window that have no verdict yet in one batch, as if the validators
/// that decide its first block decided all of it. An entry of a last commit that is the same vote
/// as in the extended commit of the block before is not checked a second time. Where a later
/// height turns out to have other validators, their votes are checked when that height's turn
/// comes: a wrong guess costs time and nothing else. REQUIRES: `window` begins with the block that
/// follows `chain`.
void check_signatures_ahead(accel::Engine& crypto, engine::BatchedSignatures& signatures,
                            const engine::ChainState& chain, std::span<PooledBlock* const> window);

/// A block that its chain's validators decided.
struct VerifiedBlock {
  engine::BlockId block_id;
  engine::PartSet parts;
};

/// Why a block is not taken.
struct PairFault {
  Blame blame = Blame::kBoth;
  std::string reason;  ///< a sentence
};

/// Whether `first` is the block after `chain`: decided by what `second` carries as its last commit,
/// by the rules of blocks, and with an extended commit exactly where extensions are on, all of
/// whose signatures are good. Stock looks at the extensions only once consensus needs them, and
/// stops the node. Where both do not fit, the first one's own extended commit tells which is bad:
/// no giver answers for another's block unless extensions are off. Signatures without a verdict are
/// checked through the checker's memory; that `second` proves the first is noted in it, so that its
/// last commit is not looked at again.
Result<VerifiedBlock, PairFault> verify_block(accel::Engine& crypto,
                                              engine::BatchedSignatures& signatures,
                                              const engine::ChainState& chain,
                                              const PooledBlock& first, PooledBlock& second);

}  // namespace buri::consensus::sync
