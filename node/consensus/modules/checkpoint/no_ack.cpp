#include <algorithm>
#include <cmath>

#include "node/consensus/modules/checkpoint/messages.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/go_time.hpp"

/// No-acks: nobody submitted a checkpoint for too long. For every buffer time that has passed since
/// the last checkpoint one more validator may say so, in the rotation's order.

namespace buri::consensus::modules::checkpoint {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;

/// Whether less than `wait_ns` lie between `since`, in Unix seconds, and the block.
bool is_too_early(const Context& context, std::int64_t since, std::int64_t wait_ns) {
  const codec::Timestamp moment{.seconds = since};
  return moment > context.block().time ||
         runtime::go_nanoseconds_between(moment, context.block().time) < wait_ns;
}

/// How many buffer times have passed; the stock daemon counts in floating point and takes what its
/// processor makes of an infinite count, which is none.
std::int64_t turns_passed(const Context& context, std::int64_t since, std::int64_t buffer_ns) {
  const std::int64_t elapsed_ns =
      runtime::go_nanoseconds_between({.seconds = since}, context.block().time);
  const double turns = std::floor(runtime::go_seconds(elapsed_ns) / runtime::go_seconds(buffer_ns));
  constexpr double kEnd = 0x1p63;
  return turns >= 0 && turns < kEnd ? static_cast<std::int64_t>(turns) : 0;
}

Status<Error> check_turn(stake::ValidatorSet set, std::string_view sender, std::int64_t turns) {
  RETURN_IF_ERROR(stake::increment_priority(set, 1));
  const std::string signer = runtime::format_address(sender);
  if (stake::find_member(set, signer) == nullptr) return fail(Code::kNoAckProposer);
  for (std::int64_t turn = 0; turn < turns; ++turn) {
    if (runtime::format_address(set.proposer->signer) == signer) return Unit{};
    RETURN_IF_ERROR(stake::increment_priority(set, 1));
  }
  return fail(Code::kNoAckProposer);
}

Status<Error> check_last_no_ack(const Context& context, std::int64_t buffer_ns) {
  ASSIGN_OR_RETURN(const std::uint64_t last_no_ack, Keeper().last_no_ack(context));
  if (last_no_ack > INT64_MAX) {
    return fail(Code::kNoAck, "last no-ack timestamp is too large");
  }
  if (!is_too_early(context, static_cast<std::int64_t>(last_no_ack), buffer_ns)) return Unit{};
  return fail(Code::kTooManyNoAcks);
}

}  // namespace

Outcome<codec::Any> report_no_ack(const Context& context, const MsgCpNoAck& message) {
  const Keeper keeper;
  const stake::Keeper validators;
  auto params = keeper.params(context);
  if (!params.ok()) {
    if (params.error().is_panic()) return Failure{std::move(params).error()};
    return fail(Code::kParams, "error in fetching checkpoint parameter");
  }
  const std::int64_t buffer_ns = runtime::go_nanoseconds(params->checkpoint_buffer_time);
  ASSIGN_OR_RETURN(const LastCheckpoint last, keeper.last(context));
  const auto since = static_cast<std::int64_t>(last.checkpoint ? last.checkpoint->timestamp : 0);
  if (is_too_early(context, since, buffer_ns)) {
    return fail(Code::kNoAckTooEarly, "time has not expired until now");
  }
  ASSIGN_OR_RETURN(stake::ValidatorSet set, validators.set(context, stake::SetKind::kCurrent));
  RETURN_IF_ERROR(
      check_turn(std::move(set), message.from, turns_passed(context, since, buffer_ns)));
  RETURN_IF_ERROR(check_last_no_ack(context, buffer_ns));
  RETURN_IF_ERROR(
      keeper.set_last_no_ack(context, static_cast<std::uint64_t>(context.block().time.seconds)));
  RETURN_IF_ERROR(validators.increment_accum(context, 1));
  ASSIGN_OR_RETURN(set, validators.set(context, stake::SetKind::kCurrent));
  const stake::Validator* proposer = stake::proposer_of(set);
  CHECK(proposer != nullptr, "a set that was rotated has members");
  context.emit({"checkpoint-noack",
                {{"module", std::string(kCodespace)}, {"new-proposer", proposer->signer}}});
  return codec::pack(MsgCheckpointNoAckResponse{});
}

}  // namespace buri::consensus::modules::checkpoint
