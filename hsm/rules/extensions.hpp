#pragma once

#include "hsm/rules/decide.hpp"

/// The two extensions of a precommit (signer.md 6.1 and 6.2). Both are byte strings of the node's
/// choosing, one of them signed without any domain: only what is exactly one of Heimdall's own
/// forms, for this very vote, passes.

namespace buri::hsm::rules {

/// Judges both extensions of `vote` and adds their slots to `approval`. `record` is the record with
/// the vote in it already; `changed` is set if the extensions change it. REQUIRES: a precommit for
/// a block, both extensions present.
Status<wire::Refusal> decide_extensions(const Context& context, const wire::SignVote& vote,
                                        ConsensusRecord& record, Approval& approval, bool& changed);

/// Raises the floor below which no checkpoint is signed.
Decision decide_checkpoint_report(const Context& context, const ConsensusRecord& record,
                                  const wire::ReportCheckpoint& report);

}  // namespace buri::hsm::rules
