#pragma once

#include "node/consensus/modules/bank/keeper.hpp"
#include "node/consensus/runtime/message_registry.hpp"

/// The messages of module bank.

namespace buri::consensus::modules::bank {

void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper);

/// How many transfers a message makes, for the cap of the ante chain: a MsgSend one, a MsgMultiSend
/// one per output, anything else none.
std::size_t transfer_count(const runtime::DecodedMessage& message);

}  // namespace buri::consensus::modules::bank
