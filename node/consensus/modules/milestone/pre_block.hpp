#pragma once

#include <span>

#include "node/consensus/modules/milestone/tally.hpp"

/// What the propositions in a block's vote extensions do before its transactions run (spec/
/// heimdall.md 4.4, steps 6 to 8).

namespace buri::consensus::modules::milestone {

/// Adds a milestone if two thirds agree on one, with scores and the span that may follow; otherwise
/// looks whether a span's producer must be changed. `judges` is the set that judges the block's
/// votes. Errors fail the block.
Status<runtime::Error> apply_propositions(const runtime::Context& context,
                                          const stake::IndexedSet& judges,
                                          std::span<const PropositionVote> votes);

}  // namespace buri::consensus::modules::milestone
