#pragma once

#include "node/consensus/app/module_set.hpp"

/// What a block does after its transactions: the proposer gets the fees, governance and the
/// validator set move on (spec/heimdall.md 4.4, EndBlock).

namespace buri::consensus::app {

/// Runs on the block's context and appends to `events` what its end emitted, each with
/// mode=EndBlock. Returns what CometBFT must be told. Errors fail the block.
runtime::Outcome<std::vector<runtime::ValidatorUpdate>> end_block(const runtime::Context& context,
                                                                  ModuleSet& modules,
                                                                  runtime::EventLog& events);

}  // namespace buri::consensus::app
