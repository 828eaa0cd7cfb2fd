#pragma once

#include "node/consensus/engine/block_rules.hpp"
#include "node/consensus/engine/part_set.hpp"
#include "node/consensus/sync/blame.hpp"
#include "node/consensus/sync/block_message.hpp"

/// Blocks from peers, checked before they are executed (0xPolygon/cometbft v0.3.8-polygon,
/// blocksync/reactor.go, poolRoutine; spec/cometbft.md 1.4, 6 and 9). Signatures of many heights
/// go to the crypto engine as one batch; what is asked of each height is then answered from memory.

namespace buri::consensus::sync {

/// Checks all signatures of a window in at most two batches, as if the validators that decide its
/// first block decided all of it, and leaves the verdicts in the checker's memory. Where a later
/// height turns out to have other validators, their votes are checked when that height's turn
/// comes: a wrong guess costs time and nothing else. REQUIRES: `window` begins with the block that
/// follows `chain`.
void check_signatures_ahead(engine::SignatureChecker& signatures, const engine::ChainState& chain,
                            std::span<const BlockResponse* const> window);

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
/// no giver answers for another's block unless extensions are off.
Result<VerifiedBlock, PairFault> verify_block(accel::Engine& crypto,
                                              engine::SignatureChecker& signatures,
                                              const engine::ChainState& chain,
                                              const BlockResponse& first,
                                              const BlockResponse& second);

}  // namespace buri::consensus::sync
