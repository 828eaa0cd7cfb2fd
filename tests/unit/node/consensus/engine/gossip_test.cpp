#include "node/consensus/engine/gossip.hpp"

#include <gtest/gtest.h>

#include <map>

namespace buri::consensus::engine {
namespace {

constexpr std::int64_t kHeight = 5;
constexpr std::int32_t kValidators = 7;

BlockId gossip_block(std::uint8_t name) {
  BlockId id;
  id.hash.emplace().bytes.fill(name);
  id.parts = {3, Hash256{}};
  return id;
}

Vote gossip_vote(std::int64_t height, std::int32_t round, VoteType type, std::int32_t index) {
  Vote vote;
  vote.type = type;
  vote.height = height;
  vote.round = round;
  vote.block_id = gossip_block(0xa);
  vote.validator_address.bytes[0] = static_cast<std::uint8_t>(index + 1);
  vote.validator_index = index;
  vote.signature = Bytes(65, 1);
  return vote;
}

/// Blocks of three parts, all decided in round 2.
class Archive final : public StoredBlocks {
 public:
  [[nodiscard]] std::int64_t base() const override { return base_; }
  [[nodiscard]] std::optional<PartSetHeader> parts_of(std::int64_t height) const override {
    return height < kHeight ? std::optional(blocks_.header()) : std::nullopt;
  }
  [[nodiscard]] std::optional<Part> part(std::int64_t, std::uint32_t index) const override {
    return *blocks_.part(index);
  }
  [[nodiscard]] std::optional<ExtendedCommitRecord> commit(std::int64_t height) const override {
    ExtendedCommitRecord commit{height, 2, gossip_block(0xa), {}};
    for (std::int32_t i = 0; i < kValidators; ++i) {
      ExtendedCommitSig entry;
      entry.vote.flag = i == 3 ? BlockIdFlag::kAbsent : BlockIdFlag::kCommit;
      if (i != 3) {
        entry.vote.validator_address.emplace().bytes[0] = static_cast<std::uint8_t>(i + 1);
      }
      commit.signatures.push_back(entry);
    }
    return commit;
  }

  /// Older blocks are gone.
  void prune_below(std::int64_t height) { base_ = height; }
  [[nodiscard]] const PartSet& blocks() const { return blocks_; }

 private:
  std::int64_t base_ = 1;
  PartSet blocks_ = PartSet::split(Bytes(150'000, 7));
};

class Gossip : public ::testing::Test {
 protected:
  Gossip() {
    std::vector<Validator> validators(kValidators);
    for (std::int32_t i = 0; i < kValidators; ++i) {
      validators[i].address.bytes[0] = static_cast<std::uint8_t>(i + 1);
      validators[i].voting_power = 10;
    }
    own_.validators = std::make_shared<ValidatorSet>(ValidatorSet::restore(validators).value());
    own_.height = kHeight;
    own_.step = Step::kPrevote;
    own_.votes.emplace(kHeight, *own_.validators);
  }

  void add(std::int32_t round, VoteType type, std::int32_t count) {
    for (std::int32_t i = 0; i < count; ++i) {
      own_.votes->find(round, type)->add(gossip_vote(kHeight, round, type, i));
    }
  }
  /// What the peer is sent until nothing is left, each taken note of.
  std::vector<Vote> all_votes() {
    std::vector<Vote> sent;
    while (auto vote = next_vote(own_, peer_, archive_, random_)) {
      peer_.was_sent(*vote);
      sent.push_back(*std::move(vote));
      CHECK(sent.size() < 1000, "no vote is sent twice");
    }
    return sent;
  }
  std::vector<Message> all_data() {
    std::vector<Message> sent;
    while (auto message = next_data(own_, peer_, archive_, random_)) {
      peer_.was_sent(*message);
      sent.push_back(*std::move(message));
      CHECK(sent.size() < 1000, "nothing is sent twice");
    }
    return sent;
  }
  void peer_is_at(std::int64_t height, std::int32_t round, Step step,
                  std::int32_t last_commit_round = 0) {
    peer_.apply(NewRoundStep{height, round, step, 0, last_commit_round});
  }

  SeededRandom random_{3};
  RoundState own_;
  PeerRound peer_;
  Archive archive_;
};

TEST_F(Gossip, APeerThatHasSaidNothingIsSentNothing) {
  add(0, VoteType::kPrevote, 4);
  EXPECT_TRUE(all_votes().empty());
  EXPECT_TRUE(all_data().empty());
}

TEST_F(Gossip, EveryVoteThatAPeerLacksIsSentOnce) {
  add(0, VoteType::kPrevote, 7);
  add(0, VoteType::kPrecommit, 3);
  peer_is_at(kHeight, 0, Step::kPrevote);
  peer_.make_places(kHeight, kValidators);
  peer_.apply(HasVote{kHeight, 0, VoteType::kPrevote, 2});
  peer_.apply(HasVote{kHeight, 0, VoteType::kPrevote, 9999});  // of nobody
  peer_.has(gossip_vote(kHeight, 0, VoteType::kPrecommit, 1));
  const auto sent = all_votes();
  EXPECT_EQ(sent.size(), 6U + 2U);
  for (const Vote& vote : sent) {
    EXPECT_NE(vote.validator_index, vote.type == VoteType::kPrevote ? 2 : 1);
  }
  // Prevotes go first while the peer collects them.
  EXPECT_EQ(sent.front().type, VoteType::kPrevote);
}

TEST_F(Gossip, WhatAPeerSaysOfItsVotesCountsForTheBlockAsked) {
  add(0, VoteType::kPrevote, 7);
  peer_is_at(kHeight, 0, Step::kPrevote);
  EXPECT_EQ(all_votes().size(), 7U);
  // Of those this node has for the block, the peer has but two.
  VoteSetBits bits{kHeight, 0, VoteType::kPrevote, gossip_block(0xa), BitArray(kValidators)};
  bits.votes.set(0);
  bits.votes.set(5);
  const BitArray own = own_.votes->find(0, VoteType::kPrevote)->voters();
  peer_.apply(bits, &own);
  EXPECT_EQ(all_votes().size(), 5U);
}

TEST_F(Gossip, StepsThatLieBehindArePassedOver) {
  peer_is_at(kHeight, 2, Step::kPrecommit);
  peer_is_at(kHeight, 2, Step::kPrevote);
  peer_is_at(kHeight, 1, Step::kCommit);
  EXPECT_EQ(peer_.round(), 2);
  EXPECT_EQ(peer_.step(), Step::kPrecommit);
}

TEST_F(Gossip, AProposalOfTooManyPartsTakesNoMemory) {
  peer_is_at(kHeight, 0, Step::kPropose);
  Proposal proposal;
  proposal.height = kHeight;
  proposal.block_id.parts.total = 0xffffffff;
  peer_.has(proposal);
  EXPECT_FALSE(peer_.has_proposal());
  EXPECT_EQ(peer_.parts(), std::nullopt);
}

TEST_F(Gossip, ProposalThenPartsThenTheProofOfItsLock) {
  own_.votes->enter_round(1);
  own_.round = 1;
  add(0, VoteType::kPrevote, 5);
  own_.proposal_parts = std::make_shared<PartSet>(archive_.blocks());
  own_.proposal.emplace();
  own_.proposal->height = kHeight;
  own_.proposal->round = 1;
  own_.proposal->pol_round = 0;
  own_.proposal->block_id.parts = archive_.blocks().header();
  peer_is_at(kHeight, 1, Step::kPropose);
  const auto sent = all_data();
  ASSERT_EQ(sent.size(), 5U);
  EXPECT_TRUE(std::holds_alternative<Proposal>(sent[0]));
  for (std::size_t i = 1; i < 4; ++i) EXPECT_TRUE(std::holds_alternative<BlockPart>(sent[i]));
  EXPECT_EQ(std::get<ProposalPol>(sent[4]).prevotes.count(), 5U);
  // The prevotes of that round are of use to the peer now.
  EXPECT_EQ(all_votes().size(), 5U);
}

TEST_F(Gossip, ApeerThatDroppedItsPartsSaysSoAndGetsTheRest) {
  own_.proposal_parts = std::make_shared<PartSet>(archive_.blocks());
  peer_is_at(kHeight, 0, Step::kCommit);
  NewValidBlock told{kHeight, 3, archive_.blocks().header(), BitArray(3), true};
  told.present.set(1);
  peer_.apply(told);
  EXPECT_EQ(all_data().size(), 2U);
}

TEST_F(Gossip, APeerOneHeightBehindGetsThePrecommitsThatDecided) {
  own_.last_validators = own_.validators;
  own_.last_commit.emplace(VoteSetPlace{kHeight - 1, 2, VoteType::kPrecommit}, *own_.validators);
  for (std::int32_t i = 0; i < 5; ++i) {
    own_.last_commit->add(gossip_vote(kHeight - 1, 2, VoteType::kPrecommit, i));
  }
  peer_is_at(kHeight - 1, 0, Step::kPrevote);
  EXPECT_EQ(all_votes().size(), 5U);
  EXPECT_EQ(all_data().size(), 3U);
  // It follows: what it was sent as a commit it need not be sent as its last commit.
  peer_is_at(kHeight - 1, 2, Step::kCommit);
  peer_is_at(kHeight, 0, Step::kNewHeight, 2);
  EXPECT_TRUE(all_votes().empty());
}

TEST_F(Gossip, APeerFarBehindGetsStoredPartsAndTheStoredCommit) {
  own_.votes->enter_round(1);
  own_.round = 1;
  peer_is_at(2, 0, Step::kPropose);
  const auto votes = all_votes();
  ASSERT_EQ(votes.size(), 6U);  // one was absent
  for (const Vote& vote : votes) EXPECT_EQ(vote.round, 2);
  const auto parts = all_data();
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(std::get<BlockPart>(parts[0]).height, 2);
  const auto claims = majority_claims(own_, peer_, archive_);
  ASSERT_EQ(claims.size(), 1U);
  EXPECT_EQ(claims[0], (VoteSetMaj23{2, 2, VoteType::kPrecommit, gossip_block(0xa)}));
  // What was pruned cannot be told.
  archive_.prune_below(3);
  peer_ = {};
  peer_is_at(2, 0, Step::kPropose);
  EXPECT_TRUE(all_votes().empty());
  EXPECT_TRUE(all_data().empty());
}

TEST_F(Gossip, MajoritiesOfThePeersRoundAreClaimed) {
  add(0, VoteType::kPrevote, 4);
  peer_is_at(kHeight, 0, Step::kPrevote);
  EXPECT_TRUE(majority_claims(own_, peer_, archive_).empty());
  own_.votes->find(0, VoteType::kPrevote)->add(gossip_vote(kHeight, 0, VoteType::kPrevote, 4));
  const auto claims = majority_claims(own_, peer_, archive_);
  ASSERT_EQ(claims.size(), 1U);
  EXPECT_EQ(claims[0].block_id, gossip_block(0xa));
}

}  // namespace
}  // namespace buri::consensus::engine
