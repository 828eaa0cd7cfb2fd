#include <fmt/format.h>

#include "node/consensus/engine/machine.hpp"

/// A block is decided, executed, and the next height begins.

namespace buri::consensus::engine {

void Machine::enter_commit(std::int32_t round) {
  if (state_.step >= Step::kCommit || is_halted_) return;
  const BlockId decision = *state_.votes->precommits(round)->majority();
  if (hashes_to(state_.locked.block, decision.hash)) {
    state_.proposal_block = state_.locked.block;
    state_.proposal_parts = state_.locked.parts;
  }
  // One block may be cut in two ways by a proposer who wants to divide: only the decided way
  // counts.
  const bool is_fetching_anew = !has_header(state_.proposal_parts, decision.parts);
  if (is_fetching_anew) {
    state_.proposal_block = nullptr;
    want_parts(decision.parts);
  }
  state_.commit_round = round;
  state_.commit_time = now_;
  new_step(state_.round, Step::kCommit);
  if (is_fetching_anew && state_.proposal_parts) {
    note(Note::kValidBlock);
    announce_parts(true);
  }
  try_finalize();
}

void Machine::try_finalize() {
  if (is_applying_ || is_halted_) return;
  const BlockId decision = *state_.votes->precommits(state_.commit_round)->majority();
  const bool is_here = hashes_to(state_.proposal_block, decision.hash) &&
                       has_header(state_.proposal_parts, decision.parts) &&
                       state_.proposal_parts->is_complete();
  if (is_here) finalize(decision);
}

void Machine::finalize(const BlockId& block_id) {
  if (const auto& fault = fault_of(state_.proposal_block)) {
    return halt("two thirds decided a block that is invalid here: " + describe(*fault));
  }
  // The stock node stops here; but what is decided is decided, and only the clock is wrong.
  if (is_too_late(*state_.proposal_block)) note(Note::kClockBehind);
  emit(SaveBlock{state_.proposal_block, state_.proposal_parts,
                 state_.votes->precommits(state_.commit_round)->extended_commit()});
  emit(ApplyBlock{state_.proposal_block, block_id});
  is_applying_ = true;
}

void Machine::answer(const BlockApplied& applied) {
  if (!is_applying_) return;
  const Header& header = state_.proposal_block->block.header;
  const BlockId block_id = *state_.votes->precommits(state_.commit_round)->majority();
  auto next = chain_.after(header, block_id, applied.outcome);
  if (!next.ok()) {
    return halt(fmt::format("the application's validator changes of height {} do not fit: {}",
                            header.height, describe(next.error())));
  }
  chain_ = std::move(next).value();
  is_applying_ = false;
  // Of a crash that loses it begin() writes it again: nothing of the next height is signed before.
  write(HeightEnded{header.height}, false);
  report_conflicts(header.height, header.time, chain_.last_validators);
  std::optional<VoteSet> precommits = std::move(*state_.votes->precommits(state_.commit_round));
  start_height(std::move(precommits), state_.validators);
  schedule_first_round();
  if (options_.skips_commit_wait && state_.last_commit->has_all()) enter_new_round(0);
}

void Machine::advance(const ChainAdvanced& advanced) {
  if (advanced.chain.last_height <= chain_.last_height) return;
  const auto last_validators = std::make_shared<const ValidatorSet>(advanced.chain.last_validators);
  auto votes =
      last_commit_set(*signatures_, advanced.chain, *last_validators, advanced.last_commit);
  if (!votes.ok()) return halt("block sync went ahead without a proof: " + votes.error());
  chain_ = advanced.chain;
  conflicts_.clear();
  write(HeightEnded{chain_.last_height}, true);
  state_.commit_time = now_;
  start_height(std::move(votes).value(), last_validators);
  schedule_first_round();
}

void Machine::start_height(std::optional<VoteSet> last_commit,
                           std::shared_ptr<const ValidatorSet> last_validators) {
  // The old votes go before the validators that they point to.
  state_.votes.reset();
  state_.last_commit = std::move(last_commit);
  state_.last_validators = std::move(last_validators);
  state_.height = chain_.next_height();
  state_.validators = std::make_shared<const ValidatorSet>(chain_.validators);
  state_.rotation = chain_.validators;
  state_.proposal.reset();
  state_.proposal_block = nullptr;
  state_.proposal_parts = nullptr;
  state_.locked = {};
  state_.valid = {};
  state_.votes.emplace(state_.height, *state_.validators);
  state_.commit_round = -1;
  state_.has_precommit_timeout = false;
  state_.start_time = plus_nanos(state_.commit_time.value_or(now_), options_.commit_ns);
  checked_block_ = nullptr;
  pending_.clear();
  forget_old_heights();
  new_step(0, Step::kNewHeight);
}

Result<VoteSet, std::string> Machine::last_commit_set(SignatureChecker& signatures,
                                                      const ChainState& chain,
                                                      const ValidatorSet& validators,
                                                      const ExtendedCommitRecord& commit) {
  const bool is_right = commit.height == chain.last_height &&
                        commit.block_id == chain.last_block_id &&
                        commit.signatures.size() == validators.size();
  if (!is_right) return Failure{fmt::format("a commit that is not block {}'s", chain.last_height)};
  for (const ExtendedCommitSig& entry : commit.signatures) {
    if (entry.vote.flag != BlockIdFlag::kAbsent && !entry.vote.validator_address) {
      return Failure{std::string("an entry of the last commit has no address")};
    }
  }
  VoteSet set({commit.height, commit.round, VoteType::kPrecommit}, validators);
  const std::vector<Vote> votes = votes_of(commit);
  for (const Vote& vote : votes) {
    if (set.look(vote) == VoteStanding::kNew) continue;
    return Failure{fmt::format("entry {} of the last commit is {}", vote.validator_index,
                               describe(set.look(vote)))};
  }
  const auto extensions = chain.has_extensions(commit.height) ? SignatureChecker::Extensions::kOn
                                                              : SignatureChecker::Extensions::kOff;
  const auto verdicts = signatures.check_votes(votes, validators, extensions);
  for (std::size_t i = 0; i < votes.size(); ++i) {
    if (verdicts[i] != VoteVerdict::kGood) {
      return Failure{fmt::format("entry {} of the last commit is {}", votes[i].validator_index,
                                 describe(verdicts[i]))};
    }
    set.add(votes[i]);
  }
  if (set.majority() != commit.block_id) {
    return Failure{std::string("the last commit has no two thirds of the power")};
  }
  return set;
}

}  // namespace buri::consensus::engine
