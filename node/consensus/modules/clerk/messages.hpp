#pragma once

#include "node/consensus/modules/clerk/keeper.hpp"
#include "node/consensus/runtime/message_registry.hpp"
#include "node/consensus/tx/decode.hpp"
#include "node/protocol/root_chain.hpp"

/// The message of module clerk: what it checks at once, how a validator votes on it, and what it
/// does when the votes approve.

namespace buri::consensus::modules::clerk {

/// More data than this is recorded as none; a message that carries more is refused.
inline constexpr std::size_t kMaxDataBytes = 30'000;

/// `root_chain` is asked when this node votes; it must outlive the registry.
void register_messages(runtime::MessageRegistry& registry, protocol::RootChain& root_chain);

/// Checks without state.
Status<runtime::Error> validate(const MsgEventRecord& message);

/// An ante rule, from Lugano on: the hash of every event record has its fixed width. Errors: clerk
/// 5402.
Status<runtime::Error> check_tx_hashes(const runtime::Context& context,
                                       const tx::Transaction& transaction);

/// Yes if the root chain has exactly the reported event.
runtime::SideVote vote(const runtime::Context& context, const MsgEventRecord& message,
                       protocol::RootChain& root_chain);
/// Stores the record. An error drops its writes.
Status<runtime::Error> apply(const runtime::Context& context, const MsgEventRecord& message);

}  // namespace buri::consensus::modules::clerk
