#include "node/consensus/engine/vote_set.hpp"

#include <algorithm>
#include <tuple>

namespace buri::consensus::engine {

std::string_view describe(VoteStanding standing) {
  switch (standing) {
    case VoteStanding::kNew:
      return "not here yet";
    case VoteStanding::kKnown:
      return "here already";
    case VoteStanding::kOtherSignature:
      return "here already with another signature";
    case VoteStanding::kOtherRound:
      return "of another height, round or type";
    case VoteStanding::kUnknownValidator:
      return "of nobody in the validator set";
  }
  return "unknown";
}

bool VoteSet::Less::operator()(const BlockId& a, const BlockId& b) const {
  return std::tie(a.hash, a.parts.total, a.parts.hash) <
         std::tie(b.hash, b.parts.total, b.parts.hash);
}

VoteSet::VoteSet(const VoteSetPlace& place, const ValidatorSet& validators)
    : place_(place),
      validators_(&validators),
      // The total is at most an eighth of the largest number.
      quorum_(validators.total_voting_power() * 2 / 3 + 1),
      votes_(validators.size()),
      voters_(validators.size()) {}

VoteSet::BlockVotes VoteSet::empty_block_votes() const {
  BlockVotes block;
  block.votes.resize(validators_->size());
  block.voters = BitArray(validators_->size());
  return block;
}

VoteStanding VoteSet::look(const Vote& vote) const {
  if (VoteSetPlace{vote.height, vote.round, vote.type} != place_) return VoteStanding::kOtherRound;
  const auto index = static_cast<std::size_t>(vote.validator_index);
  if (vote.validator_index < 0 || index >= validators_->size() ||
      validators_->validators()[index].address != vote.validator_address) {
    return VoteStanding::kUnknownValidator;
  }
  const Vote* known = vote_for(index, vote.block_id);
  if (known == nullptr) return VoteStanding::kNew;
  return known->signature == vote.signature ? VoteStanding::kKnown : VoteStanding::kOtherSignature;
}

VoteAdded VoteSet::add(const Vote& vote) {
  CHECK(look(vote) == VoteStanding::kNew, "a vote was added that a vote set does not want");
  const auto index = static_cast<std::size_t>(vote.validator_index);
  VoteAdded result;
  if (votes_[index]) {
    result.conflict = votes_[index];
    if (majority_ == vote.block_id) votes_[index] = vote;
  } else {
    votes_[index] = vote;
    voters_.set(index);
    power_ += validators_->validators()[index].voting_power;
  }
  result.is_added = count_for_block(vote, result.conflict.has_value());
  return result;
}

/// False for a conflicting vote for a block that no peer claims: two votes of each validator for
/// every block that somebody thinks of would not be bounded.
bool VoteSet::count_for_block(const Vote& vote, bool is_conflict) {
  auto found = blocks_.find(vote.block_id);
  if (is_conflict && (found == blocks_.end() || !found->second.is_claimed)) return false;
  if (found == blocks_.end()) found = blocks_.emplace(vote.block_id, empty_block_votes()).first;
  BlockVotes& block = found->second;
  const auto index = static_cast<std::size_t>(vote.validator_index);
  block.votes[index] = vote;
  block.voters.set(index);
  block.power += validators_->validators()[index].voting_power;
  if (block.power >= quorum_ && !majority_) reach_majority(vote.block_id, block);
  return true;
}

/// Where a validator voted twice, the vote for the majority is the one that a commit needs.
void VoteSet::reach_majority(const BlockId& block_id, const BlockVotes& block) {
  majority_ = block_id;
  for (std::size_t i = 0; i < votes_.size(); ++i) {
    if (block.votes[i]) votes_[i] = block.votes[i];
  }
}

bool VoteSet::claim_majority(const std::string& peer_id, const BlockId& block_id) {
  const auto [claim, is_first] = claims_.emplace(peer_id, block_id);
  if (!is_first) return claim->second == block_id;
  auto found = blocks_.find(block_id);
  if (found == blocks_.end()) found = blocks_.emplace(block_id, empty_block_votes()).first;
  found->second.is_claimed = true;
  return true;
}

const std::string* VoteSet::claimant(const BlockId& block_id) const {
  const auto found =
      std::ranges::find_if(claims_, [&](const auto& claim) { return claim.second == block_id; });
  return found == claims_.end() ? nullptr : &found->first;
}

const Vote* VoteSet::vote(std::size_t index) const {
  return index < votes_.size() && votes_[index] ? &*votes_[index] : nullptr;
}

const Vote* VoteSet::vote_for(std::size_t index, const BlockId& block_id) const {
  const Vote* first = vote(index);
  if (first != nullptr && first->block_id == block_id) return first;
  const auto found = blocks_.find(block_id);
  if (found == blocks_.end() || index >= found->second.votes.size()) return nullptr;
  const std::optional<Vote>& second = found->second.votes[index];
  return second ? &*second : nullptr;
}

const BitArray* VoteSet::voters_for(const BlockId& block_id) const {
  const auto found = blocks_.find(block_id);
  return found == blocks_.end() ? nullptr : &found->second.voters;
}

ExtendedCommitRecord VoteSet::extended_commit() const {
  CHECK(place_.type == VoteType::kPrecommit && majority_ && !majority_->is_nil(),
        "a commit was made of votes that decide no block");
  ExtendedCommitRecord commit{place_.height, place_.round, *majority_, {}};
  for (const std::optional<Vote>& vote : votes_) {
    ExtendedCommitSig& entry = commit.signatures.emplace_back();
    const bool is_for_other = vote && !vote->block_id.is_nil() && vote->block_id != *majority_;
    if (!vote || is_for_other) continue;
    entry.vote = {vote->block_id.is_nil() ? BlockIdFlag::kNil : BlockIdFlag::kCommit,
                  vote->validator_address, vote->timestamp, vote->signature};
    entry.extension = vote->extension;
    entry.extension_signature = vote->extension_signature;
    entry.non_rp_extension = vote->non_rp_extension;
    entry.non_rp_signature = vote->non_rp_signature;
  }
  return commit;
}

}  // namespace buri::consensus::engine
