#include "node/consensus/sync/block_pool.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>

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
  BlockPoolOptions options_{.window_heights = 64};
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
  EXPECT_TRUE(pool_.add(peer(1), block(1), 100, at(1)));
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
  EXPECT_FALSE(pool_.add(peer(1), block(1), 1, at(0)));
  static_cast<void>(pool_.requests(at(0)));
  EXPECT_FALSE(pool_.add(peer(2), block(1), 1, at(0)));
  EXPECT_TRUE(pool_.add(peer(1), block(1), 1, at(0)));
  EXPECT_FALSE(pool_.add(peer(1), block(1), 1, at(0)));
  EXPECT_FALSE(pool_.lacks(peer(1), 11, at(0)));
}

TEST_F(BlockPoolRules, AClaimOfManyBlocksCostsOnePatience) {
  pool_.peer_reports(peer(1), 1, 5, at(0));
  pool_.peer_reports(peer(2), 1, 1'000'000'000'000'000, at(0));
  for (const auto& one : pool_.requests(at(0))) {
    if (one.peer == peer(1)) EXPECT_TRUE(pool_.add(peer(1), block(one.height), 1, at(1)));
  }
  EXPECT_FALSE(pool_.is_caught_up());
  EXPECT_TRUE(pool_.expire(at(29)).empty());
  const auto late = pool_.expire(at(30));
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].peer, peer(2));
  EXPECT_EQ(pool_.highest_claim(), 5);
  // It may say what it likes: for a minute nobody listens.
  pool_.peer_reports(peer(2), 1, 1'000'000'000'000'000, at(31));
  EXPECT_EQ(pool_.highest_claim(), 5);
  for (const auto& one : pool_.requests(at(31))) {
    EXPECT_EQ(one.peer, peer(1));
    EXPECT_TRUE(pool_.add(peer(1), block(one.height), 1, at(31)));
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

TEST_F(BlockPoolRules, OfAPairThatDoesNotFitBothGiversGo) {
  pool_.peer_reports(peer(1), 1, 1, at(0));
  pool_.peer_reports(peer(2), 2, 5, at(0));
  for (const auto& one : pool_.requests(at(0))) {
    EXPECT_TRUE(pool_.add(one.peer, block(one.height), 10, at(0)));
  }
  const auto faults = pool_.reject_first(at(1));
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0].peer, peer(1));
  EXPECT_EQ(faults[1].peer, peer(2));
  EXPECT_TRUE(pool_.ready(9).empty());
  EXPECT_EQ(pool_.held_bytes(), 0U);
  pool_.peer_reports(peer(3), 1, 5, at(1));
  EXPECT_EQ(asked_of(pool_.requests(at(1)), peer(3)), 5U);
}

TEST_F(BlockPoolRules, WhatAPeerGaveGoesWithIt) {
  pool_.peer_reports(peer(1), 1, 5, at(0));
  static_cast<void>(pool_.requests(at(0)));
  EXPECT_TRUE(pool_.add(peer(1), block(1), 10, at(0)));
  pool_.remove_peer(peer(1));
  EXPECT_TRUE(pool_.ready(1).empty());
  EXPECT_FALSE(pool_.add(peer(1), block(2), 10, at(0)));
  EXPECT_FALSE(pool_.is_caught_up());
}

TEST_F(BlockPoolRules, LargeBlocksAreAskedForOneByOne) {
  const std::size_t large = std::size_t{100} << 20;
  pool_.peer_reports(peer(1), 1, 1000, at(0));
  for (const auto& one : pool_.requests(at(0))) {
    EXPECT_TRUE(pool_.add(peer(1), block(one.height), one.height == 1 ? large : 1, at(0)));
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

TEST_F(BlockPoolRules, BlocksThatCameAnotherWayAreNotWanted) {
  pool_.peer_reports(peer(1), 1, 10, at(0));
  static_cast<void>(pool_.requests(at(0)));
  EXPECT_TRUE(pool_.add(peer(1), block(1), 10, at(0)));
  pool_.skip_to(4);
  EXPECT_EQ(pool_.held_bytes(), 0U);
  EXPECT_TRUE(pool_.add(peer(1), block(3), 10, at(0)));
  EXPECT_TRUE(pool_.add(peer(1), block(4), 10, at(0)));
  EXPECT_EQ(pool_.ready(5).size(), 1U);
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
    mail_.push_back({request, kind == kLiar && request.height > kHeights});
  }
  void deliver() {
    for (auto left = mail_.size(); left > 0; --left) {
      const auto [request, is_lacking] = mail_.front();
      mail_.pop_front();
      if (below(4) == 0) {
        mail_.push_back({request, is_lacking});
      } else if (is_lacking) {
        pool_.lacks(request.peer, request.height, now_);
      } else {
        pool_.add(request.peer, block(request.height), 10, now_);
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
        static_cast<void>(pool_.reject_first(now_));
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
