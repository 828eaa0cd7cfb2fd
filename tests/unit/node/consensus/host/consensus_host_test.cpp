#include <gtest/gtest.h>

#include "tests/unit/node/consensus/host/sim_cluster.hpp"

/// Validators with real applications over a simulated network: they agree, stop and come back.

namespace buri::consensus::host {
namespace {

using testing::Cluster;
using testing::SimValidator;

/// At every height that two of them applied, block and application agree.
void expect_agreement(Cluster& cluster) {
  EXPECT_EQ(cluster.story(), "");
  for (std::size_t i = 1; i < cluster.size(); ++i) {
    for (const auto& [height, hashes] : cluster.node(i).applied()) {
      const auto& others = cluster.node(0).applied();
      const auto other = others.find(height);
      if (other == others.end()) continue;
      EXPECT_EQ(other->second, hashes) << "node " << i << " at height " << height;
    }
  }
}

TEST(ConsensusHost, FourValidatorsDecideFiftyBlocks) {
  Cluster cluster(4, 1);
  EXPECT_TRUE(cluster.run_until([&] { return cluster.lowest() >= 50; }, std::chrono::seconds(300)))
      << cluster.story() << " at height " << cluster.lowest();
  expect_agreement(cluster);
  EXPECT_EQ(cluster.node(0).applied().size(), 50U);
}

TEST(ConsensusHost, OneThatWasStoppedCatchesUp) {
  Cluster cluster(4, 2);
  SimValidator& sleeper = cluster.node(3);
  const auto height = [&] { return cluster.node(0).height(); };
  EXPECT_TRUE(cluster.run_until([&] { return height() >= 15; }, std::chrono::seconds(300)));
  sleeper.crash();
  EXPECT_TRUE(cluster.run_until([&] { return height() >= 35; }, std::chrono::seconds(300)));
  sleeper.start();
  EXPECT_TRUE(cluster.run_until([&] { return cluster.lowest() >= 55; }, std::chrono::seconds(300)))
      << cluster.story() << " at height " << cluster.lowest();
  expect_agreement(cluster);
}

/// How the nodes of the next tests prune: what is older than ten blocks goes.
testing::NodeSettings pruning_settings() {
  testing::NodeSettings settings;
  settings.pruning = {.kept_blocks = 8, .interval_heights = 3, .slice_heights = 2};
  settings.evidence_age_blocks = 10;
  return settings;
}

TEST(ConsensusHost, PrunesBlocksWhileTheChainGoesOn) {
  Cluster cluster(4, 5, {}, pruning_settings());
  EXPECT_TRUE(cluster.run_until([&] { return cluster.lowest() >= 40; }, std::chrono::seconds(300)))
      << cluster.story() << " at height " << cluster.lowest();
  expect_agreement(cluster);
  for (std::size_t i = 0; i < cluster.size(); ++i) {
    const blocks::BlockStore& stored = cluster.node(i).blocks();
    EXPECT_GE(stored.base(), cluster.lowest() - 15);
    EXPECT_LE(stored.base(), cluster.node(i).height() - 10) << "evidence may name ten";
    EXPECT_FALSE(stored.block(stored.base() - 1));
    EXPECT_TRUE(stored.block(stored.base()));
    EXPECT_FALSE(stored.failure());
    EXPECT_FALSE(cluster.node(i).states().failure());
  }
  // One that lacks less than the others keep comes back.
  cluster.node(2).crash();
  cluster.node(2).start();
  const std::int64_t height = cluster.node(0).height();
  EXPECT_TRUE(
      cluster.run_until([&] { return cluster.lowest() >= height + 3; }, std::chrono::seconds(60)));
  expect_agreement(cluster);
}

TEST(ConsensusHost, AValidatorThatSignedLatelyDoesNotBeginWhereItHasToLookBack) {
  Cluster cluster(4, 6);
  SimValidator& validator = cluster.node(3);
  const auto others_reach = [&](std::int64_t height) {
    return cluster.run_until([&] { return cluster.node(0).height() >= height; },
                             std::chrono::seconds(300));
  };
  EXPECT_TRUE(cluster.run_until([&] { return cluster.lowest() >= 6; }, std::chrono::seconds(60)));
  validator.crash();
  const std::int64_t stopped_at = validator.height();
  cluster.settings().host.double_sign_check_heights = 12;
  EXPECT_TRUE(others_reach(stopped_at + 20));
  validator.start();
  EXPECT_TRUE(cluster.run_until([&] { return cluster.lowest() >= stopped_at + 25; },
                                std::chrono::seconds(60)))
      << "twelve blocks have gone by without it: " << cluster.story();
  EXPECT_EQ(cluster.story(), "");
  validator.crash();
  validator.start();
  cluster.run_until([] { return false; }, std::chrono::seconds(20));
  EXPECT_NE(cluster.story().find("consensus.double_sign_check_heights: validator 0x"),
            std::string::npos)
      << cluster.story();
}

/// Lets one node lose power at that point of a disk's work, again and again, and come back.
struct PowerCut {
  const char* disk;
  std::size_t points;  ///< of about two heights
  void (*arm)(SimValidator&, std::size_t);
};

void PrintTo(const PowerCut& cut, std::ostream* out) { *out << cut.disk; }

class ConsensusHostPowerCuts : public ::testing::TestWithParam<PowerCut> {};

TEST_P(ConsensusHostPowerCuts, LeaveWhatTheNextStartRepairs) {
  const PowerCut& cut = GetParam();
  Cluster cluster(4, 3, {}, pruning_settings());
  SimValidator& victim = cluster.node(1);
  EXPECT_TRUE(cluster.run_until([&] { return cluster.lowest() >= 3; }, std::chrono::seconds(60)));
  for (std::size_t point = 0; point < cut.points; ++point) {
    SCOPED_TRACE(point);
    const std::size_t crashes = victim.crashes();
    cut.arm(victim, point);
    const auto is_over = [&] {
      const bool has_crashed = victim.crashes() > crashes;
      return has_crashed && victim.is_up() && victim.height() > cluster.node(0).height() - 2;
    };
    ASSERT_TRUE(cluster.run_until(is_over, std::chrono::seconds(120)))
        << cluster.story() << " at height " << victim.height();
  }
  const std::int64_t height = cluster.node(0).height();
  EXPECT_TRUE(
      cluster.run_until([&] { return cluster.lowest() >= height + 3; }, std::chrono::seconds(60)));
  expect_agreement(cluster);
  EXPECT_EQ(victim.signer().refusals(), 0U) << "the node asked for what contradicts its word";
}

INSTANTIATE_TEST_SUITE_P(Disks, ConsensusHostPowerCuts,
                         ::testing::Values(PowerCut{"application", 8,
                                                    [](SimValidator& node, std::size_t point) {
                                                      node.application_disk().crash_after(point);
                                                    }},
                                           PowerCut{"blocks", 20,
                                                    [](SimValidator& node, std::size_t point) {
                                                      node.block_disk().crash_after(point);
                                                    }},
                                           PowerCut{"log", 40,
                                                    [](SimValidator& node, std::size_t point) {
                                                      node.log_files().fail_after(point);
                                                    }}),
                         [](const auto& instance) { return instance.param.disk; });

}  // namespace
}  // namespace buri::consensus::host
