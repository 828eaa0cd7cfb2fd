#pragma once

#include <string>

#include "hsm/wire/heimdall_transaction.hpp"
#include "node/devnet/root_chain_script.hpp"

/// Events of the root chain as the messages of Heimdall that report them.

namespace buri::devnet {

/// What the account `from` ("0x…") sends to report an event.
hsm::wire::HeimdallMessage report_of(const ScriptedEvent& event, const std::string& from);

/// The path and query of REST that says whether the chain has taken the event over already.
std::string is_old_target(const ScriptedEvent& event);

}  // namespace buri::devnet
