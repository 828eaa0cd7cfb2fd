#include "node/consensus/metrics/round_metrics.hpp"

#include <algorithm>
#include <utility>

#include "node/consensus/engine/times.hpp"

namespace buri::consensus::metrics {
namespace {

using engine::Note;
using engine::RoundState;
using engine::Step;
using engine::VoteSet;
using engine::VoteType;

constexpr std::string_view kStepPrefix = "RoundStep";
constexpr std::string_view kNewHeight = "NewHeight";
constexpr std::string_view kCommit = "Commit";

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

double share(std::int64_t power, std::int64_t total) {
  return total > 0 ? static_cast<double>(power) / static_cast<double>(total) : 0;
}

/// All votes of a round, the earliest first.
std::vector<const engine::Vote*> by_time(const VoteSet& set) {
  std::vector<const engine::Vote*> votes;
  for (std::size_t i = 0; i < set.validators().size(); ++i) {
    const engine::Vote* vote = set.vote(i);
    if (vote != nullptr) votes.push_back(vote);
  }
  std::ranges::sort(votes, [](const engine::Vote* a, const engine::Vote* b) {
    return engine::nanos_between(a->timestamp, b->timestamp) > 0;
  });
  return votes;
}

/// The vote with which more than two thirds of the power had voted, by the votes' own times; null
/// if they have not.
const engine::Vote* quorum_vote(const VoteSet& set, std::span<const engine::Vote* const> votes) {
  const auto validators = set.validators().validators();
  std::int64_t power = 0;
  for (const engine::Vote* vote : votes) {
    power += validators[static_cast<std::size_t>(vote->validator_index)].voting_power;
    if (power >= set.validators().total_voting_power() * 2 / 3 + 1) return vote;
  }
  return nullptr;
}

std::string_view kind_name(host::OwnMessageKind kind) {
  switch (kind) {
    case host::OwnMessageKind::kProposal:
      return "proposal";
    case host::OwnMessageKind::kPrevote:
      return "prevote";
    case host::OwnMessageKind::kPrecommit:
      return "precommit";
  }
  return "unknown";
}

void add_difference(Counter& counter, std::uint64_t before, std::uint64_t now) {
  counter.add(now - before);
}

}  // namespace

RoundMetrics::RoundMetrics(Metrics& registry, const StockNames& names, const Clock& clock)
    : make_(registry, names),
      clock_(&clock),
      height_(make_.gauge("consensus_height", "The height that consensus works on.")),
      rounds_(make_.gauge("consensus_rounds", "The round that the node is in, from 0 on.")),
      round_seconds_(make_.histogram("consensus_round_duration_seconds", "How long rounds took.",
                                     round_second_bounds())),
      prevote_power_(make_.gauge("consensus_round_voting_power_percent",
                                 "The share of the power whose votes of this round are here, "
                                 "from 0 to 1.",
                                 {{"vote_type", "prevote"}})),
      precommit_power_(make_.gauge("consensus_round_voting_power_percent",
                                   "The share of the power whose votes of this round are here, "
                                   "from 0 to 1.",
                                   {{"vote_type", "precommit"}})),
      late_prevotes_(make_.counter("consensus_late_votes",
                                   "Votes of a height or round that the node had left.",
                                   {{"vote_type", "prevote"}})),
      late_precommits_(make_.counter("consensus_late_votes",
                                     "Votes of a height or round that the node had left.",
                                     {{"vote_type", "precommit"}})),
      duplicate_votes_(make_.counter("consensus_duplicate_vote", "Votes that were here already.")),
      parts_of_block_(make_.counter("consensus_block_gossip_parts_received",
                                    "Block parts, by whether they are of the block that the node "
                                    "gathers.",
                                    {{"matches_current", "true"}})),
      other_parts_(make_.counter("consensus_block_gossip_parts_received",
                                 "Block parts, by whether they are of the block that the node "
                                 "gathers.",
                                 {{"matches_current", "false"}})),
      duplicate_parts_(
          make_.counter("consensus_duplicate_block_part", "Block parts that were here already.")),
      precommits_counted_(make_.gauge("consensus_precommits_counted",
                                      "Precommits of a round whose wait for more was over.")),
      precommits_share_(make_.gauge("consensus_precommits_staking_percentage",
                                    "The share of the power behind them, from 0 to 1.")),
      refused_signatures_(registry.counter("buri_signer_refusals_total",
                                           "Requests to the signer that brought no signature.")),
      registry_(&registry) {}

void RoundMetrics::enter(Place place) {
  if (place_ == place) return;
  const MonotonicTime now = clock_->monotonic();
  if (place_) {
    make_
        .histogram("consensus_step_duration_seconds", "How long steps took.", round_second_bounds(),
                   {{"step", place_->step}})
        .observe(seconds(now - step_began_));
  }
  place_ = std::move(place);
  step_began_ = now;
}

void RoundMetrics::step_entered(const engine::StepEntered& step, const RoundState& state) {
  std::string_view name = step.step;
  if (name.starts_with(kStepPrefix)) name.remove_prefix(kStepPrefix.size());
  take_intake(state.intake);
  if (name == kNewHeight) end_round();
  if (name == kCommit && step.height == state.height) measure_decision(state);
  enter({step.height, step.round, std::string(name)});
  height_.set(static_cast<double>(step.height));
}

void RoundMetrics::noted(const engine::Noted& note, const RoundState& state) {
  take_intake(state.intake);
  if (note.note == Note::kNewRound) begin_round(note);
  if (note.note == Note::kVoteAdded && note.vote) count_vote(*note.vote, state);
  if (note.note == Note::kTimeoutWait && note.step >= Step::kPrecommit) {
    measure_precommits(note, state);
  }
}

/// Stock measures from the height's first round on and observes at each round's beginning, which
/// makes 0 of most rounds; here each is observed once it is over.
void RoundMetrics::end_round() {
  if (round_began_) round_seconds_.observe(seconds(clock_->monotonic() - *round_began_));
  round_began_.reset();
}

void RoundMetrics::begin_round(const engine::Noted& note) {
  end_round();
  round_began_ = clock_->monotonic();
  enter({note.height, note.round, "NewRound"});
  rounds_.set(note.round);
  prevote_power_.set(0);
  precommit_power_.set(0);
}

void RoundMetrics::count_vote(const engine::Vote& vote, const RoundState& state) {
  if (vote.height != state.height || vote.round != state.round) return;
  const VoteSet* set = state.votes->find(vote.round, vote.type);
  if (set == nullptr) return;
  Gauge& gauge = vote.type == VoteType::kPrevote ? prevote_power_ : precommit_power_;
  gauge.set(share(set->power(), set->validators().total_voting_power()));
}

/// How long after the proposal the votes were cast that decided, by their own times.
void RoundMetrics::measure_decision(const RoundState& state) {
  if (!state.proposal || !state.votes || !state.rotation) return;
  const MetricLabels labels{{"proposer_address", address_label(state.proposer().address)}};
  const auto delay = [&](const engine::Vote& vote) {
    return seconds(
        std::chrono::nanoseconds(engine::nanos_between(state.proposal->timestamp, vote.timestamp)));
  };
  if (const VoteSet* set = state.votes->find(state.round, VoteType::kPrevote)) {
    const auto votes = by_time(*set);
    if (const engine::Vote* vote = quorum_vote(*set, votes)) {
      make_
          .gauge("consensus_quorum_prevote_delay",
                 "Seconds from the proposal's time to that of the prevote that made two thirds.",
                 labels)
          .set(delay(*vote));
    }
    if (set->has_all() && !votes.empty()) {
      make_
          .gauge("consensus_full_prevote_delay",
                 "Seconds from the proposal's time to that of the last prevote, where all voted.",
                 labels)
          .set(delay(*votes.back()));
    }
  }
  if (const VoteSet* set = state.votes->find(state.round, VoteType::kPrecommit)) {
    if (const engine::Vote* vote = quorum_vote(*set, by_time(*set))) {
      make_
          .gauge("consensus_quorum_precommit_delay",
                 "Seconds from the proposal's time to that of the precommit that made two thirds.",
                 labels)
          .set(delay(*vote));
    }
  }
}

void RoundMetrics::measure_precommits(const engine::Noted& note, const RoundState& state) {
  if (note.height != state.height || !state.votes) return;
  const VoteSet* set = state.votes->find(note.round, VoteType::kPrecommit);
  if (set == nullptr) return;
  precommits_counted_.set(static_cast<double>(by_time(*set).size()));
  precommits_share_.set(share(set->power(), set->validators().total_voting_power()));
}

void RoundMetrics::take_intake(const engine::IntakeCounts& now) {
  // After a time of block sync another machine counts, from 0 on.
  const bool is_new =
      now.late_prevotes < intake_.late_prevotes || now.late_precommits < intake_.late_precommits ||
      now.duplicate_votes < intake_.duplicate_votes ||
      now.parts_of_block < intake_.parts_of_block || now.other_parts < intake_.other_parts ||
      now.duplicate_parts < intake_.duplicate_parts;
  if (is_new) intake_ = {};
  add_difference(late_prevotes_, intake_.late_prevotes, now.late_prevotes);
  add_difference(late_precommits_, intake_.late_precommits, now.late_precommits);
  add_difference(duplicate_votes_, intake_.duplicate_votes, now.duplicate_votes);
  add_difference(parts_of_block_, intake_.parts_of_block, now.parts_of_block);
  add_difference(other_parts_, intake_.other_parts, now.other_parts);
  add_difference(duplicate_parts_, intake_.duplicate_parts, now.duplicate_parts);
  intake_ = now;
}

void RoundMetrics::signed_own(const host::OwnSignature& outcome) {
  if (!outcome.is_signed) return refused_signatures_.add();
  registry_
      ->histogram("buri_signer_request_seconds",
                  "From a request to the signer to its signature, by what was signed.",
                  {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2},
                  {{"message", std::string(kind_name(outcome.kind))}})
      .observe(seconds(outcome.took));
}

}  // namespace buri::consensus::metrics
