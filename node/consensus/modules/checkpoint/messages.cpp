#include "node/consensus/modules/checkpoint/messages.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/modules/topup/keeper.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/go_time.hpp"

namespace buri::consensus::modules::checkpoint {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;

bool is_address(std::string_view text) { return runtime::parse_address(text).ok(); }

/// What Go's strconv.ParseUint takes in base 10.
bool is_uint64(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return false;
  const auto value = runtime::Integer::from_decimal(text);
  return value && value->to_uint64();
}

Status<Error> check_root(ByteView root) {
  if (root.size() != Hash256::kSize) {
    return fail(Code::kInvalidMessage, "Invalid rootHash length " + std::to_string(root.size()));
  }
  if (std::ranges::any_of(root, [](std::uint8_t byte) { return byte != 0; })) return Unit{};
  return fail(Code::kInvalidMessage, "Invalid rootHash");
}

Status<Error> check_order(std::uint64_t start, std::uint64_t end) {
  if (start < end) return Unit{};
  return fail(Code::kInvalidMessage,
              "End should be greater than to start block start block=" + std::to_string(start) +
                  ",end block=" + std::to_string(end));
}

/// A checkpoint that waits for its acknowledgement blocks the next one until it has timed out; what
/// has timed out, or is not there, is removed.
Status<Error> make_room(const Context& context) {
  const Keeper keeper;
  auto params = keeper.params(context);
  if (!params.ok()) {
    if (params.error().is_panic()) return Failure{std::move(params).error()};
    return fail(Code::kParams);
  }
  ASSIGN_OR_RETURN(const Checkpoint buffered, keeper.buffer(context));
  const auto now = static_cast<std::uint64_t>(context.block().time.seconds);
  const auto lifetime = static_cast<std::uint64_t>(static_cast<std::int64_t>(
      runtime::go_seconds(runtime::go_nanoseconds(params->checkpoint_buffer_time))));
  const bool has_timed_out = now > buffered.timestamp && now - buffered.timestamp >= lifetime;
  if (buffered.timestamp == 0 || has_timed_out) return keeper.flush_buffer(context);
  return fail(Code::kNoAck, "checkpoint already exits in buffer");
}

Status<Error> check_account_root(const Context& context, ByteView account_root) {
  ASSIGN_OR_RETURN(const auto accounts, topup::Keeper().accounts(context));
  auto expected = topup::account_root(accounts);
  if (!expected.ok()) {
    if (expected.error().is_panic()) return Failure{std::move(expected).error()};
    return fail(Code::kAccountHash, "error while fetching account root hash");
  }
  if (equal(*expected, account_root)) return Unit{};
  return fail(Code::kBadBlockDetails, "accountRootHash of current state doesn't match from msg");
}

Status<Error> check_proposer(const Context& context, std::string_view proposer) {
  auto set = stake::Keeper().set(context, stake::SetKind::kCurrent);
  if (!set.ok() && set.error().is_panic()) return Failure{std::move(set).error()};
  if (!set.ok() || !set->proposer) {
    return fail(Code::kInvalidMessage, "no proposer stored in validator set");
  }
  if (runtime::format_address(proposer) == runtime::format_address(set->proposer->signer)) {
    return Unit{};
  }
  return fail(Code::kInvalidMessage, "invalid proposer in msg");
}

Outcome<codec::Any> propose(const Context& context, const MsgCheckpoint& message) {
  const Keeper keeper;
  RETURN_IF_ERROR(make_room(context));
  ASSIGN_OR_RETURN(const LastCheckpoint last, keeper.last(context));
  RETURN_IF_ERROR(check_continuity(last, message.start_block));
  RETURN_IF_ERROR(
      keeper.check_window(context, context.height(), message.start_block, message.end_block));
  RETURN_IF_ERROR(check_account_root(context, message.account_root_hash));
  RETURN_IF_ERROR(check_proposer(context, message.proposer));
  context.emit({"checkpoint",
                {{"module", std::string(kCodespace)},
                 {"proposer", message.proposer},
                 {"start-block", std::to_string(message.start_block)},
                 {"end-block", std::to_string(message.end_block)},
                 {"root-hash", to_hex(message.root_hash)},
                 {"account-hash", to_hex(message.account_root_hash)}}});
  return codec::pack(MsgCheckpointResponse{});
}

Outcome<codec::Any> acknowledge(const Context& context, const MsgCpAck& message) {
  if (message.start_block >= message.end_block) return fail(Code::kBadAck, "invalid ack");
  const Keeper keeper;
  ASSIGN_OR_RETURN(const LastCheckpoint last, keeper.last(context));
  if (!last.is_none() && !last.checkpoint) {
    return Failure{runtime::plain_error("collections: not found")};
  }
  const std::uint64_t expected = last.is_none() ? 1 : last.checkpoint->id + 1;
  if (message.number != expected) return fail(Code::kBadAck, "invalid checkpoint number");
  ASSIGN_OR_RETURN(const Checkpoint buffered, keeper.buffer(context));
  if (match(message, buffered) != AckMatch::kMatches) return fail(Code::kBadAck);
  context.emit(
      {"checkpoint-ack",
       {{"module", std::string(kCodespace)}, {"header-index", std::to_string(message.number)}}});
  return codec::pack(MsgCpAckResponse{});
}

Outcome<codec::Any> update_params(const Context& context, const MsgUpdateParams& message) {
  RETURN_IF_ERROR(auth::check_authority(message.authority));
  RETURN_IF_ERROR(validate(message.params));
  RETURN_IF_ERROR(Keeper().set_params(context, message.params));
  return codec::pack(MsgUpdateParamsResponse{});
}

}  // namespace

void register_messages(runtime::MessageRegistry& registry, const Facts& facts) {
  registry.add<MsgCheckpoint>(
      {.signers = [](const MsgCheckpoint& message) { return std::vector{message.proposer}; },
       .validate_basic = [](const MsgCheckpoint& message) { return validate(message); },
       .handle = &propose,
       .side_handle = [bor = facts.bor](
                          const Context& context,
                          const MsgCheckpoint& message) { return vote(context, message, *bor); },
       .post_handle = [](const Context& context,
                         const MsgCheckpoint& message) { return apply(context, message); }});
  registry.add<MsgCpAck>(
      {.signers = [](const MsgCpAck& message) { return std::vector{message.from}; },
       .validate_basic = [](const MsgCpAck& message) { return validate(message); },
       .handle = &acknowledge,
       .side_handle = [root_chain = facts.root_chain](
                          const Context& context,
                          const MsgCpAck& message) { return vote(context, message, *root_chain); },
       .post_handle = [](const Context& context,
                         const MsgCpAck& message) { return apply(context, message); }});
  registry.add<MsgCpNoAck>(
      {.signers = [](const MsgCpNoAck& message) { return std::vector{message.from}; },
       .validate_basic = [](const MsgCpNoAck& message) { return validate(message); },
       .handle = &report_no_ack});
  registry.add<MsgUpdateParams>(
      {.signers = [](const MsgUpdateParams& message) { return std::vector{message.authority}; },
       .handle = &update_params});
}

Status<Error> validate(const MsgCheckpoint& message) {
  if (!is_uint64(message.bor_chain_id)) {
    return fail(Code::kInvalidMessage, "Invalid bor chain id " + message.bor_chain_id);
  }
  RETURN_IF_ERROR(check_root(message.root_hash));
  if (!is_address(message.proposer)) {
    return fail(Code::kInvalidMessage, "invalid proposer " + message.proposer);
  }
  return check_order(message.start_block, message.end_block);
}

Status<Error> validate(const MsgCpAck& message) {
  for (const std::string& address : {message.from, message.proposer}) {
    if (!is_address(address)) return fail(Code::kInvalidMessage, "invalid sender " + address);
  }
  RETURN_IF_ERROR(check_order(message.start_block, message.end_block));
  return check_root(message.root_hash);
}

Status<Error> validate(const MsgCpNoAck& message) {
  if (is_address(message.from)) return Unit{};
  return fail(Code::kInvalidMessage, "Invalid sender " + message.from);
}

Status<Error> check_account_roots(const Context& context, const tx::Transaction& transaction) {
  if (!context.forks().is_zurich(context.height())) return Unit{};
  for (const auto& message : transaction.messages) {
    const auto* proposal = runtime::message_cast<MsgCheckpoint>(*message);
    if (proposal == nullptr || proposal->account_root_hash.size() == Hash256::kSize) continue;
    return fail(Code::kInvalidMessage, "invalid accountRootHash length " +
                                           std::to_string(proposal->account_root_hash.size()) +
                                           ", expected 32");
  }
  return Unit{};
}

AckMatch match(const MsgCpAck& message, const Checkpoint& buffered) {
  if (is_empty(buffered)) return AckMatch::kEmptyBuffer;
  if (message.start_block != buffered.start_block) return AckMatch::kOtherStart;
  if (message.end_block == buffered.end_block && message.root_hash != buffered.root_hash) {
    return AckMatch::kOtherRoot;
  }
  return AckMatch::kMatches;
}

}  // namespace buri::consensus::modules::checkpoint
