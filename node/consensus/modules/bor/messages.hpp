#pragma once

#include "node/consensus/modules/bor/keeper.hpp"
#include "node/consensus/modules/bor/message_types.hpp"
#include "node/consensus/runtime/message_registry.hpp"
#include "node/protocol/bor_chain.hpp"

/// The messages of module bor: what they check at once, how a validator votes on them, and what
/// they do when the votes approve.

namespace buri::consensus::modules::bor {

/// Bounds of an announced downtime, in Bor blocks.
inline constexpr std::uint64_t kDowntimeMinBlocks = 150;
inline constexpr std::uint64_t kDowntimeMaxBlocks = std::uint64_t{14} * 6'400;
/// Bounds of its place ahead of the Bor head.
inline constexpr std::uint64_t kDowntimeMinAheadBlocks = 150;
inline constexpr std::uint64_t kDowntimeMaxAheadBlocks = std::uint64_t{100} * 6'400;

/// `bor_chain` is asked when this node votes; it must outlive the registry.
void register_messages(runtime::MessageRegistry& registry, protocol::BorChain& bor_chain);

/// Errors: code 1 before producers may announce downtimes. Proposals and the mempool refuse the
/// message by it, too.
Status<runtime::Error> check_downtime_phase(const runtime::Context& context);

/// The validator id of a signer. Errors: code 1 unless it is a current validator.
runtime::Outcome<std::uint64_t> current_id_of(const runtime::Context& context,
                                              std::string_view signer);

/// Yes if the seed follows from this node's Bor and the span is in turn.
runtime::SideVote vote(const runtime::Context& context, const MsgProposeSpan& message,
                       protocol::BorChain& bor_chain);
/// Yes if the sender owns the first block of the range and Bor is neither too near nor too far.
runtime::SideVote vote(const runtime::Context& context, const MsgSetProducerDowntime& message,
                       protocol::BorChain& bor_chain);

/// What approved messages do. An error drops their writes.
Status<runtime::Error> apply(const runtime::Context& context, const MsgProposeSpan& message);
Status<runtime::Error> apply(const runtime::Context& context, const MsgBackfillSpans& message);
Status<runtime::Error> apply(const runtime::Context& context,
                             const MsgSetProducerDowntime& message);

}  // namespace buri::consensus::modules::bor
