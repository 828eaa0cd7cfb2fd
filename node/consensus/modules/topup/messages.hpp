#pragma once

#include "node/consensus/modules/topup/keeper.hpp"
#include "node/consensus/runtime/message_registry.hpp"
#include "node/protocol/root_chain.hpp"

/// The messages of module topup.

namespace buri::consensus::modules::topup {

/// `root_chain` is asked when this node votes; it must outlive the registry.
void register_messages(runtime::MessageRegistry& registry, protocol::RootChain& root_chain);

/// Yes if the root chain has exactly the reported event.
runtime::SideVote vote(const runtime::Context& context, const MsgTopupTx& message,
                       protocol::RootChain& root_chain);
/// Mints the fee for the user, who pays the proposer one transaction's fee of it.
Status<runtime::Error> apply(const runtime::Context& context, const MsgTopupTx& message);

}  // namespace buri::consensus::modules::topup
