#pragma once

#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/modules/stake/message_types.hpp"
#include "node/consensus/runtime/message_registry.hpp"
#include "node/consensus/runtime/root_chain_sequence.hpp"
#include "node/protocol/root_chain.hpp"

/// The messages of module stake: what they check at once, how a validator votes on them, and what
/// they do when the votes approve.

namespace buri::consensus::modules::stake {

/// `root_chain` is asked when this node votes; it must outlive the registry.
void register_messages(runtime::MessageRegistry& registry, protocol::RootChain& root_chain);

/// Checks without state.
Status<runtime::Error> validate(const MsgValidatorJoin& message);
Status<runtime::Error> validate(const MsgStakeUpdate& message);
Status<runtime::Error> validate(const MsgSignerUpdate& message);
Status<runtime::Error> validate(const MsgValidatorExit& message);

/// Votes from the contract's events.
runtime::SideVote vote(const runtime::Context& context, const MsgValidatorJoin& message,
                       protocol::RootChain& root_chain);
runtime::SideVote vote(const runtime::Context& context, const MsgStakeUpdate& message,
                       protocol::RootChain& root_chain);
runtime::SideVote vote(const runtime::Context& context, const MsgSignerUpdate& message,
                       protocol::RootChain& root_chain);
runtime::SideVote vote(const runtime::Context& context, const MsgValidatorExit& message,
                       protocol::RootChain& root_chain);

/// What approved messages do. An error drops their writes.
Status<runtime::Error> apply(const runtime::Context& context, const MsgValidatorJoin& message);
Status<runtime::Error> apply(const runtime::Context& context, const MsgStakeUpdate& message);
Status<runtime::Error> apply(const runtime::Context& context, const MsgSignerUpdate& message);
Status<runtime::Error> apply(const runtime::Context& context, const MsgValidatorExit& message);

/// Whole tokens of 10^18, as voting power; nothing below one token. More than 64 bits hold loses
/// its upper bits, as in the stock daemon.
std::optional<std::int64_t> power_of(const runtime::Integer& amount);

/// The sequence of a message's event under the rules of the context's height.
template <class Message>
std::string sequence_of(const runtime::Context& context, const Message& message) {
  return runtime::root_chain_sequence(message.block_number, message.log_index,
                                      context.forks().is_kyoto(context.height()));
}

}  // namespace buri::consensus::modules::stake
