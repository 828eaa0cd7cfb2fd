#include "node/consensus/sync/block_pool.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <set>

#include "base/random.hpp"

/// The pool of block sync: tables of its rules, and seeded networks of peers that lie, dawdle and
/// vanish.

namespace buri::consensus::sync {
namespace {

using std::chrono::seconds;

p2p::NodeId peer(std::uint8_t number) {
  p2p::NodeId id;
  id.bytes[0] = number;
  return id;
}

BlockResponse block(std::int64_t height) {
  BlockResponse response;
  response.block.header.height = height;
  return response;
}

class BlockPoolRules : public ::testing::Test {
 protected:
  MonotonicTime at(std::int64_t second) const { return MonotonicTime(seconds(second)); }
  std::size_t asked_of(const std::vector<PoolRequest>& requests, const p2p::NodeId& id) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(requests, [&](const auto& one) { return one.peer == id; }));
  }
  BlockPoolOptions options_{.window_heights = 64, .patience = seconds(30)};
  BlockPool pool_{1, options_};
};

TEST_F(BlockPoolRules, APeerIsAskedForTwentyBlocksAtMostAndEachOnlyOnce) {
  pool_.peer_reports(peer(1), 1, 1000, at(0));
  const auto requests = pool_.requests(at(0));
  ASSERT_EQ(requests.size(), 20U);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(requests[i], (PoolRequest{peer(1), static_cast<std::int64_t>(i) + 1}));
  }
  EXPECT_TRUE(pool_.requests(at(0)).empty());
  EXPECT_TRUE(pool_.add(peer(1), block(1), 100));
  EXPECT_EQ(pool_.requests(at(1)), (std::vector{PoolRequest{peer(1), 21}}));
}

TEST_F(BlockPoolRules, RequestsAreSpreadOverPeersThatHaveTheBlock) {
  pool_.peer_reports(peer(1), 1, 10, at(0));
  pool_.peer_reports(peer(2), 6, 12, at(0));
  const auto requests = pool_.requests(at(0));
  EXPECT_EQ(requests.size(), 12U);
  for (const auto& one : requests) {
    if (one.height < 6) EXPECT_EQ(one.peer, peer(1));
    if (one.height > 10) EXPECT_EQ(one.peer, peer(2));
  }
  EXPECT_GE(asked_of(requests, peer(2)), 5U);
}

TEST_F(BlockPoolRules, NothingIsAskedBehindTheWindow) {
  for (std::uint8_t i = 1; i <= 9; ++i) pool_.peer_reports(peer(i), 1, 1'000'000, at(0));
  EXPECT_EQ(pool_.requests(at(0)).size(), 64U);
}

TEST_F(BlockPoolRules, AnAnswerThatNobodyAskedForIsAFault) {
  pool_.peer_reports(peer(1), 1, 10, at(0));
  EXPECT_FALSE(pool_.add(peer(1), block(1), 1));
  static_cast<void>(pool_.requests(at(0)));
  EXPECT_FALSE(pool_.add(peer(2), block(1), 1));
  EXPECT_TRUE(pool_.add(peer(1), block(1), 1));
  EXPECT_FALSE(pool_.add(peer(1), block(1), 1));
  EXPECT_FALSE(pool_.lacks(peer(1), 11, at(0)));
}

TEST_F(BlockPoolRules, AClaimOfManyBlocksCostsOnePatience) {
  pool_.peer_reports(peer(1), 1, 5, at(0));
  pool_.peer_reports(peer(2), 1, 1'000'000'000'000'000, at(0));
  for (const auto& one : pool_.requests(at(0))) {
    if (one.peer == peer(1)) EXPECT_TRUE(pool_.add(peer(1), block(one.height), 1));
  }
  EXPECT_FALSE(pool_.is_caught_up());
  EXPECT_TRUE(pool_.expire(at(29)).empty());
  const auto late = pool_.expire(at(31));
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].peer, peer(2));
  EXPECT_EQ(pool_.highest_claim(), 5);
  // It may say what it likes: for a minute nobody listens.
  pool_.peer_reports(peer(2), 1, 1'000'000'000'000'000, at(31));
  EXPECT_EQ(pool_.highest_claim(), 5);
  for (const auto& one : pool_.requests(at(31))) {
    EXPECT_EQ(one.peer, peer(1));
    EXPECT_TRUE(pool_.add(peer(1), block(one.height), 1));
  }
  while (pool_.ready(2).size() == 2) pool_.take_first();
  EXPECT_EQ(pool_.next_height(), 5);
  EXPECT_TRUE(pool_.is_caught_up());
}

TEST_F(BlockPoolRules, APeerThatLacksABlockIsNotAskedForItAndHigherOnesForAWhile) {
  pool_.peer_reports(peer(1), 1, 10, at(0));
  static_cast<void>(pool_.requests(at(0)));
  for (std::int64_t height = 4; height <= 10; ++height) {
    EXPECT_TRUE(pool_.lacks(peer(1), height, at(1)));
  }
  EXPECT_EQ(pool_.highest_claim(), 3);
  EXPECT_TRUE(pool_.requests(at(2)).empty());
  pool_.peer_reports(peer(1), 1, 10, at(2));
  EXPECT_EQ(pool_.highest_claim(), 3);
  pool_.peer_reports(peer(1), 1, 10, at(61));
  EXPECT_EQ(pool_.highest_claim(), 10);
  EXPECT_EQ(pool_.requests(at(61)).size(), 7U);
}

TEST_F(BlockPoolRules, OfAPairThatDoesNotFitThoseToBlameGo) {
  const std::vector<std::pair<Blame, std::set<p2p::NodeId>>> cases{
      {Blame::kBoth, {peer(1), peer(2)}}, {Blame::kFirst, {peer(1)}}, {Blame::kSecond, {peer(2)}}};
  for (const auto& [blame, gone] : cases) {
    BlockPool pool(1, options_);
    pool.peer_reports(peer(1), 1, 1, at(0));
    pool.peer_reports(peer(2), 2, 5, at(0));
    for (const auto& one : pool.requests(at(0))) {
      EXPECT_TRUE(pool.add(one.peer, block(one.height), 10));
    }
    std::set<p2p::NodeId> faulty;
    for (const PoolFault& fault : pool.reject_first(blame, at(1))) faulty.insert(fault.peer);
    EXPECT_EQ(faulty, gone);
    EXPECT_EQ(pool.held_bytes(), gone.contains(peer(2)) ? (gone.size() == 2 ? 0U : 10U) : 40U);
    pool.peer_reports(peer(3), 1, 5, at(1));
    EXPECT_EQ(asked_of(pool.requests(at(1)), peer(3)), gone.size() == 2         ? 5U
                                                       : gone.contains(peer(1)) ? 1U
                                                                                : 4U);
  }
}

/// Whoever withholds the next block gains nothing by sending others.
TEST_F(BlockPoolRules, APeerThatWithholdsABlockGoesInItsTimeWhateverElseItSends) {
  pool_.peer_reports(peer(1), 1, 1000, at(0));
  std::int64_t gone_at = 0;
  for (std::int64_t second = 0; second < 300 && gone_at == 0; ++second) {
    for (const auto& one : pool_.requests(at(second))) {
      if (one.height == 1) continue;
      EXPECT_TRUE(pool_.add(peer(1), block(one.height), 100'000));
      break;
    }
    if (!pool_.expire(at(second)).empty()) gone_at = second;
  }
  EXPECT_EQ(gone_at, 31) << "its patience, and what 1 KiB takes";
}

TEST_F(BlockPoolRules, ABlockThatIsLateAtTheFrontIsAskedOfASecondPeer) {
  pool_.peer_reports(peer(1), 1, 3, at(0));
  EXPECT_EQ(pool_.requests(at(0)).size(), 3U);
  pool_.peer_reports(peer(2), 1, 3, at(0));
  EXPECT_TRUE(pool_.requests(at(1)).empty());
  EXPECT_TRUE(pool_.add(peer(1), block(1), 10));
  EXPECT_EQ(pool_.requests(at(2)), (std::vector<PoolRequest>{{peer(2), 2}, {peer(2), 3}}));
  EXPECT_TRUE(pool_.requests(at(3)).empty()) << "two are enough";
  EXPECT_TRUE(pool_.add(peer(2), block(2), 10));
  EXPECT_TRUE(pool_.add(peer(1), block(2), 10)) << "late and no fault";
  EXPECT_EQ(pool_.held_bytes(), 20U);
  EXPECT_TRUE(pool_.add(peer(2), block(3), 10));
  // The first one still owes block 3.
  const auto late = pool_.expire(at(31));
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].peer, peer(1));
}

TEST_F(BlockPoolRules, WhatIsFarFromTheFrontIsNotAskedTwice) {
  pool_.peer_reports(peer(1), 55, 64, at(0));
  EXPECT_EQ(pool_.requests(at(0)).size(), 10U);
  pool_.peer_reports(peer(2), 55, 64, at(0));
  EXPECT_TRUE(pool_.requests(at(20)).empty());
}

/// Blocks of 1 MiB, each as soon as a link of that rate allows, asked for 20 at a time.
std::int64_t second_of_drop(const BlockPoolOptions& options, std::int64_t bytes_per_second) {
  constexpr std::int64_t kBlock = 1 << 20;
  BlockPool pool(1, options);
  pool.peer_reports(peer(1), 1, 1'000'000, MonotonicTime());
  std::deque<std::int64_t> asked;
  std::int64_t sent = 0;
  for (std::int64_t second = 0; second < 1200; ++second) {
    const MonotonicTime now{seconds(second)};
    for (const auto& one : pool.requests(now)) asked.push_back(one.height);
    for (sent += bytes_per_second; sent >= kBlock && !asked.empty(); sent -= kBlock) {
      EXPECT_TRUE(pool.add(peer(1), block(asked.front()), kBlock));
      asked.pop_front();
    }
    while (pool.ready(2).size() == 2) pool.take_first();
    if (!pool.expire(now).empty()) return second;
  }
  return -1;
}

TEST_F(BlockPoolRules, APeerBelowTheLeastRateGoesAndASlowOneStays) {
  EXPECT_EQ(second_of_drop(options_, 5'000'000), -1);
  EXPECT_EQ(second_of_drop(options_, 150 * 1024), -1);
  const std::int64_t gone = second_of_drop(options_, 100 * 1024);
  EXPECT_GT(gone, 30);
  EXPECT_LT(gone, 240);
}

TEST_F(BlockPoolRules, NoMoreIsHeldThanThereIsRoomFor) {
  options_.max_bytes = 1000;
  BlockPool pool(1, options_);
  pool.peer_reports(peer(1), 1, 20, at(0));
  const auto requests = pool.requests(at(0));
  ASSERT_FALSE(requests.empty());
  for (std::uint8_t i = 2; i < 30; ++i) {
    pool.peer_reports(peer(i), 1, 20, at(0));
    for (const auto& one : pool.requests(at(0))) {
      EXPECT_TRUE(pool.add(one.peer, block(one.height), 400));
      EXPECT_LE(pool.held_bytes(), 1000U + 2 * 400);
    }
  }
  // However large, the next two are kept: without them nothing goes on.
  for (const auto& one : requests) EXPECT_TRUE(pool.add(peer(1), block(one.height), 900));
  EXPECT_EQ(pool.ready(3).size(), 2U);
}

TEST_F(BlockPoolRules, WhatAPeerGaveGoesWithIt) {
  pool_.peer_reports(peer(1), 1, 5, at(0));
  static_cast<void>(pool_.requests(at(0)));
  EXPECT_TRUE(pool_.add(peer(1), block(1), 10));
  pool_.remove_peer(peer(1));
  EXPECT_TRUE(pool_.ready(1).empty());
  EXPECT_FALSE(pool_.add(peer(1), block(2), 10));
  EXPECT_FALSE(pool_.is_caught_up());
}

TEST_F(BlockPoolRules, LargeBlocksAreAskedForOneByOne) {
  const std::size_t large = std::size_t{100} << 20;
  pool_.peer_reports(peer(1), 1, 1000, at(0));
  for (const auto& one : pool_.requests(at(0))) {
    EXPECT_TRUE(pool_.add(peer(1), block(one.height), one.height == 1 ? large : 1));
  }
  // Of 512 MiB, 100 are held: there is room for four more of that size, and since 19 small ones
  // came after it, for one more.
  const std::size_t more = pool_.requests(at(0)).size();
  EXPECT_GE(more, 4U);
  EXPECT_LE(more, 5U);
}

TEST_F(BlockPoolRules, ARequestThatWasNotSentIsMadeAgain) {
  pool_.peer_reports(peer(1), 1, 1, at(0));
  const auto requests = pool_.requests(at(0));
  ASSERT_EQ(requests.size(), 1U);
  pool_.not_sent(requests[0]);
  EXPECT_TRUE(pool_.expire(at(100)).empty());
  EXPECT_EQ(pool_.requests(at(100)), requests);
}

TEST_F(BlockPoolRules, ABlockThatNobodyKeepsIsAGapBelowTheLowestThatSomebodyKeeps) {
  EXPECT_EQ(pool_.lowest_above_gap(), std::nullopt) << "nobody is there";
  pool_.peer_reports(peer(1), 700, 1000, at(0));
  pool_.peer_reports(peer(2), 500, 900, at(0));
  EXPECT_EQ(pool_.lowest_above_gap(), 500);
  pool_.peer_reports(peer(3), 0, 0, at(0));
  EXPECT_EQ(pool_.lowest_above_gap(), 500) << "one that has nothing does not help";
  pool_.peer_reports(peer(4), 1, 2, at(0));
  EXPECT_EQ(pool_.lowest_above_gap(), std::nullopt);
  static_cast<void>(pool_.requests(at(0)));
  EXPECT_TRUE(pool_.add(peer(4), block(1), 10));
  pool_.peer_reports(peer(4), 600, 1000, at(1));
  EXPECT_EQ(pool_.lowest_above_gap(), std::nullopt) << "the next block is here";
}

/// Peers of which one at least is honest; the others lie about heights, send bad blocks, answer
/// nothing, or come and go.
class Network {
 public:
  explicit Network(std::uint64_t seed) : random_(seed) {}

  /// Seconds until all of the chain's blocks but the last are applied.
  std::int64_t run() {
    for (std::int64_t second = 0; second < 3600; ++second) {
      now_ = MonotonicTime(seconds(second));
      reports(second);
      for (const PoolRequest& request : pool_.requests(now_)) answer(request);
      deliver();
      for (const PoolFault& fault : pool_.expire(now_)) EXPECT_NE(fault.peer, peer(0));
      apply();
      EXPECT_LE(pool_.held_bytes(), 64U * 10);
      if (pool_.next_height() == kHeights) return second;
    }
    return -1;
  }

 private:
  static constexpr std::int64_t kHeights = 400;
  enum Kind : std::uint8_t { kHonest, kLiar, kSilent, kBad, kFickle, kKinds };

  Kind kind_of(std::uint8_t number) const { return static_cast<Kind>(number % kKinds); }
  std::uint64_t below(std::uint64_t bound) { return random_.next() % bound; }

  void reports(std::int64_t second) {
    if (second % 10 != 0) return;
    for (std::uint8_t i = 0; i < 10; ++i) {
      if (kind_of(i) == kFickle && below(3) == 0) pool_.remove_peer(peer(i));
      const bool lies = kind_of(i) == kLiar || kind_of(i) == kSilent;
      pool_.peer_reports(peer(i), 1, lies ? 1'000'000'000'000'000 : kHeights, now_);
    }
  }
  void answer(const PoolRequest& request) {
    EXPECT_LT(request.height, pool_.next_height() + 64);
    const Kind kind = kind_of(request.peer.bytes[0]);
    if (kind == kSilent) return;
    mail_.emplace_back(request, kind == kLiar && request.height > kHeights);
  }
  void deliver() {
    for (auto left = mail_.size(); left > 0; --left) {
      const auto [request, is_lacking] = mail_.front();
      mail_.pop_front();
      if (below(4) == 0) {
        mail_.emplace_back(request, is_lacking);
      } else if (is_lacking) {
        pool_.lacks(request.peer, request.height, now_);
      } else {
        pool_.add(request.peer, block(request.height), 10);
      }
    }
  }
  void apply() {
    while (true) {
      const auto both = pool_.ready(2);
      if (both.size() < 2) return;
      const auto is_bad = [&](const PooledBlock& one) {
        return kind_of(one.from.bytes[0]) == kBad;
      };
      if (!is_bad(*both[0]) && !is_bad(*both[1])) {
        EXPECT_EQ(both[0]->response.block.header.height, pool_.next_height());
        pool_.take_first();
      } else {
        static_cast<void>(pool_.reject_first(Blame::kBoth, now_));
      }
    }
  }

  SeededRandom random_;
  BlockPool pool_{1, BlockPoolOptions{.window_heights = 64}};
  MonotonicTime now_;
  std::deque<std::pair<PoolRequest, bool>> mail_;
};

TEST(BlockPoolNetwork, ReachesTheTopWhateverTheOthersDo) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    EXPECT_GE(Network(seed).run(), 0) << "seed " << seed;
  }
}

}  // namespace
}  // namespace buri::consensus::sync
