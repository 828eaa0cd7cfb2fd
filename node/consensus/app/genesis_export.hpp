#pragma once

#include "node/consensus/app/module_set.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/runtime/genesis_sink.hpp"

/// From the stores to a genesis file, in the form of the stock daemon's export (the SDK's
/// AppGenesis).

namespace buri::consensus::app {

/// What a file holds beside the state.
struct ExportFacts {
  std::string chain_id;
  std::int64_t initial_height = 0;  ///< of the chain that the file begins
};

/// Writes the state of a kept height as a genesis from which the chain goes on at the next one, or,
/// for height 0, of an import that waits for its first block. `time` is the genesis time: not after
/// the first block's. The validators are those that InitChain will answer with. Bounded memory.
/// Errors: code 1 if the state lacks what a genesis needs; the sink's; kFatal from the stores.
/// REQUIRES: the height is kept; height 0 only of an import.
runtime::Outcome<ExportFacts> export_genesis(const ModuleSet& modules, iavl::Multistore& multistore,
                                             std::int64_t height, const codec::Timestamp& time,
                                             runtime::GenesisSink& sink);

}  // namespace buri::consensus::app
