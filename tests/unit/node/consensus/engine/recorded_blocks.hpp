#pragma once

#include <vector>

#include "node/consensus/engine/chain_state.hpp"
#include "node/consensus/records/chain.hpp"

/// The bundled chain B: four validators whose powers and number change.

namespace buri::consensus::engine {

/// All 160 blocks.
std::vector<records::BlockRecord> recorded_blocks();

/// The state before the chain's first block.
ChainState chain_before(const records::BlockRecord& first);
/// The state after a block, `next` being the one that follows it.
ChainState chain_after(const ChainState& chain, const records::BlockRecord& record,
                       const records::BlockRecord& next);

}  // namespace buri::consensus::engine
