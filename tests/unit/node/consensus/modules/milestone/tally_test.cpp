#include "node/consensus/modules/milestone/tally.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/node/consensus/modules/world.hpp"

namespace buri::consensus::modules::milestone {
namespace {

using enum protocol::HeimdallFork;

/// A vote with its proposition.
struct Vote {
  Address validator;
  MilestoneProposition proposition;
};

/// Points into `votes`. Equal propositions are shared or stand apart: that must not matter.
std::vector<PropositionVote> counted(const std::vector<Vote>& votes, bool is_shared) {
  std::vector<PropositionVote> result;
  for (const Vote& vote : votes) {
    const auto first = std::ranges::find(votes, vote.proposition, &Vote::proposition);
    result.push_back({vote.validator, is_shared ? &first->proposition : &vote.proposition});
  }
  return result;
}

stake::IndexedSet judges_of(const World& world) {
  return stake::IndexedSet::create(world.set()).value();
}

/// Blocks `start` and on; each byte names a block by hash, its difficulty is 100 more.
Vote vote_of(std::uint64_t validator, std::uint64_t start, const std::vector<std::uint8_t>& blocks,
             Bytes parent = {}) {
  Vote vote{.validator = address_of(validator), .proposition = {}};
  vote.proposition.start_block_number = start;
  vote.proposition.parent_hash = std::move(parent);
  for (const std::uint8_t block : blocks) {
    vote.proposition.block_hashes.push_back(hash_of(block));
    vote.proposition.block_tds.push_back(100U + block);
  }
  return vote;
}

class MilestoneTally : public ::testing::Test {
 protected:
  std::optional<Agreement> agree(std::int64_t height, const std::vector<Vote>& votes,
                                 std::int64_t needed) {
    const auto judges = judges_of(world_);
    const auto context = world_.at(height);
    auto agreed = agree_on_range(context, judges, counted(votes, true), needed, last_);
    EXPECT_TRUE(agreed.ok()) << agreed.error().log;
    EXPECT_EQ(agree_on_range(context, judges, counted(votes, false), needed, last_).value(),
              agreed.value());
    return agreed.ok() ? *agreed : std::nullopt;
  }

  World world_{{100, 100, 100, 100}};
  std::optional<Milestone> last_;
  /// The need of two thirds and of one.
  static constexpr std::int64_t kTwoThirds = 267;
  static constexpr std::int64_t kThird = 134;
};

TEST_F(MilestoneTally, TakesTheBlocksThatTwoThirdsShare) {
  const auto agreed =
      agree(1, {vote_of(1, 0, {1, 2, 3}), vote_of(2, 0, {1, 2, 3, 4}), vote_of(3, 0, {1, 2, 3, 4})},
            kTwoThirds);
  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed->proposition.start_block_number, 0U);
  EXPECT_EQ(agreed->proposition.block_hashes, (std::vector{hash_of(1), hash_of(2), hash_of(3)}));
  EXPECT_EQ(agreed->proposition.block_tds, (std::vector<std::uint64_t>{101, 102, 103}));
  EXPECT_EQ(agreed->supporters, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_TRUE(agreed->proposition.parent_hash.empty());
}

TEST_F(MilestoneTally, CountsAHashWithAnotherDifficultyAsAnotherVote) {
  std::vector votes{vote_of(1, 0, {1}), vote_of(2, 0, {1}), vote_of(3, 0, {1})};
  EXPECT_TRUE(agree(1, votes, kTwoThirds));
  votes[2].proposition.block_tds[0] = 7;
  EXPECT_FALSE(agree(1, votes, kTwoThirds));
}

TEST_F(MilestoneTally, CountsTheFirstVoteOfAValidatorOnly) {
  EXPECT_FALSE(agree(1, {vote_of(1, 0, {1}), vote_of(2, 0, {1}), vote_of(2, 0, {1})}, kTwoThirds));
}

TEST_F(MilestoneTally, NeedsSupportersOfTheWholeRange) {
  // Each block has two thirds, but no two thirds name both.
  EXPECT_FALSE(agree(
      1,
      {vote_of(1, 0, {1, 2}), vote_of(2, 0, {1, 2}), vote_of(3, 0, {1, 9}), vote_of(4, 0, {8, 2})},
      kTwoThirds));
}

TEST_F(MilestoneTally, OrdersSupportersByPowerThenAddress) {
  World world({50, 300, 50, 50});
  const std::vector votes{vote_of(1, 0, {1}), vote_of(2, 0, {1}), vote_of(3, 0, {1})};
  const auto agreed =
      agree_on_range(world.at(1), judges_of(world), counted(votes, true), 300, std::nullopt);
  ASSERT_TRUE(agreed.ok() && *agreed);
  EXPECT_EQ((*agreed)->proposer, signer_of(2));
  EXPECT_EQ((*agreed)->supporters_hash.size(), 32U);
  // Equal powers: the smaller text comes first.
  const auto tied = agree(1, {vote_of(1, 0, {1}), vote_of(2, 0, {1}), vote_of(3, 0, {1})}, 300);
  ASSERT_TRUE(tied);
  EXPECT_EQ(tied->proposer, std::min({signer_of(1), signer_of(2), signer_of(3)}));
}

TEST_F(MilestoneTally, BreaksATieByTheSmallerVote) {
  for (const bool is_reversed : {false, true}) {
    std::vector votes{vote_of(1, 0, {7}), vote_of(2, 0, {7}), vote_of(3, 0, {6}),
                      vote_of(4, 0, {6})};
    if (is_reversed) std::ranges::reverse(votes);
    const auto agreed = agree(1, votes, kThird);
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->proposition.block_hashes.front(), hash_of(6));
  }
}

TEST_F(MilestoneTally, BeginsBehindTheLastMilestone) {
  const Bytes parent = hash_of(0xAA);
  last_ = Milestone{.end_block = 9, .hash = parent};
  struct Case {
    std::uint64_t start;
    std::vector<std::uint8_t> blocks;
    std::optional<std::uint64_t> agreed_start;
    std::size_t agreed_blocks;
  };
  for (const Case& one : {Case{10, {1, 2}, 10, 2},       // follows
                          Case{8, {1, 2, 3, 4}, 10, 2},  // overlaps
                          Case{12, {1, 2}, 12, 2},       // jumps
                          Case{8, {1, 2}, std::nullopt, 0}}) {
    SCOPED_TRACE(one.start);
    const auto agreed =
        agree(1,
              {vote_of(1, one.start, one.blocks, parent), vote_of(2, one.start, one.blocks, parent),
               vote_of(3, one.start, one.blocks, parent)},
              kTwoThirds);
    ASSERT_EQ(agreed.has_value(), one.agreed_start.has_value());
    if (!agreed) continue;
    EXPECT_EQ(agreed->proposition.start_block_number, *one.agreed_start);
    EXPECT_EQ(agreed->proposition.block_hashes.size(), one.agreed_blocks);
  }
}

TEST_F(MilestoneTally, StopsAtAGap) {
  last_ = Milestone{.end_block = 9, .hash = hash_of(0xAA)};
  const auto agreed =
      agree(1,
            {vote_of(1, 10, {1, 2, 3}, hash_of(0xAA)), vote_of(2, 10, {1, 9, 3}, hash_of(0xAA)),
             vote_of(3, 10, {1, 8, 3}, hash_of(0xAA))},
            kTwoThirds);
  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed->proposition.block_hashes.size(), 1U);
}

TEST_F(MilestoneTally, RefusesAnotherParentInEveryEra) {
  last_ = Milestone{.end_block = 9, .hash = hash_of(0xAA)};
  world_.set_fork(kZurich, 10);
  world_.set_fork(kIthaca, 20);
  for (const std::int64_t height : {9, 10, 19, 20}) {
    SCOPED_TRACE(height);
    const auto votes_under = [](std::uint8_t parent) {
      return std::vector{vote_of(1, 10, {1}, hash_of(parent)), vote_of(2, 10, {1}, hash_of(parent)),
                         vote_of(3, 10, {1}, hash_of(parent))};
    };
    EXPECT_TRUE(agree(height, votes_under(0xAA), kTwoThirds));
    EXPECT_FALSE(agree(height, votes_under(0xAB), kTwoThirds));
  }
}

/// A third proposes from an earlier block under another parent: from Ithaca on the block that the
/// milestone starts with decides whose parent counts, before the first block with enough power.
TEST_F(MilestoneTally, JudgesTheParentByTheStartFromIthaca) {
  last_ = Milestone{.end_block = 9, .hash = hash_of(0xAA)};
  world_.set_fork(kIthaca, 20);
  const std::vector votes{
      vote_of(1, 9, {5, 1, 2}, hash_of(0xBB)), vote_of(2, 9, {5, 1, 2}, hash_of(0xBB)),
      vote_of(3, 10, {1, 2, 3}, hash_of(0xAA)), vote_of(4, 10, {1, 2, 3}, hash_of(0xAA))};
  EXPECT_FALSE(agree(19, votes, kThird));
  const auto agreed = agree(20, votes, kThird);
  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed->proposition.start_block_number, 10U);
  EXPECT_EQ(agreed->proposition.block_hashes.size(), 3U);
  EXPECT_EQ(agreed->supporters, (std::vector<std::uint64_t>{3, 4}));
}

TEST_F(MilestoneTally, DropsSupportersWithAnotherParentFromKyoto) {
  last_ = Milestone{.end_block = 9, .hash = hash_of(0xAA)};
  world_.set_fork(kIthaca, 10);
  world_.set_fork(kKyoto, 20);
  std::vector votes{vote_of(1, 10, {1}, hash_of(0xAA)), vote_of(2, 10, {1}, hash_of(0xAA)),
                    vote_of(3, 10, {1}, hash_of(0xAA)), vote_of(4, 10, {1}, hash_of(0xBB))};
  EXPECT_EQ(agree(19, votes, kTwoThirds)->supporters, (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_EQ(agree(20, votes, kTwoThirds)->supporters, (std::vector<std::uint64_t>{1, 2, 3}));
  // Without a milestone the parent must be empty.
  last_.reset();
  for (Vote& vote : votes) vote.proposition.start_block_number = 0;
  for (std::size_t i = 0; i < 3; ++i) votes[i].proposition.parent_hash.clear();
  EXPECT_EQ(agree(20, votes, kTwoThirds)->supporters, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(MilestoneTally, TreatsUnknownValidatorsByTheForksOfTheHeight) {
  world_.set_fork(kDisableValSetCheck, 10);
  world_.set_fork(kTallyFix, 20);
  const std::vector votes{vote_of(9, 0, {1}), vote_of(1, 0, {1}), vote_of(2, 0, {1}),
                          vote_of(3, 0, {1})};
  for (const auto& [height, is_fatal] : std::vector<std::pair<std::int64_t, bool>>{
           {9, true}, {10, false}, {19, false}, {20, true}}) {
    SCOPED_TRACE(height);
    const auto agreed = agree_on_range(world_.at(height), judges_of(world_), counted(votes, true),
                                       kTwoThirds, std::nullopt);
    EXPECT_EQ(agreed.ok(), !is_fatal);
    if (agreed.ok()) {
      EXPECT_TRUE(agreed->has_value());
    }
  }
}

TEST_F(MilestoneTally, ExpandsCompactParentsOfTheHeightBefore) {
  last_ = Milestone{.end_block = 9, .hash = hash_of(0xAA)};
  world_.set_fork(kIthaca, 0);
  world_.set_fork(kKyoto, 0);
  world_.set_fork(kCompactVoteExtension, 20);
  const Bytes front(8, 0xAA);
  const std::vector votes{vote_of(1, 10, {1}, front), vote_of(2, 10, {1}, front),
                          vote_of(3, 10, {1}, front), vote_of(4, 10, {1}, Bytes(8, 0xAB))};
  EXPECT_FALSE(agree(20, votes, kTwoThirds));
  EXPECT_EQ(agree(21, votes, kTwoThirds)->supporters, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(MilestoneTally, FailsOnMissingDifficulties) {
  Vote vote = vote_of(1, 0, {1, 2});
  vote.proposition.block_tds.pop_back();
  const std::vector votes{vote};
  const auto agreed =
      agree_on_range(world_.at(1), judges_of(world_), counted(votes, true), kThird, std::nullopt);
  ASSERT_FALSE(agreed.ok());
  EXPECT_TRUE(agreed.error().is_panic());
}

Vote head_vote(std::uint64_t validator, std::uint64_t number, std::uint8_t hash) {
  Vote vote = vote_of(validator, 0, {1});
  vote.proposition.latest_block_number = number;
  vote.proposition.latest_block_hash = hash_of(hash);
  return vote;
}

TEST(AgreedHead, IsTheOneWithTheMostPower) {
  World world({100, 100, 100, 150});
  const auto agree = [&](const std::vector<Vote>& votes, std::int64_t needed) {
    return agree_on_head(world.at(1), judges_of(world), counted(votes, true), needed, 50).value();
  };
  const AgreedHead low{20, hash_of(2)};
  EXPECT_EQ(agree({head_vote(1, 20, 2), head_vote(2, 20, 2), head_vote(4, 30, 3)}, 101), low);
  // A higher head needs the power, not the height; one beyond the runway does not count at all.
  EXPECT_EQ(agree({head_vote(1, 20, 2), head_vote(2, 51, 3), head_vote(4, 51, 3)}, 100), low);
  EXPECT_FALSE(agree({head_vote(1, 20, 2), head_vote(2, 21, 2)}, 101));
  // A head without a whole hash is none.
  std::vector votes{head_vote(4, 20, 2)};
  votes[0].proposition.latest_block_hash.resize(31);
  EXPECT_FALSE(agree(votes, 100));
}

TEST(AgreedHead, BreaksATieByTheLittleEndianNumberAndHash) {
  World world({100, 100});
  const std::vector votes{head_vote(1, 0x0100, 1), head_vote(2, 0x00FF, 1)};
  const auto agreed =
      agree_on_head(world.at(1), judges_of(world), counted(votes, true), 100, 1000).value();
  EXPECT_EQ(agreed, (AgreedHead{0x0100, hash_of(1)}));
}

TEST(AgreedHead, IsTheTailWhereACompactPropositionLeavesItOut) {
  World world({100});
  world.set_fork(kCompactVoteExtension, 20);
  std::vector votes{vote_of(1, 5, {1, 2})};
  votes[0].proposition.latest_block_number = 6;
  const auto agree = [&](std::int64_t height) {
    return agree_on_head(world.at(height), judges_of(world), counted(votes, true), 100, 100)
        .value();
  };
  EXPECT_FALSE(agree(20));
  EXPECT_EQ(agree(21), (AgreedHead{6, hash_of(2)}));
}

}  // namespace
}  // namespace buri::consensus::modules::milestone
