#include "base/hex.hpp"
#include "node/consensus/modules/checkpoint/messages.hpp"
#include "node/consensus/modules/stake/keeper.hpp"

/// What approved messages of module checkpoint do.

namespace buri::consensus::modules::checkpoint {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::plain_error;

}  // namespace

Status<Error> apply(const Context& context, const MsgCheckpoint& message) {
  const Keeper keeper;
  ASSIGN_OR_RETURN(const LastCheckpoint last, keeper.last(context));
  RETURN_IF_ERROR(check_continuity(last, message.start_block));
  RETURN_IF_ERROR(
      keeper.check_window(context, context.height() - 1, message.start_block, message.end_block));
  ASSIGN_OR_RETURN(const Checkpoint buffered, keeper.buffer(context));
  if (!is_empty(buffered)) return Failure{plain_error("checkpoint already exists in buffer")};
  const std::uint64_t last_id = last.checkpoint ? last.checkpoint->id : 0;
  RETURN_IF_ERROR(keeper.set_buffer(
      context, {.id = last_id + 1,
                .proposer = message.proposer,
                .start_block = message.start_block,
                .end_block = message.end_block,
                .root_hash = message.root_hash,
                .bor_chain_id = message.bor_chain_id,
                .timestamp = static_cast<std::uint64_t>(context.block().time.seconds)}));
  context.emit({"checkpoint",
                {{"module", std::string(kCodespace)},
                 {"txhash", to_hex(context.tx_hash())},
                 {"side-tx-result", "VOTE_YES"},
                 {"proposer", message.proposer},
                 {"start-block", std::to_string(message.start_block)},
                 {"end-block", std::to_string(message.end_block)},
                 {"root-hash", to_hex(message.root_hash)},
                 {"account-hash", to_hex(message.account_root_hash)}}});
  return Unit{};
}

Status<Error> apply(const Context& context, const MsgCpAck& message) {
  const Keeper keeper;
  ASSIGN_OR_RETURN(Checkpoint checkpoint, keeper.buffer(context));
  if (match(message, checkpoint) != AckMatch::kMatches) {
    return Failure{plain_error("the ack does not match the checkpoint in the buffer")};
  }
  // The root chain may have taken a shorter or longer one than was approved here.
  if (checkpoint.end_block != message.end_block) {
    checkpoint.end_block = message.end_block;
    checkpoint.root_hash = message.root_hash;
    checkpoint.proposer = message.proposer;
  }
  checkpoint.id = message.number;
  RETURN_IF_ERROR(keeper.add(context, checkpoint));
  RETURN_IF_ERROR(keeper.flush_buffer(context));
  RETURN_IF_ERROR(keeper.increment_ack_count(context));
  RETURN_IF_ERROR(stake::Keeper().increment_accum(context, 1));
  context.emit({"checkpoint-ack",
                {{"module", std::string(kCodespace)},
                 {"txhash", to_hex(context.tx_hash())},
                 {"side-tx-result", "VOTE_YES"},
                 {"header-index", std::to_string(message.number)}}});
  return Unit{};
}

}  // namespace buri::consensus::modules::checkpoint
