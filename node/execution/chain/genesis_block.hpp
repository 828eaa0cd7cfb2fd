#pragma once

#include "node/execution/chain/block_store.hpp"
#include "node/execution/chain/genesis.hpp"
#include "node/execution/state/state_store.hpp"

/// Block 0 in the stores.

namespace buri::execution::chain {

/// Begins a chain in empty stores of one database: state, block 0 and configuration in one durable
/// batch. Where the stores hold that chain already, only its configuration is replaced, which no
/// hash covers: so it learns of new forks. Errors, one sentence: the stores hold another chain, or
/// fail.
Status<std::string> begin_chain(const Genesis& genesis, state::StateStore& states,
                                BlockStore& blocks);

/// The configuration that the stores were begun with. Errors, one sentence: there is none yet, or
/// it is malformed.
Result<ChainConfig, std::string> stored_config(const BlockStore& blocks);

}  // namespace buri::execution::chain
