#pragma once

#include "node/consensus/modules/milestone/proposition.hpp"
#include "node/protocol/bor_chain.hpp"

/// The proposition that this validator puts into its vote extension (spec/heimdall.md 4.5).

namespace buri::consensus::modules::milestone {

/// The next blocks of this node's Bor after the last milestone, as far as the producers that the
/// spans name sealed them; far behind the head a jump ahead. In the form of the context's height,
/// which is that of the extension. Nothing if Bor does not answer, has nothing new or is on another
/// fork. Errors: kPanic and kFatal alone.
runtime::Outcome<std::optional<MilestoneProposition>> propose(const runtime::Context& context,
                                                              protocol::BorChain& bor);

}  // namespace buri::consensus::modules::milestone
