#include "node/consensus/sync/catch_up.hpp"

#include <gtest/gtest.h>

#include "node/consensus/p2p/channels.hpp"
#include "tests/unit/node/consensus/host/sim_cluster.hpp"

/// Validators that catch up by whole blocks and take part again: real applications, stores and
/// reactors over a simulated network.

namespace buri::consensus::sync {
namespace {

using host::testing::Cluster;
using host::testing::SimValidator;
using std::chrono::seconds;

constexpr std::int64_t kNobodysHeight = 1'000'000'000'000'000;

bool reach(Cluster& cluster, std::size_t node, std::int64_t height) {
  return cluster.run_until([&] { return cluster.node(node).height() >= height; }, seconds(600));
}

/// What both applied is the same.
void expect_agreement(Cluster& cluster) {
  EXPECT_EQ(cluster.story(), "");
  for (std::size_t i = 1; i < cluster.size(); ++i) {
    for (const auto& [height, hashes] : cluster.node(i).applied()) {
      const auto other = cluster.node(0).applied().find(height);
      if (other != cluster.node(0).applied().end()) EXPECT_EQ(other->second, hashes) << height;
    }
  }
}

/// The liar says in consensus that it is at a height that nobody is at.
void claim(Cluster& cluster, std::size_t liar, std::size_t to) {
  const engine::NewRoundStep step{kNobodysHeight, 0, engine::Step::kPropose, 0, 0};
  cluster.node(to).receive(cluster.node(liar).id(),
                           {p2p::kStateChannel, engine::encode_message(step), {}});
}

TEST(CatchUp, AnEmptyNodeSyncsTheChainAndTakesPart) {
  Cluster cluster(4, 11);
  SimValidator& late = cluster.node(3);
  late.crash();
  ASSERT_TRUE(reach(cluster, 0, 60)) << cluster.story();
  late.start();
  EXPECT_TRUE(late.is_syncing());
  ASSERT_TRUE(cluster.run_until([&] { return !late.is_syncing(); }, seconds(60)));
  EXPECT_GE(late.synced(), 55U);
  EXPECT_EQ(late.applied().size(), static_cast<std::size_t>(late.height()))
      << "observers hear of every height";
  // Without one of the others the chain needs its votes.
  cluster.node(1).crash();
  ASSERT_TRUE(reach(cluster, 3, cluster.node(0).height() + 10)) << cluster.story();
  EXPECT_FALSE(late.is_syncing());
  expect_agreement(cluster);
}

TEST(CatchUp, ANodeThatFellBehindLeavesConsensusAndComesBack) {
  Cluster cluster(4, 12);
  SimValidator& cut = cluster.node(2);
  ASSERT_TRUE(reach(cluster, 2, 5));
  cluster.disconnect(cut);
  const std::int64_t height = cut.height();
  ASSERT_TRUE(reach(cluster, 0, height + 150)) << cluster.story();
  cluster.connect(cut);
  ASSERT_TRUE(reach(cluster, 2, height + 150)) << cluster.story() << " at " << cut.height();
  EXPECT_GE(cut.synced(), 100U);
  EXPECT_EQ(cut.crashes(), 0U);
  ASSERT_TRUE(cluster.run_until([&] { return !cut.is_syncing(); }, seconds(60)));
  cluster.node(1).crash();
  ASSERT_TRUE(reach(cluster, 2, cluster.node(0).height() + 5)) << "it votes again";
  expect_agreement(cluster);
}

TEST(CatchUp, ALagThatGossipMakesGoodIsLeftToIt) {
  Cluster cluster(4, 13);
  SimValidator& cut = cluster.node(2);
  ASSERT_TRUE(reach(cluster, 2, 5));
  cluster.disconnect(cut);
  ASSERT_TRUE(reach(cluster, 0, 50));
  cluster.connect(cut);
  ASSERT_TRUE(reach(cluster, 2, 60)) << cluster.story();
  EXPECT_EQ(cut.synced(), 0U);
}

TEST(CatchUp, SwitchedOffItLeavesAllToGossip) {
  CatchUpOptions options;
  options.is_enabled = false;
  Cluster cluster(4, 17, options);
  cluster.node(3).crash();
  ASSERT_TRUE(reach(cluster, 0, 15));
  cluster.node(3).start();
  EXPECT_FALSE(cluster.node(3).is_syncing());
  ASSERT_TRUE(reach(cluster, 3, 20)) << cluster.story();
  EXPECT_EQ(cluster.node(3).synced(), 0U);
}

TEST(CatchUp, NoClaimMakesANodeLeaveWhileTheChainMoves) {
  Cluster cluster(4, 14);
  ASSERT_TRUE(reach(cluster, 0, 5));
  for (int second = 0; second < 20; ++second) {
    for (const std::size_t liar : {0U, 1U, 2U}) claim(cluster, liar, 3);
    const MonotonicTime end = cluster.schedule().clock().monotonic() + seconds(1);
    ASSERT_TRUE(cluster.run_until([&] { return cluster.schedule().clock().monotonic() >= end; },
                                  seconds(2)));
    EXPECT_FALSE(cluster.node(3).is_syncing());
  }
  EXPECT_GT(cluster.node(3).height(), 10);
}

/// Every block counts as stale, so that claims alone decide.
TEST(CatchUp, OneLiarOfThreeMakesNobodyLeaveAndTwoNoSecondTime) {
  CatchUpOptions options;
  options.stale_age = seconds(0);
  Cluster cluster(4, 15, options);
  SimValidator& node = cluster.node(3);
  ASSERT_TRUE(reach(cluster, 3, 5));
  std::size_t left = 0;
  const auto run_with = [&](const std::vector<std::size_t>& liars, seconds time) {
    const MonotonicTime end = cluster.schedule().clock().monotonic() + time;
    bool was_syncing = false;
    std::int64_t last = 0;
    return cluster.run_until(
        [&] {
          if (cluster.node(1).height() != last) {
            last = cluster.node(1).height();
            for (const std::size_t liar : liars) claim(cluster, liar, 3);
          }
          left += node.is_syncing() && !was_syncing ? 1 : 0;
          was_syncing = node.is_syncing();
          return cluster.schedule().clock().monotonic() >= end;
        },
        time + seconds(1));
  };
  ASSERT_TRUE(run_with({1}, seconds(30)));
  EXPECT_EQ(left, 0U);
  ASSERT_TRUE(run_with({1, 2}, seconds(60)));
  EXPECT_EQ(left, 1U);
  EXPECT_FALSE(node.is_syncing());
  expect_agreement(cluster);
}

/// One node loses power at that point of a disk's work while it syncs, and comes back.
struct PowerCut {
  const char* disk;
  std::size_t points;  ///< of about two heights
  void (*arm)(SimValidator&, std::size_t);
};

void PrintTo(const PowerCut& cut, std::ostream* out) { *out << cut.disk; }

class CatchUpPowerCuts : public ::testing::TestWithParam<PowerCut> {};

TEST_P(CatchUpPowerCuts, LeaveWhatTheNextStartRepairs) {
  const PowerCut& cut = GetParam();
  CatchUpOptions options;
  options.sync.fresh_age = seconds(0);
  Cluster cluster(4, 16, options);
  SimValidator& victim = cluster.node(3);
  ASSERT_TRUE(reach(cluster, 3, 3));
  for (std::size_t point = 0; point < cut.points; ++point) {
    SCOPED_TRACE(point);
    victim.crash();
    ASSERT_TRUE(reach(cluster, 0, cluster.node(0).height() + 12)) << cluster.story();
    const std::size_t crashes = victim.crashes();
    victim.start();
    cut.arm(victim, point);
    const auto is_over = [&] {
      return victim.crashes() > crashes && victim.is_up() && !victim.is_syncing() &&
             victim.height() > cluster.node(0).height() - 2;
    };
    ASSERT_TRUE(cluster.run_until(is_over, seconds(120)))
        << cluster.story() << " at height " << victim.height();
    EXPECT_GT(victim.synced(), 0U);
  }
  expect_agreement(cluster);
  EXPECT_EQ(victim.signer().refusals(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Disks, CatchUpPowerCuts,
                         ::testing::Values(PowerCut{"application", 8,
                                                    [](SimValidator& node, std::size_t point) {
                                                      node.application_disk().crash_after(point);
                                                    }},
                                           PowerCut{"blocks", 20,
                                                    [](SimValidator& node, std::size_t point) {
                                                      node.block_disk().crash_after(point);
                                                    }}),
                         [](const auto& instance) { return instance.param.disk; });

}  // namespace
}  // namespace buri::consensus::sync
