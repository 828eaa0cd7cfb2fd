#pragma once

#include "node/consensus/app/abci.hpp"
#include "node/consensus/app/extension_signatures.hpp"

/// Whether the extended commit at the head of a proposal is one that honest validators accept, and
/// how a proposer makes such a one from the votes it saw (spec/heimdall.md 4.4, PrepareProposal and
/// ProcessProposal). Votes are those of the height before.

namespace buri::consensus::app {

/// What the checks stand on. All must outlive the call.
struct ExtensionScene {
  const runtime::Context* context;  ///< of the proposal's height, over the state before it
  const Judges* judges;
  const runtime::MessageRegistry* registry;
  tx::SignatureMemory* signatures;
  std::int64_t enable_height = 0;  ///< the consensus parameter
};

/// Accepts the votes or says which rule they break. `round` is that of the last commit.
Verdict check_extended_votes(const ExtensionScene& scene, std::span<const ExtendedVote> votes,
                             std::int32_t round);

/// From Phuket on: everyone who committed the last block must stand in the list as one who did.
Verdict check_completeness(std::span<const CommitVote> last_commit,
                           std::span<const ExtendedVote> votes);

/// The votes to propose: bad ones are left out, from Phuket on emptied instead. Errors: code 1 if
/// what is left has no two thirds for one block, and before Phuket for some defects.
runtime::Outcome<std::vector<ExtendedVote>> filter_votes(const ExtensionScene& scene,
                                                         const ExtendedCommit& commit,
                                                         std::int64_t max_tx_bytes);

}  // namespace buri::consensus::app
