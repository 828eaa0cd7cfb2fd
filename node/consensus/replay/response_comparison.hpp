#pragma once

#include "node/consensus/app/abci.hpp"
#include "node/consensus/replay/difference.hpp"

/// The stock daemon's answer to FinalizeBlock beside ours.

namespace buri::consensus::replay {

/// Compares transaction results (code, codespace, gas wanted, gas used, data, events), the block's
/// events, validator updates, consensus parameters and the app hash.
void compare_response(const app::BlockResult& expected, const app::BlockResult& found,
                      Comparison& comparison);

}  // namespace buri::consensus::replay
