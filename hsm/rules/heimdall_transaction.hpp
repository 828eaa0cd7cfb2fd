#pragma once

#include "hsm/rules/decide.hpp"

namespace buri::hsm::rules {

/// Transactions on Heimdall (signer.md 6.3): listed messages that this key signs alone, a capped
/// fee, sequences that never fall.
Decision decide_heimdall_transaction(const Context& context, const HeimdallRecord& record,
                                     const wire::SignHeimdallTransaction& request);

}  // namespace buri::hsm::rules
