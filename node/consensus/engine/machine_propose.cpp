#include <fmt/format.h>

#include <algorithm>

#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/engine/machine.hpp"

/// Rounds begin, and a proposal comes into being or arrives.

namespace buri::consensus::engine {

void Machine::enter_new_round(std::int32_t round) {
  const bool is_here = state_.round == round && state_.step != Step::kNewHeight;
  if (round < state_.round || is_here || is_halted_) return;
  if (state_.round < round) {
    // In one leap, as the stock node: the priorities' rounding depends on it.
    state_.rotation->increment_proposer_priority(static_cast<unsigned>(round - state_.round));
  }
  state_.round = round;
  state_.step = Step::kNewRound;
  if (round != 0) {
    state_.proposal.reset();
    state_.proposal_block = nullptr;
    if (state_.commit_round < 0) {
      state_.proposal_parts = nullptr;
    } else {
      want_decided_block();
    }
  }
  state_.votes->enter_round(round);
  state_.has_precommit_timeout = false;
  note(Note::kNewRound);
  enter_propose(round);
}

void Machine::enter_propose(std::int32_t round) {
  const bool is_past = state_.round == round && state_.step >= Step::kPropose;
  if (round < state_.round || is_past || is_halted_) return;
  schedule(options_.propose.in(round), round, Step::kPropose);
  if (options_.validator == state_.proposer().address) decide_proposal(round);
  new_step(round, Step::kPropose);
  // Peers forget what was wanted when they hear of another round.
  if (state_.commit_round >= 0 && state_.proposal_parts) announce_parts(true);
  if (is_proposal_complete()) enter_prevote(state_.round);
}

/// Two thirds decided a block in a round that this node has left before it had the block. Stock
/// forgets it, and is stuck when whoever has the block has gone on to the next height.
void Machine::want_decided_block() {
  const BlockId decision = *state_.votes->precommits(state_.commit_round)->majority();
  if (!has_header(state_.proposal_parts, decision.parts)) want_parts(decision.parts);
}

/// Tells peers which block's parts are wanted. REQUIRES: some are.
void Machine::announce_parts(bool is_decided) {
  emit(Announce{NewValidBlock{state_.height, state_.round, state_.proposal_parts->header(),
                              state_.proposal_parts->present(), is_decided}});
}

void Machine::decide_proposal(std::int32_t round) {
  if (state_.commit_round >= 0 && !state_.valid.block) return;
  OwnMessage message{.kind = OwnMessage::Kind::kProposal,
                     .height = state_.height,
                     .round = round,
                     .pol_round = state_.valid.round};
  if (state_.valid.block) {
    message.block = state_.valid.block;
    message.parts = state_.valid.parts;
    message.block_id = {message.block->hash, message.parts->header()};
  } else {
    message.needs_answer = true;
  }
  enqueue(std::move(message));
}

/// The block is there, and so are the prevotes that the proposal appeals to.
bool Machine::is_proposal_complete() {
  if (!state_.proposal || !state_.proposal_block) return false;
  if (state_.proposal->pol_round < 0) return true;
  const VoteSet* prevotes = state_.votes->prevotes(state_.proposal->pol_round);
  return prevotes != nullptr && prevotes->majority().has_value();
}

void Machine::receive_proposal(const Proposal& proposal, const std::string& peer_id) {
  if (state_.proposal || proposal.height != state_.height || proposal.round != state_.round) return;
  if (proposal.pol_round < -1 || proposal.pol_round >= proposal.round) {
    return peer_erred(peer_id, "a proposal whose proof of lock is not from an earlier round");
  }
  const std::int64_t most_parts =
      (chain_.params.block_bytes() - 1) / static_cast<std::int64_t>(kPartBytes) + 1;
  if (std::int64_t{proposal.block_id.parts.total} > most_parts) {
    return peer_erred(peer_id,
                      fmt::format("a proposal of {} parts where {} are allowed",
                                  proposal.block_id.parts.total, most_parts),
                      true);
  }
  const auto members = state_.validators->validators();
  const auto proposer = std::ranges::find(members, state_.proposer().address, &Validator::address);
  CHECK(proposer != members.end(), "the proposer of a round is one of the height's validators");
  const auto index = static_cast<std::size_t>(proposer - members.begin());
  if (!signatures_->check_proposal(proposal, *state_.validators, index)) {
    return peer_erred(peer_id, "a proposal that the round's proposer has not signed");
  }
  if (!peer_id.empty()) write(MessageArrived{proposal, peer_id}, false);
  state_.proposal = proposal;
  // Parts that are wanted already are those of a decided or a valid block.
  if (!state_.proposal_parts) want_parts(proposal.block_id.parts);
}

void Machine::want_parts(const PartSetHeader& header) {
  const bool is_possible = header.hash && header.total > 0 && header.total <= kMaxParts;
  state_.proposal_parts = is_possible ? std::make_shared<PartSet>(header) : nullptr;
}

/// Blocks may be proposed again: the part's round does not matter.
void Machine::receive_part(const BlockPart& message, const std::string& peer_id) {
  if (message.height != state_.height || !state_.proposal_parts) {
    ++state_.intake.other_parts;
    return;
  }
  const auto added = state_.proposal_parts->add(message.part);
  ++(added.ok() ? state_.intake.parts_of_block : state_.intake.other_parts);
  if (!added.ok()) {
    if (message.round == state_.round) {
      peer_erred(peer_id, std::string(describe(added.error())));
    }
    return;
  }
  if (!*added) {
    ++state_.intake.duplicate_parts;
    return;
  }
  if (!peer_id.empty()) write(MessageArrived{message, peer_id}, false);
  const PartSet& parts = *state_.proposal_parts;
  if (static_cast<std::int64_t>(parts.byte_count()) > chain_.params.block_bytes()) {
    return peer_erred(peer_id, "a block that is longer than the chain allows");
  }
  if (!parts.is_complete()) return;
  complete_block();
  after_complete_block();
}

void Machine::complete_block() {
  auto block = decode_block(state_.proposal_parts->assemble());
  // Nobody but the proposer is to blame, and the prevote will say so.
  if (!block.ok() || !block->header.validators_hash) return;
  const Hash256 hash = header_hash(*crypto_, block->header);
  state_.proposal_block = std::make_shared<const ProposedBlock>(std::move(block).value(), hash);
  note(Note::kCompleteProposal);
}

/// Whether the block is the one that two thirds decided in a round which this node has left since.
bool Machine::was_decided_before() const {
  if (state_.commit_round < 0 || state_.step == Step::kCommit || !state_.proposal_block) {
    return false;
  }
  const auto& decision = state_.votes->find(state_.commit_round, VoteType::kPrecommit)->majority();
  return hashes_to(state_.proposal_block, decision->hash) &&
         has_header(state_.proposal_parts, decision->parts);
}

void Machine::after_complete_block() {
  // Stock forgets the decision when the others' precommits take it on to another round.
  if (was_decided_before()) return enter_commit(state_.commit_round);
  const std::optional<BlockId> polka = state_.votes->prevotes(state_.round)->majority();
  if (polka && !polka->is_nil() && state_.valid.round < state_.round &&
      hashes_to(state_.proposal_block, polka->hash)) {
    state_.valid = {state_.round, state_.proposal_block, state_.proposal_parts};
  }
  if (state_.step <= Step::kPropose && is_proposal_complete()) {
    enter_prevote(state_.round);
    if (polka) enter_precommit(state_.round);
  } else if (state_.step == Step::kCommit) {
    try_finalize();
  }
}

}  // namespace buri::consensus::engine
