#include "base/u256_arithmetic.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/checkpoint/messages.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/modules/topup/keeper.hpp"
#include "node/consensus/runtime/address.hpp"

/// How this node votes on the messages of module checkpoint: yes if its own view of Bor and of the
/// root chain agrees, no otherwise, whatever stands in the way.

namespace buri::consensus::modules::checkpoint {
namespace {

using runtime::Context;
using runtime::format_address;
using runtime::Outcome;
using runtime::SideVote;

SideVote vote_of(const Outcome<bool>& agrees) {
  return agrees.ok() && *agrees ? SideVote::kYes : SideVote::kNo;
}

Outcome<bool> agrees(const Context& context, const MsgCheckpoint& message,
                     protocol::BorRoots& bor) {
  const Keeper keeper;
  ASSIGN_OR_RETURN(const chainmanager::Params chain, chainmanager::Keeper().params(context));
  ASSIGN_OR_RETURN(const Params params, keeper.params(context));
  if (message.bor_chain_id != chain.chain_params.bor_chain_id) return false;
  ASSIGN_OR_RETURN(const LastCheckpoint last, keeper.last(context));
  RETURN_IF_ERROR(check_continuity(last, message.start_block));
  RETURN_IF_ERROR(
      keeper.check_window(context, context.height(), message.start_block, message.end_block));
  ASSIGN_OR_RETURN(const stake::ValidatorSet set,
                   stake::Keeper().set(context, stake::SetKind::kCurrent));
  if (!set.proposer || format_address(message.proposer) != format_address(set.proposer->signer)) {
    return false;
  }
  ASSIGN_OR_RETURN(const auto accounts, topup::Keeper().accounts(context));
  ASSIGN_OR_RETURN(const Hash256 account_root, topup::account_root(accounts));
  if (!equal(account_root, message.account_root_hash)) return false;
  return verify_root(bor, message, params.max_checkpoint_length,
                     chain.bor_chain_tx_confirmations) == RootVerdict::kAgrees;
}

/// Whether the contract RootChain has the checkpoint that the message says.
Outcome<bool> is_on_root_chain(const Context& context, const MsgCpAck& message,
                               protocol::RootChain& root_chain) {
  ASSIGN_OR_RETURN(const chainmanager::Params chain, chainmanager::Keeper().params(context));
  ASSIGN_OR_RETURN(const Params params, Keeper().params(context));
  ASSIGN_OR_RETURN(const Address contract,
                   runtime::parse_address(chain.chain_params.root_chain_address));
  const auto number = checked_multiply(U256::from_uint64(message.number),
                                       U256::from_uint64(params.child_chain_block_interval));
  CHECK(number.has_value(), "a product of two 64-bit numbers fits");
  const auto header = root_chain.header_block(contract, *number);
  return header.ok() && header->start_block == message.start_block &&
         header->end_block == message.end_block &&
         runtime::to_text(header->proposer) == format_address(message.proposer) &&
         equal(header->root_hash, message.root_hash);
}

Outcome<bool> agrees(const Context& context, const MsgCpAck& message,
                     protocol::RootChain& root_chain) {
  if (message.start_block >= message.end_block) return false;
  const Keeper keeper;
  ASSIGN_OR_RETURN(const LastCheckpoint last, keeper.last(context));
  if (!last.is_none() && !last.checkpoint) return false;
  const std::uint64_t expected = last.is_none() ? 1 : last.checkpoint->id + 1;
  if (message.number != expected) return false;
  ASSIGN_OR_RETURN(const Checkpoint buffered, keeper.buffer(context));
  if (match(message, buffered) != AckMatch::kMatches) return false;
  return is_on_root_chain(context, message, root_chain);
}

}  // namespace

SideVote vote(const Context& context, const MsgCheckpoint& message, protocol::BorRoots& bor) {
  return vote_of(agrees(context, message, bor));
}
SideVote vote(const Context& context, const MsgCpAck& message, protocol::RootChain& root_chain) {
  return vote_of(agrees(context, message, root_chain));
}

RootVerdict verify_root(protocol::BorRoots& bor, const MsgCheckpoint& message,
                        std::uint64_t max_length, std::uint64_t confirmations) {
  const auto has_end = bor.has_block(message.end_block + confirmations);
  if (!has_end.ok()) return RootVerdict::kUnavailable;
  if (!*has_end) return RootVerdict::kNoBlock;
  if (message.start_block > message.end_block) return RootVerdict::kUnavailable;
  if (message.end_block - message.start_block >= max_length) return RootVerdict::kUnavailable;
  const auto root = bor.root_hash(message.start_block, message.end_block);
  if (!root.ok() || *root == Hash256{}) return RootVerdict::kUnavailable;
  return equal(*root, message.root_hash) ? RootVerdict::kAgrees : RootVerdict::kDiffers;
}

}  // namespace buri::consensus::modules::checkpoint
