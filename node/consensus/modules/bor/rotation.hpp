#pragma once

#include "node/consensus/modules/bor/producers.hpp"
#include "node/consensus/modules/milestone/tally.hpp"

/// When spans get a new producer at the start of a block: after a milestone, when none comes, and
/// when the Bor head stands still (spec/heimdall.md 4.4 step 7, 4.6). Errors fail the block; that
/// nobody can be chosen does so only where a function says it.

namespace buri::consensus::modules::bor {

/// Schedules the span after the last one once a milestone that ends at `milestone_end` has reached
/// the last. `last` is the last span before the milestone. Before Kyoto, that nobody can be chosen
/// is an error of code 1; from Kyoto on the span then stays away.
Status<runtime::Error> add_future_span(const runtime::Context& context, const Span& last,
                                       std::uint64_t milestone_end,
                                       const std::vector<std::uint64_t>& supporters);

/// Gives the blocks after the last milestone to another producer, if the wait for one has become
/// too long.
Status<runtime::Error> rotate_current_span(const runtime::Context& context);

/// Follows the Bor head that a third agrees on; once it has not moved for too long, gives the
/// blocks after it to another producer. From Ithaca.
Status<runtime::Error> follow_pending_head(const runtime::Context& context,
                                           const milestone::AgreedHead& head);

}  // namespace buri::consensus::modules::bor
