#pragma once

#include <string>
#include <vector>

#include "node/consensus/app/abci.hpp"
#include "node/consensus/app/genesis_head.hpp"
#include "node/consensus/engine/chain_state.hpp"

/// The engine's values as the application takes them and the application's as the engine does
/// (0xPolygon/cometbft v0.3.8-polygon, state/execution.go).

namespace buri::consensus::host {

inline codec::Timestamp app_time(const engine::Timestamp& time) {
  return {time.seconds, time.nanos};
}

/// The votes of the last height for a proposer. `validators` decided that height. Without entries
/// for the chain's first block.
app::ExtendedCommit extended_commit_info(const engine::ExtendedCommitRecord& commit,
                                         const engine::ValidatorSet& validators);
/// The same without extensions, for those who judge a proposal.
app::LastCommit last_commit_info(const engine::Commit& commit,
                                 const engine::ValidatorSet& validators);

/// What the engine obeys of the chain's parameters; what they leave out stays as in `before`.
engine::ChainParams chain_params(const modules::consensus::ConsensusParams& params,
                                 const engine::ChainParams& before);

/// Validators with their addresses. Errors: a key of another length.
Result<std::vector<engine::Validator>, std::string> validators_of(
    accel::Engine& crypto, const std::vector<runtime::ValidatorUpdate>& updates);

/// What the engine goes on with after a block. Errors: a sentence on the part that is misshapen.
Result<engine::BlockOutcome, std::string> outcome_of(accel::Engine& crypto,
                                                     const app::BlockResult& result,
                                                     const engine::ChainParams& before);

/// The chain before its first block, from the answer to InitChain. Errors: the validators make no
/// set.
Result<engine::ChainState, std::string> genesis_chain(accel::Engine& crypto,
                                                      const app::GenesisHead& head,
                                                      const app::InitChainResult& answer);

}  // namespace buri::consensus::host
