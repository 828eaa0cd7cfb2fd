#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "node/consensus/engine/duplicate_vote.hpp"
#include "node/consensus/engine/machine.hpp"

/// How votes come in: looked up first, those that are news checked as one batch, extensions shown
/// to the application, then added; a vote that contradicts another is evidence.

namespace buri::consensus::engine {

void Machine::receive(MessagesArrived arrived) {
  const std::vector<MaybeVerdict> verdicts = check_together(arrived.messages);
  for (std::size_t i = 0; i < arrived.messages.size(); ++i) {
    if (is_halted_) return;
    if (is_blocked()) {
      // The rest stays in front of what arrived later; its signatures are remembered.
      arrived.messages.erase(arrived.messages.begin(),
                             arrived.messages.begin() + static_cast<std::ptrdiff_t>(i));
      Event rest = std::move(arrived);
      keep_for_later(std::move(rest));
      if (inbox_.size() > 1) std::rotate(inbox_.begin(), inbox_.end() - 1, inbox_.end());
      return;
    }
    receive_message(arrived.messages[i], verdicts[i]);
  }
}

void Machine::receive_message(const MessageArrived& arrived, MaybeVerdict verdict) {
  if (arrived.peer_id.empty()) forget_replayed(arrived.message);
  if (const auto* vote = std::get_if<Vote>(&arrived.message)) {
    receive_vote(*vote, arrived.peer_id, verdict);
  } else if (const auto* proposal = std::get_if<Proposal>(&arrived.message)) {
    receive_proposal(*proposal, arrived.peer_id);
  } else if (const auto* part = std::get_if<BlockPart>(&arrived.message)) {
    receive_part(*part, arrived.peer_id);
  } else if (const auto* claim = std::get_if<VoteSetMaj23>(&arrived.message)) {
    receive_claim(*claim, arrived.peer_id);
  }
}

/// The set that a vote would go to now, if it is wanted at all. With a peer's name its round is
/// opened where the peer may open it.
VoteSet* Machine::set_of(const Vote& vote, const std::string* peer_id) {
  if (vote.height == state_.height) {
    return peer_id != nullptr ? state_.votes->set_for(vote, *peer_id)
                              : state_.votes->find(vote.round, vote.type);
  }
  const bool is_late_precommit = vote.height + 1 == state_.height &&
                                 vote.type == VoteType::kPrecommit &&
                                 state_.step == Step::kNewHeight && state_.last_commit;
  return is_late_precommit ? &*state_.last_commit : nullptr;
}

/// The signatures of all votes that are news, in one batch for each of the two heights.
std::vector<Machine::MaybeVerdict> Machine::check_together(
    const std::vector<MessageArrived>& messages) {
  std::vector<MaybeVerdict> verdicts(messages.size());
  for (const std::int64_t height : {state_.height, state_.height - 1}) {
    std::vector<Vote> votes;
    std::vector<std::size_t> places;
    const ValidatorSet* validators = nullptr;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const auto* vote = std::get_if<Vote>(&messages[i].message);
      if (vote == nullptr || vote->height != height) continue;
      const VoteSet* set = set_of(*vote, nullptr);
      if (set == nullptr || set->look(*vote) != VoteStanding::kNew) continue;
      validators = &set->validators();
      votes.push_back(*vote);
      places.push_back(i);
    }
    if (votes.empty()) continue;
    const auto extensions = chain_.has_extensions(height) ? SignatureChecker::Extensions::kOn
                                                          : SignatureChecker::Extensions::kOff;
    const auto checked = signatures_->check_votes(votes, *validators, extensions);
    for (std::size_t i = 0; i < places.size(); ++i) verdicts[places[i]] = checked[i];
  }
  return verdicts;
}

void Machine::count_if_late(const Vote& vote) {
  if (std::tie(vote.height, vote.round) >= std::tie(state_.height, state_.round)) return;
  ++(vote.type == VoteType::kPrevote ? state_.intake.late_prevotes : state_.intake.late_precommits);
}

void Machine::receive_vote(const Vote& vote, const std::string& peer_id, MaybeVerdict verdict) {
  count_if_late(vote);
  VoteSet* set = set_of(vote, &peer_id);
  if (set == nullptr) {
    // Of another height, or too late: nobody's fault.
    if (vote.height == state_.height) peer_erred(peer_id, "a vote of a round far ahead");
    return;
  }
  const VoteStanding standing = set->look(vote);
  if (standing == VoteStanding::kUnknownValidator) {
    return peer_erred(peer_id, std::string(describe(standing)));
  }
  if (standing == VoteStanding::kKnown) ++state_.intake.duplicate_votes;
  if (standing != VoteStanding::kNew) return;
  if (!verdict) {
    const std::vector<MessageArrived> alone{{vote, peer_id}};
    verdict = check_together(alone)[0];
  }
  if (verdict != VoteVerdict::kGood) {
    return peer_erred(peer_id, std::string(describe(verdict.value_or(VoteVerdict::kSignature))));
  }
  if (application_must_see(vote)) return ask_about(vote, peer_id);
  add_vote(*set, vote, peer_id);
}

/// Late precommits go in unseen, and the node's own were made by the application.
bool Machine::application_must_see(const Vote& vote) const {
  return vote.height == state_.height && vote.type == VoteType::kPrecommit &&
         !vote.block_id.is_nil() && chain_.has_extensions(vote.height) &&
         options_.validator != vote.validator_address;
}

void Machine::ask_about(const Vote& vote, const std::string& peer_id) {
  const auto count = std::ranges::count_if(pending_, [&](const PendingVote& pending) {
    return pending.vote.validator_index == vote.validator_index && pending.vote.round == vote.round;
  });
  const bool is_asked = std::ranges::any_of(
      pending_, [&](const PendingVote& pending) { return pending.vote == vote; });
  if (is_asked) ++state_.intake.duplicate_votes;
  if (is_asked || static_cast<std::size_t>(count) >= kMaxPendingVotes) return;
  pending_.push_back({ask(), vote, peer_id});
  emit(AskVoteVerdict{pending_.back().id, vote});
}

void Machine::answer(const VoteJudged& judged) {
  const auto found = std::ranges::find(pending_, judged.id, &PendingVote::id);
  if (found == pending_.end()) return;
  const PendingVote pending = std::move(*found);
  pending_.erase(found);
  if (!judged.is_accepted) {
    return peer_erred(pending.peer_id, "a precommit whose extensions the application refuses");
  }
  // Meanwhile the vote may have come otherwise, or the height may have ended.
  VoteSet* set = set_of(pending.vote, &pending.peer_id);
  if (set == nullptr || set->look(pending.vote) != VoteStanding::kNew) return;
  add_vote(*set, pending.vote, pending.peer_id);
}

/// A second vote of a validator counts because a peer claims the majority for its block. Without
/// that claim a replay would not count it, and might forget a lock which such a vote led to.
void Machine::log_vote(const VoteSet& set, const Vote& vote, const std::string& peer_id) {
  const bool is_second = set.vote(static_cast<std::size_t>(vote.validator_index)) != nullptr;
  const std::string* claimant = is_second ? set.claimant(vote.block_id) : nullptr;
  if (claimant != nullptr) {
    const VoteSetMaj23 claim{vote.height, vote.round, vote.type, vote.block_id};
    write(MessageArrived{claim, *claimant}, false);
  }
  write(MessageArrived{vote, peer_id}, false);
}

void Machine::add_vote(VoteSet& set, const Vote& vote, const std::string& peer_id) {
  if (!peer_id.empty()) log_vote(set, vote, peer_id);
  const VoteAdded added = set.add(vote);
  if (added.conflict) remember_conflict(*added.conflict, vote);
  if (!added.is_added) return;
  emit(Announce{HasVote{vote.height, vote.round, vote.type, vote.validator_index}});
  emit(Noted{Note::kVoteAdded, vote.height, vote.round, state_.step, {}, vote});
  if (vote.height != state_.height) {
    if (options_.skips_commit_wait && state_.last_commit->has_all()) enter_new_round(0);
  } else if (vote.type == VoteType::kPrevote) {
    after_prevote(vote.round);
  } else {
    after_precommit(vote.round);
  }
}

/// Evidence names the time of the block that its height decides, so that it has to wait for that.
void Machine::remember_conflict(const Vote& first, const Vote& second) {
  if (options_.validator == first.validator_address) return note(Note::kOwnConflict);
  const bool is_known = std::ranges::any_of(conflicts_, [&](const Conflict& conflict) {
    return conflict.first.height == first.height && conflict.first.round == first.round &&
           conflict.first.type == first.type &&
           conflict.first.validator_index == first.validator_index;
  });
  if (is_known) return;
  conflicts_.push_back({first, second});
  if (first.height != state_.height) {
    report_conflicts(first.height, chain_.last_time, chain_.last_validators);
  }
}

void Machine::report_conflicts(std::int64_t height, const Timestamp& time,
                               const ValidatorSet& validators) {
  for (const Conflict& conflict : conflicts_) {
    if (conflict.first.height != height) continue;
    const auto evidence = make_duplicate_vote(conflict.first, conflict.second, time, validators);
    if (evidence) emit(ReportEvidence{encode_duplicate_vote(*evidence)});
  }
  std::erase_if(conflicts_,
                [&](const Conflict& conflict) { return conflict.first.height <= height; });
}

/// A peer says which block has the majority, and is told who voted for it.
void Machine::receive_claim(const VoteSetMaj23& claim, const std::string& peer_id) {
  if (claim.height != state_.height) return;
  VoteSet* set = state_.votes->find(claim.round, claim.type);
  if (set == nullptr) return;
  if (!set->claim_majority(peer_id, claim.block_id)) {
    return peer_erred(peer_id, "two blocks claimed to have the majority of one round", true);
  }
  const BitArray* voters = set->voters_for(claim.block_id);
  emit(Answer{peer_id, VoteSetBits{claim.height, claim.round, claim.type, claim.block_id,
                                   voters != nullptr ? *voters : BitArray()}});
}

}  // namespace buri::consensus::engine
