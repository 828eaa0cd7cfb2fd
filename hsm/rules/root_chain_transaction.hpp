#pragma once

#include "hsm/rules/decide.hpp"

namespace buri::hsm::rules {

/// Transactions on Ethereum (signer.md 6.5): listed destinations only, checkpoints only that this
/// key has signed (`checkpoints`, of the consensus record), within caps and the day's budget, one
/// transaction per nonce but for its fee bumps.
Decision decide_root_chain_transaction(const Context& context, const RootChainRecord& record,
                                       std::span<const wire::Checkpoint> checkpoints,
                                       const wire::SignRootChainTransaction& request);

}  // namespace buri::hsm::rules
