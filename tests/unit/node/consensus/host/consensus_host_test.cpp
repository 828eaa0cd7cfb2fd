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

}  // namespace
}  // namespace buri::consensus::host
