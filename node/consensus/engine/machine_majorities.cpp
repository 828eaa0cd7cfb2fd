#include "node/consensus/engine/machine.hpp"

/// What a vote leads to by the majority that it makes.

namespace buri::consensus::engine {

void Machine::unlock() {
  state_.locked = {};
  note(Note::kUnlock);
}

/// A polka of this round: its block is what to propose again, if it is here; else it is fetched.
void Machine::learn_valid_block(std::int32_t round, const BlockId& block_id) {
  if (hashes_to(state_.proposal_block, block_id.hash)) {
    state_.valid = {round, state_.proposal_block, state_.proposal_parts};
  } else {
    state_.proposal_block = nullptr;
  }
  if (!has_header(state_.proposal_parts, block_id.parts)) want_parts(block_id.parts);
  note(Note::kValidBlock);
  if (!state_.proposal_parts) return;
  announce_parts(state_.step == Step::kCommit);
}

void Machine::after_prevote(std::int32_t round) {
  const VoteSet& prevotes = *state_.votes->prevotes(round);
  if (const std::optional<BlockId> polka = prevotes.majority()) {
    const bool frees = state_.locked.block && state_.locked.round < round &&
                       round <= state_.round && !hashes_to(state_.locked.block, polka->hash);
    if (frees) unlock();
    if (!polka->is_nil() && state_.valid.round < round && round == state_.round) {
      learn_valid_block(round, *polka);
    }
  }
  if (state_.round < round && prevotes.has_two_thirds_any()) {
    enter_new_round(round);
  } else if (state_.round == round && state_.step >= Step::kPrevote) {
    const std::optional<BlockId>& polka = prevotes.majority();
    if (polka && (polka->is_nil() || is_proposal_complete())) {
      enter_precommit(round);
    } else if (prevotes.has_two_thirds_any()) {
      enter_prevote_wait(round);
    }
  } else if (state_.proposal && state_.proposal->pol_round == round && is_proposal_complete()) {
    enter_prevote(state_.round);
  }
}

void Machine::after_precommit(std::int32_t round) {
  const VoteSet& precommits = *state_.votes->precommits(round);
  if (const std::optional<BlockId> decision = precommits.majority()) {
    enter_new_round(round);
    enter_precommit(round);
    if (decision->is_nil()) return enter_precommit_wait(round);
    enter_commit(round);
  } else if (state_.round <= round && precommits.has_two_thirds_any()) {
    enter_new_round(round);
    enter_precommit_wait(round);
  }
}

}  // namespace buri::consensus::engine
