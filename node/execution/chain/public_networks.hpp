#pragma once

#include "node/execution/chain/config.hpp"

/// What the public networks, mainnet (137) and Amoy (80002), decided after a genesis file was
/// written. The stock client carries it in its program; files of older releases end at an older
/// fork. Source: spec/bor.md 1.

namespace buri::execution::chain {

/// Adds what the configuration of a public network lacks: forks, and entries of the maps that came
/// with them. What the file says stays. Any other chain stays as it is: the hash of block 0, not
/// the chain id, tells them apart.
void complete_public_config(ChainConfig& config, const Hash256& genesis_hash);

}  // namespace buri::execution::chain
