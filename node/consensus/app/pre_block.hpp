#pragma once

#include "node/consensus/app/abci.hpp"
#include "node/consensus/app/observer.hpp"
#include "node/consensus/app/tx_cache.hpp"

/// What a block does before its transactions run: the votes of the last block become milestones,
/// spans and the effects of approved side transactions (spec/heimdall.md 4.4, PreBlocker).

namespace buri::consensus::app {

/// Runs on the block's context; `enable_height` is the consensus parameter. Errors fail the block:
/// code 1 for what no honest proposal holds, kPanic where the stock daemon would stop.
Status<runtime::Error> pre_block(const runtime::Context& context, const DecidedBlock& block,
                                 std::int64_t enable_height, TxCache& cache,
                                 const Reporter& reporter);

}  // namespace buri::consensus::app
