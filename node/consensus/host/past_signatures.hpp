#pragma once

#include <cstdint>
#include <optional>

#include "node/consensus/blocks/block_store.hpp"

/// Whether a validator's key was in use a moment ago (0xPolygon/cometbft v0.3.8-polygon,
/// consensus/state.go, checkDoubleSigningRisk).

namespace buri::consensus::host {

/// The highest of the last `heights` stored blocks that `validator` signed a precommit for; nothing
/// if there is none. Stock leaves out the oldest of them, so that looking back one height looks at
/// none.
std::optional<std::int64_t> last_signed_block(const blocks::BlockStore& blocks,
                                              const Address& validator, std::int64_t heights);

}  // namespace buri::consensus::host
