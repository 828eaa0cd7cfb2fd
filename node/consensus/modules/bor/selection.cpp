#include "node/consensus/modules/bor/selection.hpp"

#include <algorithm>
#include <limits>

#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/runtime/go_random.hpp"

namespace buri::consensus::modules::bor {
namespace {

using protocol::BorChain;
using runtime::Context;
using runtime::Outcome;
using runtime::plain_error;
using stake::Validator;

/// How many different authors a seed avoids, and how far back they are looked for.
constexpr std::size_t kAvoidedAuthors = 10;
constexpr std::size_t kLookbackSpans = 50;

template <class T>
Outcome<T> asked(Result<T, protocol::FactError> fact) {
  if (!fact.ok()) return Failure{plain_error("Bor does not say")};
  return std::move(fact).value();
}

/// The authors of the latest seeds, back from the one of span `last_id`.
Outcome<std::set<Address>> late_authors(const Context& context, std::uint64_t last_id) {
  std::set<Address> authors;
  for (std::size_t i = 0; i < kLookbackSpans && authors.size() < kAvoidedAuthors; ++i) {
    if (last_id == 0) break;
    ASSIGN_OR_RETURN(const auto author, Keeper().seed_author(context, last_id--));
    if (!author) break;
    authors.insert(*author);
  }
  return authors;
}

/// A block and its author.
struct Candidate {
  std::uint64_t block = 0;
  Address author;
};

Outcome<Candidate> candidate_at(std::uint64_t block, BorChain& bor) {
  ASSIGN_OR_RETURN(const Address author, asked(bor.author(block)));
  return Candidate{block, author};
}

/// Looks from the span's end for a new author, then for one who differs from the last.
Outcome<Candidate> candidate_in(const Context& context, const Span& span, std::uint64_t last_id,
                                BorChain& bor) {
  const Keeper keeper;
  ASSIGN_OR_RETURN(const auto last_author, keeper.seed_author(context, last_id));
  ASSIGN_OR_RETURN(const std::set<Address> avoided, late_authors(context, last_id));
  ASSIGN_OR_RETURN(const Params params, keeper.params(context));
  const bool is_single = span.validator_set.validators.size() == 1;
  std::uint64_t first_other = 0;
  for (std::uint64_t block = span.end_block; block >= span.start_block;
       block -= params.sprint_duration) {
    ASSIGN_OR_RETURN(const Candidate candidate, candidate_at(block, bor));
    if (is_single || !avoided.contains(candidate.author)) return candidate;
    if (first_other == 0 && last_author && candidate.author != *last_author) first_other = block;
    // Going below block 0 asks the stock daemon's Bor for a block that does not exist.
    if (block < params.sprint_duration) return Failure{plain_error("Bor does not say")};
  }
  return candidate_at(first_other == 0 ? span.end_block : first_other, bor);
}

/// A number in [1, limit], each as likely. REQUIRES: limit > 0.
std::uint64_t number_up_to(std::uint64_t limit, runtime::GoRandom& random) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  if (limit <= 1) return limit;
  const std::uint64_t bound = kMax - kMax % limit - 1;
  std::uint64_t number = random.next();
  while (number >= bound) number = random.next();
  return 1 + number % limit;
}

void take_over_powers(std::vector<Validator>& eligible, std::span<const Validator> earlier) {
  if (earlier.empty()) return;
  for (Validator& validator : eligible) {
    validator.voting_power = 0;
    for (const Validator& old : earlier) {
      if (old.val_id == validator.val_id) validator.voting_power = old.voting_power;
    }
  }
}

}  // namespace

Outcome<SpanSeed> seed_of_span(const Context& context, std::uint64_t id, BorChain& bor) {
  const std::uint64_t seed_span_id = id < 2 ? id - 1 : id - 2;
  ASSIGN_OR_RETURN(const Span span, Keeper().span(context, seed_span_id));
  ASSIGN_OR_RETURN(const Candidate chosen,
                   id == 1 ? candidate_at(1, bor) : candidate_in(context, span, id - 1, bor));
  ASSIGN_OR_RETURN(const protocol::BorBlock block, asked(bor.block(chosen.block)));
  return SpanSeed{block.hash, chosen.author};
}

std::vector<std::size_t> draw(std::span<const std::uint64_t> powers, const Hash256& seed,
                              std::uint64_t count) {
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < 8; ++i) start = start << 8 | seed.bytes[i];
  runtime::GoRandom random(static_cast<std::int64_t>(start));
  std::vector<std::uint64_t> sums;
  std::uint64_t total = 0;
  for (const std::uint64_t power : powers) sums.push_back(total += power);
  std::vector<std::size_t> places;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto sum = std::ranges::lower_bound(sums, number_up_to(total, random));
    const auto place = static_cast<std::size_t>(sum - sums.begin());
    places.push_back(std::min(place, sums.size() - 1));
  }
  return places;
}

Outcome<std::vector<Validator>> draw_producers(const Context& context, const Hash256& seed,
                                               std::span<const Validator> earlier) {
  const stake::Keeper validators;
  ASSIGN_OR_RETURN(std::vector<Validator> eligible, validators.current(context, true));
  ASSIGN_OR_RETURN(const Params params, Keeper().params(context));
  if (eligible.size() <= params.producer_count) return eligible;
  take_over_powers(eligible, earlier);
  std::vector<std::uint64_t> powers;
  for (const Validator& validator : eligible) {
    powers.push_back(static_cast<std::uint64_t>(validator.voting_power));
  }
  std::map<std::uint64_t, std::int64_t> draws;
  for (const std::size_t place : draw(powers, seed, params.producer_count)) {
    ++draws[eligible[place].val_id];
  }
  std::vector<Validator> producers;
  for (const auto& [id, times] : draws) {
    ASSIGN_OR_RETURN(auto record, validators.by_id(context, id));
    if (!record) return Failure{plain_error("collections: not found")};
    record->voting_power = times;
    producers.push_back(*std::move(record));
  }
  std::ranges::sort(producers, {}, &Validator::signer);
  return producers;
}

}  // namespace buri::consensus::modules::bor
