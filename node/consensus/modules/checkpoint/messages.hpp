#pragma once

#include "node/consensus/modules/checkpoint/keeper.hpp"
#include "node/consensus/modules/checkpoint/message_types.hpp"
#include "node/consensus/runtime/message_registry.hpp"
#include "node/consensus/tx/decode.hpp"
#include "node/protocol/bor_roots.hpp"
#include "node/protocol/root_chain.hpp"

/// The messages of module checkpoint: what they check at once, how a validator votes on them, and
/// what they do when the votes approve.

namespace buri::consensus::modules::checkpoint {

/// What this node's votes rest on. Both must outlive the registry.
struct Facts {
  protocol::RootChain* root_chain;
  protocol::BorRoots* bor;
};

void register_messages(runtime::MessageRegistry& registry, const Facts& facts);

/// Checks without state.
Status<runtime::Error> validate(const MsgCheckpoint& message);
Status<runtime::Error> validate(const MsgCpAck& message);
Status<runtime::Error> validate(const MsgCpNoAck& message);

/// An ante rule, from Zurich on: the account root of every checkpoint has 32 bytes. Errors:
/// checkpoint 2.
Status<runtime::Error> check_account_roots(const runtime::Context& context,
                                           const tx::Transaction& transaction);

/// Executes a no-ack: the sender must be one of the proposers whose turn has passed.
runtime::Outcome<codec::Any> report_no_ack(const runtime::Context& context,
                                           const MsgCpNoAck& message);

/// Votes from this node's own view of Bor and of the root chain.
runtime::SideVote vote(const runtime::Context& context, const MsgCheckpoint& message,
                       protocol::BorRoots& bor);
runtime::SideVote vote(const runtime::Context& context, const MsgCpAck& message,
                       protocol::RootChain& root_chain);

/// What approved messages do: a checkpoint goes into the buffer, an acknowledgement moves it from
/// there. An error drops their writes.
Status<runtime::Error> apply(const runtime::Context& context, const MsgCheckpoint& message);
Status<runtime::Error> apply(const runtime::Context& context, const MsgCpAck& message);

/// What an acknowledgement must share with the buffered checkpoint: the start and, if the end is
/// the same, the root.
enum class AckMatch : std::uint8_t { kMatches, kEmptyBuffer, kOtherStart, kOtherRoot };
AckMatch match(const MsgCpAck& message, const Checkpoint& buffered);

/// This node's view of a window of Bor blocks.
enum class RootVerdict : std::uint8_t {
  kAgrees,
  kDiffers,
  kNoBlock,      ///< the window's end is not that deep below the head
  kUnavailable,  ///< Bor did not answer, or was not asked because the window is out of range
};
/// Asks Bor for the root of a window that ends `confirmations` below its head at least.
RootVerdict verify_root(protocol::BorRoots& bor, const MsgCheckpoint& message,
                        std::uint64_t max_length, std::uint64_t confirmations);

}  // namespace buri::consensus::modules::checkpoint
