#include "node/consensus/engine/gossip.hpp"

#include "node/consensus/engine/signature_checker.hpp"

namespace buri::consensus::engine {
namespace {

std::optional<std::size_t> random_member(const BitArray& bits, Random& random) {
  const std::size_t count = bits.count();
  if (count == 0) return std::nullopt;
  return bits.nth_set(random.below(count));
}

std::optional<Message> part_of_round(const RoundState& own, const PeerRound& peer, Random& random) {
  if (!peer.parts() || !has_header(own.proposal_parts, peer.parts_header())) return std::nullopt;
  const auto index = random_member(own.proposal_parts->present().minus(*peer.parts()), random);
  if (!index) return std::nullopt;
  return BlockPart{own.height, own.round, *own.proposal_parts->part(*index)};
}

std::optional<Message> stored_part(PeerRound& peer, const StoredBlocks& stored, Random& random) {
  const auto header = stored.parts_of(peer.height());
  if (!header) return std::nullopt;
  peer.make_places(*header);
  // A peer that waits for another block than the decided one learns better from the commit.
  if (peer.parts_header() != *header) return std::nullopt;
  BitArray all(header->total);
  for (std::size_t i = 0; i < all.size(); ++i) all.set(i);
  const auto index = random_member(all.minus(*peer.parts()), random);
  if (!index) return std::nullopt;
  auto part = stored.part(peer.height(), static_cast<std::uint32_t>(*index));
  if (!part) return std::nullopt;
  return BlockPart{peer.height(), peer.round(), *std::move(part)};
}

std::optional<Message> proposal_or_pol(const RoundState& own, const PeerRound& peer) {
  if (!own.proposal) return std::nullopt;
  if (!peer.has_proposal()) return *own.proposal;
  const std::int32_t pol_round = own.proposal->pol_round;
  const VoteSet* pol = own.votes->find(pol_round, VoteType::kPrevote);
  if (!peer.awaits_pol() || pol == nullptr) return std::nullopt;
  return ProposalPol{own.height, pol_round, pol->voters()};
}

std::optional<Vote> vote_of_set(const VoteSet* votes, PeerRound& peer, Random& random) {
  if (votes == nullptr) return std::nullopt;
  const VoteSetPlace& place = votes->place();
  const std::size_t size = votes->voters().size();
  // Precommits that decided are of use to a peer in whatever round it is.
  const bool is_commit = place.type == VoteType::kPrecommit && votes->majority();
  if (is_commit) peer.catch_up(place.height, place.round, size);
  peer.make_places(place.height, size);
  const BitArray* theirs = peer.votes(place.height, place.round, place.type);
  if (theirs == nullptr) return std::nullopt;
  const auto index = random_member(votes->voters().minus(*theirs), random);
  if (!index) return std::nullopt;
  return *votes->vote(*index);
}

std::optional<Vote> vote_of_commit(const ExtendedCommitRecord& commit, PeerRound& peer,
                                   Random& random) {
  const std::size_t size = commit.signatures.size();
  peer.catch_up(commit.height, commit.round, size);
  peer.make_places(commit.height, size);
  const BitArray* theirs = peer.votes(commit.height, commit.round, VoteType::kPrecommit);
  if (theirs == nullptr) return std::nullopt;
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < size; ++i) {
    const bool is_there = commit.signatures[i].vote.flag != BlockIdFlag::kAbsent;
    if (is_there && !theirs->get(i)) missing.push_back(i);
  }
  if (missing.empty()) return std::nullopt;
  return vote_of(commit, missing[random.below(missing.size())]);
}

/// The peer is at this node's height.
std::optional<Vote> vote_of_height(const RoundState& own, PeerRound& peer, Random& random) {
  const auto of = [&](std::int32_t round, VoteType type) {
    return vote_of_set(own.votes->find(round, type), peer, random);
  };
  const VoteSet* last = own.last_commit ? &*own.last_commit : nullptr;
  if (peer.step() == Step::kNewHeight) {
    if (auto vote = vote_of_set(last, peer, random)) return vote;
  }
  const bool is_here = peer.round() != -1 && peer.round() <= own.round;
  const bool has_pol = peer.pol_round() != -1;
  if (is_here && has_pol && peer.step() <= Step::kPropose) {
    if (auto vote = of(peer.pol_round(), VoteType::kPrevote)) return vote;
  }
  if (is_here && peer.step() <= Step::kPrevoteWait) {
    if (auto vote = of(peer.round(), VoteType::kPrevote)) return vote;
  }
  if (is_here && peer.step() <= Step::kPrecommitWait) {
    if (auto vote = of(peer.round(), VoteType::kPrecommit)) return vote;
  }
  if (is_here) {
    if (auto vote = of(peer.round(), VoteType::kPrevote)) return vote;
  }
  return has_pol ? of(peer.pol_round(), VoteType::kPrevote) : std::nullopt;
}

}  // namespace

std::optional<Message> next_data(const RoundState& own, PeerRound& peer, const StoredBlocks& stored,
                                 Random& random) {
  if (auto part = part_of_round(own, peer, random)) return part;
  const std::int64_t base = stored.base();
  const bool is_behind = peer.height() > 0 && peer.height() < own.height;
  if (is_behind && base > 0 && peer.height() >= base) return stored_part(peer, stored, random);
  if (peer.height() != own.height || peer.round() != own.round) return std::nullopt;
  return proposal_or_pol(own, peer);
}

std::optional<Vote> next_vote(const RoundState& own, PeerRound& peer, const StoredBlocks& stored,
                              Random& random) {
  if (peer.height() == own.height) return vote_of_height(own, peer, random);
  if (peer.height() == 0) return std::nullopt;
  if (peer.height() + 1 == own.height && own.last_commit) {
    if (auto vote = vote_of_set(&*own.last_commit, peer, random)) return vote;
  }
  const std::int64_t base = stored.base();
  if (base == 0 || peer.height() < base || peer.height() + 2 > own.height) return std::nullopt;
  const auto commit = stored.commit(peer.height());
  return commit ? vote_of_commit(*commit, peer, random) : std::nullopt;
}

std::vector<VoteSetMaj23> majority_claims(const RoundState& own, const PeerRound& peer,
                                          const StoredBlocks& stored) {
  std::vector<VoteSetMaj23> claims;
  const auto claim = [&](std::int32_t round, VoteType type) {
    const VoteSet* votes = own.votes->find(round, type);
    if (votes == nullptr || !votes->majority()) return;
    claims.push_back({own.height, round, type, *votes->majority()});
  };
  if (peer.height() == own.height) {
    claim(peer.round(), VoteType::kPrevote);
    claim(peer.round(), VoteType::kPrecommit);
    if (peer.pol_round() >= 0) claim(peer.pol_round(), VoteType::kPrevote);
  }
  const bool is_stored = stored.base() > 0 && peer.height() >= stored.base();
  if (peer.catch_up_round() == -1 || !is_stored || peer.height() >= own.height) return claims;
  if (const auto commit = stored.commit(peer.height())) {
    claims.push_back({peer.height(), commit->round, VoteType::kPrecommit, commit->block_id});
  }
  return claims;
}

}  // namespace buri::consensus::engine
