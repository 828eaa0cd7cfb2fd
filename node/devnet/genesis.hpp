#pragma once

#include <string>

#include "node/devnet/identity.hpp"

/// The first state of a devnet's chain: equal validators with money, and parameters under which
/// spans, milestones and checkpoints come within minutes.

namespace buri::devnet {

/// genesis.json of Heimdall.
std::string genesis_text(const Identity& identity);

/// The heights of rule changes: all within the first minute, so that a devnet is soon where mainnet
/// is. `burid start --forks` and chain.forks_file read it.
std::string forks_text();

}  // namespace buri::devnet
