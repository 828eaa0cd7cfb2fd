#pragma once

#include "hsm/rules/decide.hpp"

/// Bor headers (signer.md 6.4): never two at one number on one parent, and another branch only with
/// proof that it keeps the last milestone.

namespace buri::hsm::rules {

Decision decide_bor_header(const Context& context, const BorRecord& record,
                           const wire::SignBorHeader& request);

/// Records a milestone: nothing is sealed at or below it any more.
Decision decide_milestone_report(const Context& context, const BorRecord& record,
                                 const wire::ReportMilestone& report);

/// Whether a vanity is what clients write by themselves (an RLP list of version and names) or a
/// line of printable text, zero-padded: nothing that could be read as something else.
bool is_plain_vanity(const FixedBytes<32>& vanity);

}  // namespace buri::hsm::rules
