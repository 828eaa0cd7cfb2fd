#pragma once

#include "node/consensus/modules/gov/keeper.hpp"

/// What the votes of a proposal come to.

namespace buri::consensus::modules::gov {

/// The powers of the current members who voted so far, by option. Changes nothing.
runtime::Outcome<TallyResult> current_tally(const runtime::Context& context,
                                            const Electorate& electorate, std::uint64_t id);

}  // namespace buri::consensus::modules::gov
