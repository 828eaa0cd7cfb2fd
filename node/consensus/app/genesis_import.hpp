#pragma once

#include "node/consensus/app/abci.hpp"
#include "node/consensus/app/chain_options.hpp"
#include "node/consensus/app/genesis_file.hpp"
#include "node/consensus/app/module_set.hpp"
#include "node/consensus/iavl/multistore.hpp"

/// From a genesis file to the stores (spec/heimdall.md 4.4, InitChain): into a context, or straight
/// into a multistore for a genesis that memory does not hold.

namespace buri::consensus::app {

/// The options of the chain that a genesis begins.
ChainOptions chain_options(const GenesisHead& head, const protocol::HeimdallForks& forks);

/// The block's facts that modules see while they import.
runtime::BlockFacts genesis_facts(const ChainOptions& chain, const GenesisHead& head);

/// Hands every module its part, in the stock daemon's order. Errors: code 1 for a part that does
/// not fit, or of which a module left something unread; kFatal from the stores.
Status<runtime::Error> init_modules(const ModuleSet& modules, const runtime::Context& context,
                                    const Genesis& genesis);

/// Imports a genesis straight into stores that hold no height: in bounded memory, whatever the size
/// of the file. The first block then makes a height of it. What a crash or an error leaves is
/// dropped when the stores are opened or imported into again. Errors: as init_modules. REQUIRES:
/// multistore.height() is 0.
Status<runtime::Error> import_genesis(const ChainOptions& chain, const ModuleSet& modules,
                                      const Genesis& genesis, iavl::Multistore& multistore);

/// The answer to InitChain: all validators of the genesis that are current. Errors: code 1 for a
/// section of another form.
runtime::Outcome<InitChainResult> genesis_answer(const Genesis& genesis);

}  // namespace buri::consensus::app
