#include "node/consensus/modules/bor/producers.hpp"

#include <algorithm>

#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::bor {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;

using Ids = std::vector<std::uint64_t>;

Outcome<stake::ValidatorSet> current_set(const Context& context) {
  return stake::Keeper().set(context, stake::SetKind::kCurrent);
}

/// a * b as the stock daemon's 64-bit integers have it.
std::int64_t product(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

/// The power that a voter's list counts with; 0 if it does not count.
Outcome<std::int64_t> power_of_voter(const Context& context, const stake::ValidatorSet& set,
                                     std::uint64_t id) {
  if (context.forks().counts_members_votes_only(context.height())) {
    const auto member = std::ranges::find(set.validators, id, &stake::Validator::val_id);
    return member == set.validators.end() ? 0 : member->voting_power;
  }
  ASSIGN_OR_RETURN(const auto record, stake::Keeper().by_id(context, id));
  return record ? record->voting_power : 0;
}

using Scores = std::map<std::uint64_t, std::int64_t>;

void add_scores(Scores& scores, const ProducerVotes& list, std::size_t set_size,
                std::int64_t power) {
  for (std::size_t i = 0; i < std::min(list.votes.size(), set_size); ++i) {
    scores[list.votes[i]] += product(static_cast<std::int64_t>(set_size - i), power);
  }
}

Outcome<Scores> scores_of(const Context& context, const stake::ValidatorSet& set) {
  Scores scores;
  ASSIGN_OR_RETURN(auto entries, context.store(runtime::StoreId::kBor).iterate(votes_range()));
  while (entries.valid()) {
    ASSIGN_OR_RETURN(const std::uint64_t voter, runtime::read_number(entries.key().subspan(1)));
    const auto list = codec::decode<ProducerVotes>(entries.value());
    if (!list.ok()) return Failure{runtime::fatal("stored votes do not decode")};
    ASSIGN_OR_RETURN(const std::int64_t power, power_of_voter(context, set, voter));
    if (power > 0) add_scores(scores, *list, set.validators.size(), power);
    RETURN_IF_ERROR(entries.next());
  }
  return scores;
}

/// What the producer at a place, from 1, must have: two thirds of what all votes would give there.
/// Beyond the size of the set that falls below one.
std::int64_t needed_score(std::size_t set_size, std::size_t place, std::int64_t total_power) {
  const auto weight = static_cast<std::int64_t>(set_size - place + 1);
  return product(product(weight, total_power), 2) / 3 + 1;
}

Ids without(const Ids& ids, const Producers& excluded) {
  Ids left;
  std::ranges::copy_if(ids, std::back_inserter(left),
                       [&](std::uint64_t id) { return !excluded.contains(id); });
  return left;
}

/// From Ithaca on only members of the current set with power are left.
Outcome<Ids> with_power(const Context& context, Ids ids) {
  if (!context.forks().requires_producer_power(context.height())) return ids;
  ASSIGN_OR_RETURN(const stake::ValidatorSet set, current_set(context));
  std::erase_if(ids, [&](std::uint64_t id) {
    const auto member = std::ranges::find(set.validators, id, &stake::Validator::val_id);
    return member == set.validators.end() || member->voting_power <= 0;
  });
  return ids;
}

/// Supporters, else any member, ascending; each with power and neither current nor excluded.
Outcome<Ids> last_resort(const Context& context, const SpanPlan& plan) {
  Producers barred = plan.excluded;
  barred.insert(plan.current_producer);
  ASSIGN_OR_RETURN(Ids ids,
                   with_power(context, without({plan.active.begin(), plan.active.end()}, barred)));
  if (!ids.empty()) return ids;
  ASSIGN_OR_RETURN(const stake::ValidatorSet set, current_set(context));
  for (const stake::Validator& member : set.validators) ids.push_back(member.val_id);
  std::ranges::sort(ids);
  return with_power(context, without(ids, barred));
}

/// Whom the span may go to, in turn.
Outcome<Ids> eligible_for(const Context& context, const SpanPlan& plan) {
  ASSIGN_OR_RETURN(Ids elected, producer_candidates(context));
  const std::uint64_t limit = context.forks().producer_limit(context.height());
  if (elected.size() > limit) elected.resize(limit);
  Ids eligible = without(elected, plan.excluded);
  std::erase_if(eligible, [&](std::uint64_t id) { return !plan.active.contains(id); });
  ASSIGN_OR_RETURN(eligible, with_power(context, std::move(eligible)));
  if (eligible.empty()) {
    Producers barred = plan.excluded;
    barred.insert(plan.current_producer);
    ASSIGN_OR_RETURN(eligible, with_power(context, without(elected, barred)));
  }
  const bool falls_back =
      plan.may_fall_back && context.forks().falls_back_to_supporters(context.height());
  if (eligible.empty() && falls_back) return last_resort(context, plan);
  return eligible;
}

/// Whether the wanted producer can take the span.
Outcome<bool> is_target_free(const Context& context, const SpanPlan& plan, const Ids& eligible) {
  const std::uint64_t target = plan.target_producer;
  const bool is_named = target != 0 && context.forks().is_downtime_target_open(context.height());
  if (!is_named || target == plan.current_producer) return false;
  if (std::ranges::find(eligible, target) == eligible.end()) return false;
  ASSIGN_OR_RETURN(const bool is_down, Keeper().is_down(context, target, plan.blocks));
  return !is_down;
}

}  // namespace

Outcome<Ids> elected_producers(const Context& context) {
  ASSIGN_OR_RETURN(const stake::ValidatorSet set, current_set(context));
  if (set.validators.empty()) return Ids{};
  ASSIGN_OR_RETURN(const Scores scores, scores_of(context, set));
  std::int64_t total_power = 0;
  for (const stake::Validator& member : set.validators) total_power += member.voting_power;
  if (total_power == 0) return Ids{};
  std::vector<std::pair<std::uint64_t, std::int64_t>> ranked(scores.begin(), scores.end());
  std::ranges::sort(ranked, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  Ids elected;
  const std::size_t limit = context.forks().producer_limit(context.height());
  for (const auto& [id, score] : ranked) {
    const std::size_t place = elected.size() + 1;
    if (place > limit || score < needed_score(set.validators.size(), place, total_power)) break;
    elected.push_back(id);
  }
  return elected;
}

Ids fallback_producers(std::string_view heimdall_chain_id) {
  if (heimdall_chain_id == "heimdallv2-137") return {91, 92, 93, 94};
  if (heimdall_chain_id == "heimdallv2-80002") return {4, 5};
  return {1, 2, 3, 4};
}

Outcome<Ids> producer_candidates(const Context& context) {
  ASSIGN_OR_RETURN(Ids elected, elected_producers(context));
  return elected.empty() ? fallback_producers(context.block().chain_id) : std::move(elected);
}

Outcome<Producers> likely_producers(const Context& context) {
  ASSIGN_OR_RETURN(const Span last, Keeper().last_span(context));
  ASSIGN_OR_RETURN(const Ids candidates, producer_candidates(context));
  const Ids fallback = fallback_producers(context.block().chain_id);
  Producers likely(candidates.begin(), candidates.end());
  likely.insert(fallback.begin(), fallback.end());
  for (const stake::Validator& producer : last.selected_producers) likely.insert(producer.val_id);
  return likely;
}

Outcome<std::uint64_t> next_producer(const Context& context, const SpanPlan& plan) {
  ASSIGN_OR_RETURN(const Ids eligible, eligible_for(context, plan));
  ASSIGN_OR_RETURN(const bool is_target, is_target_free(context, plan, eligible));
  if (is_target) return plan.target_producer;
  if (eligible.empty()) {
    return Failure{plain_error("failed to select producer: no candidates found")};
  }
  const auto current = std::ranges::find(eligible, plan.current_producer);
  const auto first = current == eligible.end()
                         ? std::size_t{0}
                         : static_cast<std::size_t>(current - eligible.begin()) + 1;
  for (std::size_t i = 0; i < eligible.size(); ++i) {
    const std::uint64_t candidate = eligible[(first + i) % eligible.size()];
    ASSIGN_OR_RETURN(const bool is_down, Keeper().is_down(context, candidate, plan.blocks));
    if (!is_down) return candidate;
  }
  return eligible.front();
}

Status<Error> add_producer_span(const Context& context, const SpanPlan& plan) {
  const Keeper keeper;
  ASSIGN_OR_RETURN(const std::uint64_t producer, next_producer(context, plan));
  ASSIGN_OR_RETURN(stake::ValidatorSet set, current_set(context));
  ASSIGN_OR_RETURN(auto record, stake::Keeper().by_id(context, producer));
  if (!record) return Failure{plain_error("collections: not found")};
  if (context.forks().requires_producer_power(context.height()) && record->voting_power <= 0) {
    return Failure{plain_error("producer " + std::to_string(producer) + " has no voting power")};
  }
  ASSIGN_OR_RETURN(const Span last, keeper.last_span(context));
  RETURN_IF_ERROR(keeper.add_span(context, {.id = last.id + 1,
                                            .start_block = plan.blocks.start_block,
                                            .end_block = plan.blocks.end_block,
                                            .validator_set = std::move(set),
                                            .selected_producers = {*std::move(record)},
                                            .bor_chain_id = plan.bor_chain_id}));
  return keeper.set_last_span_height(context, static_cast<std::uint64_t>(context.height()));
}

}  // namespace buri::consensus::modules::bor
