#pragma once

#include "hsm/rules/decide.hpp"

/// Votes and proposals (signer.md 6.1): (height, round, step) only grows; the same place is signed
/// again with the same content only.

namespace buri::hsm::rules {

Decision decide_proposal(const Context& context, const ConsensusRecord& record,
                         const wire::SignProposal& request);

/// A precommit's extensions are judged by extensions.hpp and answered together with the vote.
Decision decide_vote(const Context& context, const ConsensusRecord& record,
                     const wire::SignVote& request);

}  // namespace buri::hsm::rules
