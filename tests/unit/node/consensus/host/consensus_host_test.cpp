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
  Cluster cluster(4, 3);
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
