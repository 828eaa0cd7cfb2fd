#include "node/consensus/pruning/block_pruner.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "node/consensus/engine/times.hpp"
#include "node/consensus/pruning/retention.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"

/// Which blocks stay, and that a crash at any write of their removal leaves a chain that can be
/// read and goes on being pruned; over the recorded chain B.

namespace buri::consensus::pruning {
namespace {

using buri::testing::SimulatedDisk;
using engine::ChainState;

constexpr std::int64_t kSecond = 1'000'000'000;

const std::vector<records::BlockRecord>& chain_b() {
  static const auto kBlocks = engine::recorded_blocks();
  return kBlocks;
}

/// The states between the blocks, after height i at place i; evidence is old behind two blocks.
const std::vector<ChainState>& states() {
  static const auto kStates = [] {
    std::vector<ChainState> states{engine::chain_before(chain_b()[0])};
    states[0].params.evidence_age_blocks = 2;
    states[0].params.evidence_age_nanos = 0;
    for (std::size_t i = 0; i < 40; ++i) {
      states.push_back(engine::chain_after(states.back(), chain_b()[i], chain_b()[i + 1]));
      states.back().params = states[0].params;
    }
    return states;
  }();
  return kStates;
}

std::vector<storage::FamilySpec> families() {
  auto all = blocks::BlockStore::families();
  for (const auto& one : blocks::StateStore::families()) all.push_back(one);
  return all;
}

/// Both threads of a node: pieces of work one after the other.
class Threads final : public host::Loop, public host::ApplicationExecutor {
 public:
  void post(std::function<void()> work) override { queue_.push_back(std::move(work)); }
  void after(std::chrono::nanoseconds /*delay*/, std::function<void()> work) override {
    post(std::move(work));
  }
  void post_first(std::function<void()> work) override { post(std::move(work)); }
  bool post_later(std::function<void()> work) override {
    post(std::move(work));
    return true;
  }
  /// How many pieces there were.
  std::size_t run() {
    std::size_t count = 0;
    for (; !queue_.empty(); ++count) {
      const auto work = std::move(queue_.front());
      queue_.pop_front();
      work();
    }
    return count;
  }

 private:
  std::deque<std::function<void()>> queue_;
};

/// Stores with their pruner, from one start to the next.
struct Home {
  Home(SimulatedDisk& disk, const PruningOptions& options)
      : database(disk.open(families())),
        blocks(blocks::BlockStore::open(*database).value()),
        states(blocks::StateStore::open(*database).value()),
        pruner({blocks.get(), states.get(), &threads, &threads}, options,
               Logger("test", LogLevel::kOff)) {}

  /// Decides the next block as a node does; false if the disk failed.
  bool append() {
    if (blocks->height() == 0 && !states->save_genesis(pruning::states()[0]).ok()) return false;
    const auto& record = chain_b()[static_cast<std::size_t>(blocks->height())];
    const auto block = engine::decode_block(record.block).value();
    const auto commit = engine::decode_extended_commit(record.extended_commit).value();
    if (!blocks->save(block, engine::PartSet::split(record.block), commit, true).ok()) return false;
    if (!states->save_results(record.height, record.finalize_block_response).ok()) return false;
    return apply(record.height);
  }
  /// The state after a stored block.
  bool apply(std::int64_t height) {
    const ChainState& chain = pruning::states()[static_cast<std::size_t>(height)];
    if (!states->save(chain).ok()) return false;
    host::AppliedBlock applied;
    applied.chain = std::make_shared<const ChainState>(chain);
    pruner.block_applied(applied);
    return true;
  }
  /// What a start does: a head that is behind its block is made again.
  bool catch_up() {
    const auto chain = states->load();
    const std::int64_t last = chain ? chain->last_height : 0;
    return last >= blocks->height() || apply(last + 1);
  }

  std::unique_ptr<storage::Database> database;
  std::unique_ptr<blocks::BlockStore> blocks;
  std::unique_ptr<blocks::StateStore> states;
  Threads threads;
  BlockPruner pruner;
};

void expect_whole(const Home& home) {
  for (std::int64_t height = home.blocks->base(); height > 0 && height <= home.blocks->height();
       ++height) {
    EXPECT_EQ(home.blocks->encoded_block(height), chain_b()[height - 1].block) << height;
    EXPECT_TRUE(home.blocks->commit(height)) << height;
    EXPECT_TRUE(home.states->validators(height)) << height;
    EXPECT_TRUE(home.states->params(height)) << height;
  }
  EXPECT_FALSE(home.blocks->failure());
  EXPECT_FALSE(home.states->failure());
}

TEST(RetainHeight, IsThatOfTheKeptBlocksAndOfWhatEvidenceMayName) {
  SimulatedDisk disk;
  Home home(disk, {});
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(home.append());
  const auto time_of = [&](std::int64_t height) { return home.blocks->meta(height)->header.time; };
  const std::int64_t since_20 = engine::nanos_between(time_of(20), time_of(40));
  struct Case {
    std::int64_t kept;
    std::int64_t age_blocks;
    std::int64_t age_nanos;
    std::int64_t lowest;
  };
  const Case cases[] = {
      {10, 0, 0, 31},
      {1, 0, 0, 40},
      {40, 0, 0, 1},
      {1'000, 0, 0, 1},
      // Evidence is young by its height: a block 15 ago is not older than 15 blocks.
      {1, 15, 0, 25},
      {30, 15, 0, 11},
      {1, 100'000, 0, 1},
      // By its time: block 20 is exactly as old as is allowed.
      {1, 0, since_20, 20},
      {1, 0, since_20 - 1, 21},
      {1, 0, 1'000'000 * kSecond, 1},
      // By either of them.
      {1, 30, since_20, 10},
      {1, 5, since_20, 20},
  };
  for (const Case& one : cases) {
    const evidence::EvidenceAge age{40, time_of(40), one.age_blocks, one.age_nanos};
    EXPECT_EQ(retain_height(*home.blocks, age, one.kept), one.lowest)
        << one.kept << ' ' << one.age_blocks << ' ' << one.age_nanos;
  }
}

TEST(BlockPruner, RemovesBlocksAndStatesInSlices) {
  SimulatedDisk disk;
  Home home(disk, {.kept_blocks = 6, .interval_heights = 10, .slice_heights = 2});
  for (std::int64_t height = 1; height <= 40; ++height) {
    ASSERT_TRUE(home.append());
    const std::size_t pieces = home.threads.run();
    // A pass at the first block, then one every ten: five slices, each two pieces and a pause.
    EXPECT_EQ(pieces > 0, height % 10 == 1) << height;
    if (height == 21) EXPECT_GE(pieces, 10U);
    expect_whole(home);
  }
  EXPECT_EQ(home.blocks->base(), 26) << "at height 31 six stayed";
  EXPECT_FALSE(home.blocks->meta(25));
  EXPECT_FALSE(home.states->validators(25));
  EXPECT_FALSE(home.states->params(25));
  EXPECT_FALSE(home.states->results(25));
  EXPECT_TRUE(home.states->results(26));
  const Home again(disk, {});
  EXPECT_EQ(again.blocks->base(), 26);
  EXPECT_EQ(again.blocks->height(), 40);
  expect_whole(again);
}

TEST(BlockPruner, KeepsEverythingUnlessItIsToldOtherwise) {
  SimulatedDisk disk;
  Home home(disk, {.kept_blocks = 0, .interval_heights = 1});
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(home.append());
    EXPECT_EQ(home.threads.run(), 0U);
  }
  EXPECT_EQ(home.blocks->base(), 1);
}

TEST(BlockPruner, BeginsNothingAfterStop) {
  SimulatedDisk disk;
  Home home(disk, {.kept_blocks = 5, .interval_heights = 10, .slice_heights = 1});
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(home.append());
  home.pruner.stop();
  home.threads.run();
  ASSERT_TRUE(home.append());
  EXPECT_EQ(home.threads.run(), 0U);
  EXPECT_EQ(home.blocks->base(), 1) << "the pass of the first block had nothing to remove";
}

TEST(BlockPruner, ACrashAtAnyWriteLeavesWholeHeightsThatAreGoneAfterTheNextPass) {
  constexpr PruningOptions kOptions{.kept_blocks = 4, .interval_heights = 5, .slice_heights = 2};
  SeededRandom random(11);
  std::size_t crashes = 0;
  for (std::size_t point = 0;; ++point) {
    SCOPED_TRACE(point);
    SimulatedDisk disk;
    bool has_crashed = false;
    {
      Home home(disk, kOptions);
      for (int i = 0; i < 10; ++i) ASSERT_TRUE(home.append());
      disk.crash_after(point);
      while (home.blocks->height() < 30 && home.append()) home.threads.run();
      has_crashed = disk.crashed();
    }
    if (!has_crashed) break;
    ++crashes;
    disk.restart(random);
    Home home(disk, kOptions);
    expect_whole(home);
    ASSERT_TRUE(home.states->load()) << "the head is there";
    ASSERT_TRUE(home.catch_up());
    home.threads.run();
    while (home.blocks->height() < 36) {
      ASSERT_TRUE(home.append());
      home.threads.run();
    }
    expect_whole(home);
    EXPECT_GE(home.blocks->base(), 28);
    for (std::int64_t height = 1; height < home.blocks->base(); ++height) {
      EXPECT_FALSE(home.states->validators(height)) << height;
      EXPECT_FALSE(home.states->results(height)) << height;
    }
  }
  EXPECT_GT(crashes, 100U);
}

}  // namespace
}  // namespace buri::consensus::pruning
