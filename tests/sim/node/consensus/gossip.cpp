#include "tests/sim/node/consensus/world.hpp"

namespace buri::consensus::sim {

using namespace engine;

namespace {

/// A bounded bag: a link carries so much at a time.
constexpr std::size_t kMostMessages = 12;

void add_missing_votes(const VoteSet& has, const VoteSet* wants, std::vector<Message>& messages) {
  for (std::size_t i = 0; i < has.validators().size(); ++i) {
    const Vote* vote = has.vote(i);
    if (vote == nullptr) continue;
    const bool is_known = wants != nullptr && wants->vote_for(i, vote->block_id) != nullptr;
    if (!is_known) messages.emplace_back(*vote);
  }
  const std::optional<BlockId>& majority = has.majority();
  if (!majority || wants == nullptr || wants->majority()) return;
  const VoteSetPlace& place = has.place();
  messages.emplace_back(VoteSetMaj23{place.height, place.round, place.type, *majority});
  for (std::size_t i = 0; i < has.validators().size(); ++i) {
    const Vote* vote = has.vote_for(i, *majority);
    if (vote != nullptr && wants->vote_for(i, *majority) == nullptr) messages.emplace_back(*vote);
  }
}

void add_missing_parts(const PartSet& has, const RoundState& wants,
                       std::vector<Message>& messages) {
  if (!wants.proposal_parts || wants.proposal_parts->header() != has.header()) return;
  const BitArray missing = has.present().minus(wants.proposal_parts->present());
  for (std::size_t i = 0; i < has.header().total; ++i) {
    if (missing.get(i)) messages.emplace_back(BlockPart{wants.height, wants.round, *has.part(i)});
  }
}

void add_same_height(const RoundState& has, const RoundState& wants,
                     std::vector<Message>& messages) {
  if (has.proposal && !wants.proposal && has.round == wants.round) {
    messages.emplace_back(*has.proposal);
  }
  for (const auto& parts : {has.proposal_parts, has.valid.parts, has.locked.parts}) {
    if (parts) add_missing_parts(*parts, wants, messages);
  }
  for (std::int32_t round = std::max(0, wants.round - 2); round <= has.round + 1; ++round) {
    for (const VoteType type : {VoteType::kPrevote, VoteType::kPrecommit}) {
      const VoteSet* votes = has.votes->find(round, type);
      if (votes != nullptr) add_missing_votes(*votes, wants.votes->find(round, type), messages);
    }
  }
  if (wants.proposal && wants.proposal->pol_round >= 0) {
    const VoteSet* votes = has.votes->find(wants.proposal->pol_round, VoteType::kPrevote);
    const VoteSet* known = wants.votes->find(wants.proposal->pol_round, VoteType::kPrevote);
    if (votes != nullptr) add_missing_votes(*votes, known, messages);
  }
}

}  // namespace

std::vector<Message> missing(const SimNode& from, const SimNode& to, Random& random) {
  std::vector<Message> messages;
  const RoundState& has = from.machine().state();
  const RoundState& wants = to.machine().state();
  if (has.height == wants.height) {
    add_same_height(has, wants, messages);
    if (has.last_commit && wants.last_commit && wants.step == Step::kNewHeight) {
      add_missing_votes(*has.last_commit, &*wants.last_commit, messages);
    }
  } else if (const auto stored = from.store().find(wants.height); stored != from.store().end()) {
    const VoteSet* known = wants.votes->find(stored->second.commit.round, VoteType::kPrecommit);
    if (known != nullptr) {
      messages.emplace_back(VoteSetMaj23{wants.height, stored->second.commit.round,
                                         VoteType::kPrecommit, stored->second.commit.block_id});
    }
    for (const Vote& vote : votes_of(stored->second.commit)) {
      const auto index = static_cast<std::size_t>(vote.validator_index);
      if (known == nullptr || known->vote_for(index, vote.block_id) == nullptr) {
        messages.emplace_back(vote);
      }
    }
    add_missing_parts(*stored->second.parts, wants, messages);
  }
  // Which of them is chance, as it is with the stock node.
  while (messages.size() > kMostMessages) {
    messages[random.below(messages.size())] = std::move(messages.back());
    messages.pop_back();
  }
  return messages;
}

}  // namespace buri::consensus::sim
