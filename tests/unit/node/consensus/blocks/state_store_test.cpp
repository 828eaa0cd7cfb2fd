#include "node/consensus/blocks/state_store.hpp"

#include <gtest/gtest.h>

#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"

/// The state store over the recorded chain B, whose validators change: every set comes back with
/// the priorities that the stock node's state had.

namespace buri::consensus::blocks {
namespace {

using buri::testing::SimulatedDisk;
using engine::ChainState;

const std::vector<records::BlockRecord>& chain_b() {
  static const auto kBlocks = engine::recorded_blocks();
  return kBlocks;
}

/// The states between the blocks: entry i is the one after height i.
const std::vector<ChainState>& states() {
  static const auto kStates = [] {
    std::vector<ChainState> states{engine::chain_before(chain_b()[0])};
    for (std::size_t i = 0; i + 1 < chain_b().size(); ++i) {
      states.push_back(engine::chain_after(states.back(), chain_b()[i], chain_b()[i + 1]));
    }
    return states;
  }();
  return kStates;
}

void expect_equal(const engine::ValidatorSet& a, const engine::ValidatorSet& b) {
  EXPECT_TRUE(std::ranges::equal(a.validators(), b.validators()));
  EXPECT_EQ(a.proposer(), b.proposer());
}

void expect_equal(const ChainState& a, const ChainState& b) {
  EXPECT_EQ(a.chain_id, b.chain_id);
  EXPECT_EQ(a.initial_height, b.initial_height);
  EXPECT_EQ(a.app_version, b.app_version);
  EXPECT_EQ(a.last_height, b.last_height);
  EXPECT_EQ(a.last_block_id, b.last_block_id);
  EXPECT_EQ(a.last_time, b.last_time);
  EXPECT_EQ(a.params, b.params);
  EXPECT_EQ(a.app_hash, b.app_hash);
  EXPECT_EQ(a.last_results_hash, b.last_results_hash);
  if (!a.is_first()) expect_equal(a.last_validators, b.last_validators);
  expect_equal(a.validators, b.validators);
  expect_equal(a.next_validators, b.next_validators);
}

TEST(StateStore, AnEmptyOneHasNoState) {
  SimulatedDisk disk;
  const auto database = disk.open(StateStore::families());
  const auto store = StateStore::open(*database).value();
  EXPECT_FALSE(store->load());
  EXPECT_FALSE(store->validators(1));
  EXPECT_FALSE(store->params(1));
  EXPECT_FALSE(store->results(1));
  EXPECT_FALSE(store->failure());
}

TEST(StateStore, EveryStateAndSetOfARecordedChainComesBack) {
  SimulatedDisk disk;
  const auto database = disk.open(StateStore::families());
  const auto store = StateStore::open(*database).value();
  ASSERT_TRUE(store->save_genesis(states()[0]).ok());
  expect_equal(*store->load(), states()[0]);
  for (std::size_t i = 1; i < states().size(); ++i) {
    ASSERT_TRUE(
        store->save_results(static_cast<std::int64_t>(i), chain_b()[i - 1].finalize_block_response)
            .ok());
    ASSERT_TRUE(store->save(states()[i]).ok());
    expect_equal(*store->load(), states()[i]);
  }
  std::size_t members = 0;
  const auto iterator = database->iterate(storage::opened_family(*database, "chain_members"));
  for (iterator->seek({}); iterator->valid(); iterator->next()) ++members;
  EXPECT_GT(members, 3U) << "the chain's validators change";
  EXPECT_LT(members, 40U) << "members are stored when they change";
  for (const auto& record : chain_b()) {
    const auto set = store->validators(record.height);
    ASSERT_TRUE(set) << record.height;
    EXPECT_EQ(engine::encode_validators(set->validators()),
              engine::encode_validators(engine::decode_validators(record.validators).value()))
        << record.height;
    if (record.height == 160) break;
    EXPECT_EQ(store->results(record.height), record.finalize_block_response);
    EXPECT_TRUE(store->params(record.height));
  }
  EXPECT_TRUE(store->validators(161));
  EXPECT_FALSE(store->validators(162));
  EXPECT_FALSE(store->failure());
}

TEST(StateStore, PruningKeepsWhatLaterHeightsStandOn) {
  SimulatedDisk disk;
  const auto database = disk.open(StateStore::families());
  const auto store = StateStore::open(*database).value();
  ASSERT_TRUE(store->save_genesis(states()[0]).ok());
  for (std::size_t i = 1; i < states().size(); ++i) ASSERT_TRUE(store->save(states()[i]).ok());
  ASSERT_TRUE(store->prune(101).ok());
  EXPECT_FALSE(store->validators(100));
  EXPECT_FALSE(store->params(100));
  for (std::int64_t height = 101; height <= 160; ++height) {
    expect_equal(store->validators(height).value(),
                 states()[static_cast<std::size_t>(height - 1)].validators);
  }
  EXPECT_FALSE(store->failure());
}

TEST(StateStore, TheHeadGoesBackAndOnAgain) {
  SimulatedDisk disk;
  const auto database = disk.open(StateStore::families());
  const auto store = StateStore::open(*database).value();
  ASSERT_TRUE(store->save_genesis(states()[0]).ok());
  for (std::size_t i = 1; i < states().size(); ++i) ASSERT_TRUE(store->save(states()[i]).ok());
  ASSERT_TRUE(store->take_back(states()[40]).ok());
  const auto reopened = StateStore::open(*database).value();
  expect_equal(*reopened->load(), states()[40]);
  EXPECT_TRUE(store->validators(42));
  EXPECT_FALSE(store->validators(43));
  for (std::size_t i = 41; i < states().size(); ++i) ASSERT_TRUE(store->save(states()[i]).ok());
  expect_equal(*store->load(), states().back());
}

TEST(StateStore, ACrashLosesNoResultsAndLeavesAWholeState) {
  SeededRandom random(11);
  for (std::size_t crash_point = 0; crash_point < 80; ++crash_point) {
    SimulatedDisk disk;
    std::int64_t promised = 0;
    {
      const auto database = disk.open(StateStore::families());
      const auto store = StateStore::open(*database).value();
      ASSERT_TRUE(store->save_genesis(states()[0]).ok());
      disk.crash_after(crash_point);
      for (std::size_t i = 1; i < 20; ++i) {
        const auto height = static_cast<std::int64_t>(i);
        if (!store->save_results(height, chain_b()[i - 1].finalize_block_response).ok()) break;
        promised = height;
        if (!store->save(states()[i]).ok()) break;
      }
    }
    disk.restart(random);
    const auto database = disk.open(StateStore::families());
    const auto store = StateStore::open(*database).value();
    const auto loaded = store->load();
    ASSERT_TRUE(loaded) << crash_point;
    expect_equal(*loaded, states()[static_cast<std::size_t>(loaded->last_height)]);
    EXPECT_GE(loaded->last_height + 1, promised) << "the results follow on the state";
    for (std::int64_t height = 1; height <= promised; ++height) {
      EXPECT_TRUE(store->results(height)) << crash_point;
    }
  }
}

}  // namespace
}  // namespace buri::consensus::blocks
