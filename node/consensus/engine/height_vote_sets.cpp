#include "node/consensus/engine/height_vote_sets.hpp"

namespace buri::consensus::engine {

HeightVoteSets::HeightVoteSets(std::int64_t height, const ValidatorSet& validators)
    : height_(height), validators_(&validators) {
  open(0);
}

void HeightVoteSets::open(std::int32_t round) {
  if (rounds_.contains(round)) return;
  rounds_.emplace(round, Round{VoteSet({height_, round, VoteType::kPrevote}, *validators_),
                               VoteSet({height_, round, VoteType::kPrecommit}, *validators_)});
}

void HeightVoteSets::enter_round(std::int32_t round) {
  CHECK(round >= round_, "rounds of a height only go up");
  for (std::int32_t next = round_; next < round; ++next) open(next + 1);
  round_ = round;
  if (round < INT32_MAX) open(round + 1);
}

VoteSet* HeightVoteSets::set_for(const Vote& vote, const std::string& peer_id) {
  CHECK(vote.height == height_, "a vote of another height");
  if (VoteSet* set = find(vote.round, vote.type)) return set;
  std::set<std::int32_t>& opened = opened_[peer_id];
  if (opened.size() >= kRoundsPerPeer) return nullptr;
  opened.insert(vote.round);
  open(vote.round);
  return find(vote.round, vote.type);
}

VoteSet* HeightVoteSets::find(std::int32_t round, VoteType type) {
  return const_cast<VoteSet*>(std::as_const(*this).find(round, type));
}

const VoteSet* HeightVoteSets::find(std::int32_t round, VoteType type) const {
  const auto found = rounds_.find(round);
  if (found == rounds_.end()) return nullptr;
  return type == VoteType::kPrevote ? &found->second.prevotes : &found->second.precommits;
}

std::optional<HeightVoteSets::Polka> HeightVoteSets::latest_polka() const {
  for (auto round = rounds_.rbegin(); round != rounds_.rend(); ++round) {
    if (round->first > round_) continue;
    if (const auto& majority = round->second.prevotes.majority())
      return Polka{round->first, *majority};
  }
  return std::nullopt;
}

}  // namespace buri::consensus::engine
