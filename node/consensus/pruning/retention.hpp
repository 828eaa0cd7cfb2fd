#pragma once

#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/evidence/evidence_rules.hpp"

/// Which blocks have to stay (0xPolygon/cometbft v0.3.8-polygon, store/store.go, PruneBlocks;
/// 0xPolygon/cosmos-sdk, baseapp/abci.go, GetBlockRetentionHeight).

namespace buri::consensus::pruning {

/// The lowest height that stays: of the last `kept_blocks` blocks and of all that evidence may
/// still name, whose headers, commits and validators its verification asks for. Stock keeps of the
/// latter headers and commits alone; here blocks stay whole. Thread-safe; reads a few block metas.
/// REQUIRES: a block is stored; kept_blocks > 0; `age` is that of a stored height.
std::int64_t retain_height(const blocks::BlockStore& blocks, const evidence::EvidenceAge& age,
                           std::int64_t kept_blocks);

}  // namespace buri::consensus::pruning
