#include "node/consensus/engine/machine.hpp"

/// Prevote and precommit: what the node votes for, and how long it waits for the others.

namespace buri::consensus::engine {

void Machine::enter_prevote(std::int32_t round) {
  const bool is_past = state_.round == round && state_.step >= Step::kPrevote;
  if (round < state_.round || is_past || is_halted_) return;
  cast_prevote();
  new_step(round, Step::kPrevote);
}

/// The locked block, whatever is proposed; else the proposal, if rules and application accept it.
void Machine::cast_prevote() {
  if (state_.locked.block) {
    return cast_vote(VoteType::kPrevote, {state_.locked.block->hash, state_.locked.parts->header()},
                     nullptr);
  }
  if (!state_.proposal_block) return cast_vote(VoteType::kPrevote, {}, nullptr);
  std::optional<std::string> refusal;
  if (const auto& fault = fault_of(state_.proposal_block)) {
    refusal = describe(*fault);
  } else if (is_too_late(*state_.proposal_block)) {
    refusal = "its time is too far ahead of this node's clock";
  }
  if (refusal) {
    note(Note::kBlockRefused, std::move(*refusal));
    return cast_vote(VoteType::kPrevote, {}, nullptr);
  }
  cast_vote(VoteType::kPrevote, {state_.proposal_block->hash, state_.proposal_parts->header()},
            state_.proposal_block);
}

/// The first broken rule of a block; each block is checked once.
const std::optional<BlockFault>& Machine::fault_of(const ProposedBlockPtr& block) {
  if (checked_block_ == block) return checked_fault_;
  checked_block_ = block;
  checked_fault_.reset();
  const auto checked = check_block(*crypto_, *signatures_, chain_, block->block);
  if (!checked.ok()) checked_fault_ = checked.error();
  return checked_fault_;
}

bool Machine::is_too_late(const ProposedBlock& block) const {
  return block.block.header.time >= plus_nanos(now_, options_.block_time_tolerance_ns);
}

void Machine::enter_prevote_wait(std::int32_t round) {
  const bool is_past = state_.round == round && state_.step >= Step::kPrevoteWait;
  if (round < state_.round || is_past || is_halted_) return;
  schedule(options_.prevote.in(round), round, Step::kPrevoteWait);
  new_step(round, Step::kPrevoteWait);
}

void Machine::enter_precommit(std::int32_t round) {
  const bool is_past = state_.round == round && state_.step >= Step::kPrecommit;
  if (round < state_.round || is_past || is_halted_) return;
  cast_precommit(round);
  if (!is_halted_) new_step(round, Step::kPrecommit);
}

/// Locks by the round's polka and precommits its block; without one, or without its block, nil.
void Machine::cast_precommit(std::int32_t round) {
  const std::optional<BlockId> polka = state_.votes->prevotes(round)->majority();
  if (!polka) return cast_vote(VoteType::kPrecommit, {}, nullptr);
  note(Note::kPolka);
  if (polka->is_nil()) {
    if (state_.locked.block) unlock();
    return cast_vote(VoteType::kPrecommit, {}, nullptr);
  }
  if (hashes_to(state_.locked.block, polka->hash)) {
    state_.locked.round = round;
    note(Note::kRelock);
    return cast_vote(VoteType::kPrecommit, *polka, state_.locked.block);
  }
  if (hashes_to(state_.proposal_block, polka->hash)) {
    if (const auto& fault = fault_of(state_.proposal_block)) {
      return halt("two thirds prevoted for a block that is invalid here: " + describe(*fault));
    }
    state_.locked = {round, state_.proposal_block, state_.proposal_parts};
    note(Note::kLock);
    return cast_vote(VoteType::kPrecommit, *polka, state_.proposal_block);
  }
  // The polka that frees the node from its lock is for a block that has yet to be fetched.
  unlock();
  if (!has_header(state_.proposal_parts, polka->parts)) {
    state_.proposal_block = nullptr;
    want_parts(polka->parts);
  }
  cast_vote(VoteType::kPrecommit, {}, nullptr);
}

void Machine::enter_precommit_wait(std::int32_t round) {
  const bool is_past = state_.round == round && state_.has_precommit_timeout;
  if (round < state_.round || is_past || is_halted_) return;
  schedule(options_.precommit.in(round), round, Step::kPrecommitWait);
  state_.has_precommit_timeout = true;
  new_step(state_.round, state_.step);
}

}  // namespace buri::consensus::engine
