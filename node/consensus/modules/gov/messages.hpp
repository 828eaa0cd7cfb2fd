#pragma once

#include "node/consensus/modules/gov/keeper.hpp"
#include "node/consensus/modules/gov/legacy_types.hpp"
#include "node/consensus/modules/gov/message_types.hpp"

/// The messages of module gov in both versions, and the contents of legacy proposals.

namespace buri::consensus::modules::gov {

void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper);

}  // namespace buri::consensus::modules::gov
