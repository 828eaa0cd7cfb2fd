#include "node/consensus/engine/peer_round.hpp"

#include <tuple>

namespace buri::consensus::engine {
namespace {

void set_if_inside(std::optional<BitArray>& bits, std::size_t index) {
  if (bits && index < bits->size()) bits->set(index);
}

}  // namespace

void PeerRound::apply(const NewRoundStep& told) {
  if (std::tuple(told.height, told.round, told.step) <= std::tuple(height_, round_, step_)) return;
  const bool is_new_height = told.height != height_;
  const bool is_new_round = is_new_height || told.round != round_;
  // Where the peer was when its height was decided, its precommits are the next last commit.
  const bool is_next = height_ + 1 == told.height && round_ == told.last_commit_round;
  auto last_precommits = is_next ? precommits_ : std::nullopt;
  if (is_new_round) enter_round(told);
  if (is_new_height) enter_height(told, std::move(last_precommits));
  height_ = told.height;
  round_ = told.round;
  step_ = told.step;
}

void PeerRound::enter_round(const NewRoundStep& told) {
  if (catch_up_round_ == round_) catch_up_ = precommits_;
  has_proposal_ = false;
  awaits_pol_ = false;
  parts_header_ = {};
  parts_.reset();
  pol_round_ = -1;
  pol_.reset();
  prevotes_.reset();
  precommits_.reset();
  if (told.height == height_ && told.round == catch_up_round_) precommits_ = catch_up_;
}

void PeerRound::enter_height(const NewRoundStep& told, std::optional<BitArray> last_precommits) {
  last_commit_round_ = told.last_commit_round;
  last_commit_ = std::move(last_precommits);
  catch_up_round_ = -1;
  catch_up_.reset();
}

void PeerRound::apply(const NewValidBlock& told) {
  if (told.height != height_ || (told.round != round_ && !told.is_commit)) return;
  parts_header_ = told.parts;
  parts_ = told.present;
}

void PeerRound::apply(const ProposalPol& told) {
  if (told.height == height_ && told.pol_round == pol_round_) pol_ = told.prevotes;
}

void PeerRound::apply(const HasVote& told) {
  if (told.height != height_) return;
  auto* bits = find(told.height, told.round, told.type);
  if (bits != nullptr) set_if_inside(*bits, static_cast<std::size_t>(told.index));
}

void PeerRound::apply(const VoteSetBits& told, const BitArray* own) {
  auto* known = find(told.height, told.round, told.type);
  if (known == nullptr || !*known) return;
  BitArray& bits = **known;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const bool is_judged = own == nullptr || own->get(i);
    bits.set(i, told.votes.get(i) || (!is_judged && bits.get(i)));
  }
}

void PeerRound::has(const Proposal& proposal) {
  if (proposal.height != height_ || proposal.round != round_ || has_proposal_) return;
  // No basic check bounds this number; whoever takes in the proposal drops the peer for it.
  if (proposal.block_id.parts.total > kMaxParts) return;
  has_proposal_ = true;
  if (parts_) return;  // of a valid block that it spoke of before
  parts_header_ = proposal.block_id.parts;
  parts_.emplace(parts_header_.total);
  pol_round_ = proposal.pol_round;
  pol_.reset();
}

void PeerRound::has(const BlockPart& part) {
  if (part.height == height_ && part.round == round_) set_if_inside(parts_, part.part.index);
}

void PeerRound::has(const Vote& vote) {
  auto* bits = find(vote.height, vote.round, vote.type);
  if (bits != nullptr) set_if_inside(*bits, static_cast<std::size_t>(vote.validator_index));
}

void PeerRound::was_sent(const Message& message) {
  if (const auto* proposal = std::get_if<Proposal>(&message)) {
    has(*proposal);
    awaits_pol_ = proposal->pol_round >= 0;
  } else if (const auto* part = std::get_if<BlockPart>(&message)) {
    // It may say this node's round: what matters to the peer is the set that the part belongs to.
    if (part->height == height_) set_if_inside(parts_, part->part.index);
  } else if (const auto* vote = std::get_if<Vote>(&message)) {
    has(*vote);
  } else if (std::holds_alternative<ProposalPol>(message)) {
    awaits_pol_ = false;
  }
}

void PeerRound::make_places(std::int64_t height, std::size_t validators) {
  const auto make = [&](std::optional<BitArray>& bits) {
    if (!bits) bits.emplace(validators);
  };
  if (height_ == height) {
    make(prevotes_);
    make(precommits_);
    make(catch_up_);
    make(pol_);
  } else if (height_ == height + 1) {
    make(last_commit_);
  }
}

void PeerRound::make_places(const PartSetHeader& parts) {
  if (parts_) return;
  parts_header_ = parts;
  parts_.emplace(parts.total);
}

void PeerRound::catch_up(std::int64_t height, std::int32_t round, std::size_t validators) {
  if (height_ != height || catch_up_round_ == round) return;
  catch_up_round_ = round;
  catch_up_.emplace(validators);
}

std::optional<BitArray>* PeerRound::find(std::int64_t height, std::int32_t round, VoteType type) {
  const bool is_prevote = type == VoteType::kPrevote;
  if (height == height_) {
    if (round == round_) return is_prevote ? &prevotes_ : &precommits_;
    if (round == catch_up_round_) return is_prevote ? nullptr : &catch_up_;
    if (round == pol_round_) return is_prevote ? &pol_ : nullptr;
    return nullptr;
  }
  const bool is_last_commit = height + 1 == height_ && round == last_commit_round_ && !is_prevote;
  return is_last_commit ? &last_commit_ : nullptr;
}

const BitArray* PeerRound::votes(std::int64_t height, std::int32_t round, VoteType type) const {
  const auto* bits = const_cast<PeerRound*>(this)->find(height, round, type);
  return bits != nullptr && *bits ? &**bits : nullptr;
}

}  // namespace buri::consensus::engine
