#include "node/consensus/blocks/block_store.hpp"

#include <gtest/gtest.h>

#include "node/consensus/blocks/state_store.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"

/// The block store over the recorded chain B: what goes in comes out as the stock node kept it, and
/// a crash at any point leaves whole heights.

namespace buri::consensus::blocks {
namespace {

using buri::testing::SimulatedDisk;

const std::vector<records::BlockRecord>& chain_b() {
  static const auto kBlocks = engine::recorded_blocks();
  return kBlocks;
}

engine::ExtendedCommitRecord commit_of(const records::BlockRecord& record) {
  return engine::decode_extended_commit(record.extended_commit).value();
}

Status<storage::StorageError> save(BlockStore& store, const records::BlockRecord& record) {
  return store.save(engine::decode_block(record.block).value(),
                    engine::PartSet::split(record.block), commit_of(record), true);
}

TEST(BlockStore, AnEmptyOneHasNothing) {
  SimulatedDisk disk;
  const auto database = disk.open(BlockStore::families());
  const auto store = BlockStore::open(*database).value();
  EXPECT_EQ(store->base(), 0);
  EXPECT_EQ(store->height(), 0);
  for (const std::int64_t height : {-1, 0, 1}) {
    EXPECT_FALSE(store->meta(height));
    EXPECT_FALSE(store->encoded_block(height));
    EXPECT_FALSE(store->part(height, 0));
    EXPECT_FALSE(store->commit(height));
    EXPECT_FALSE(store->canonical_commit(height));
  }
  EXPECT_FALSE(store->failure());
}

TEST(BlockStore, RecordedBlocksComeBackAsTheStockNodeKeptThem) {
  SimulatedDisk disk;
  const auto database = disk.open(BlockStore::families());
  const auto written = BlockStore::open(*database).value();
  for (const auto& record : chain_b()) ASSERT_TRUE(save(*written, record).ok());
  ASSERT_TRUE(save(*written, chain_b()[3]).ok()) << "a height that is stored is passed over";
  const auto store = BlockStore::open(*database).value();
  EXPECT_EQ(store->base(), 1);
  EXPECT_EQ(store->height(), 160);
  for (const auto& record : chain_b()) {
    EXPECT_EQ(store->encoded_block(record.height), record.block);
    EXPECT_EQ(store->encoded_extended_commit(record.height), record.extended_commit);
    EXPECT_EQ(engine::encode_extended_commit(store->commit(record.height).value()),
              record.extended_commit);
    EXPECT_EQ(store->height_of(record.block_hash), record.height);
    const auto meta = store->meta(record.height).value();
    EXPECT_EQ(meta.block_id.hash, record.block_hash);
    EXPECT_EQ(meta.block_bytes, record.block.size());
    const auto block = engine::decode_block(record.block).value();
    EXPECT_EQ(meta.tx_count, block.txs.size());
    EXPECT_EQ(engine::encode_header(meta.header), engine::encode_header(block.header));
    const auto parts = engine::PartSet::split(record.block);
    EXPECT_EQ(store->parts_of(record.height)->hash, record.parts_hash);
    for (std::uint32_t i = 0; i < record.part_count; ++i) {
      EXPECT_EQ(store->part(record.height, i), *parts.part(i));
    }
    EXPECT_FALSE(store->part(record.height, record.part_count));
    if (record.height == 160) break;
    const auto next = engine::decode_block(chain_b()[record.height].block).value();
    EXPECT_EQ(engine::encode_commit(store->canonical_commit(record.height).value()),
              engine::encode_commit(next.last_commit));
  }
  EXPECT_FALSE(store->canonical_commit(160));
  EXPECT_FALSE(store->meta(161));
  EXPECT_FALSE(store->failure());
}

TEST(BlockStore, ACommitWithoutExtensionsIsNotServedWithThem) {
  SimulatedDisk disk;
  const auto database = disk.open(BlockStore::families());
  const auto store = BlockStore::open(*database).value();
  const auto& record = chain_b()[0];
  ASSERT_TRUE(store
                  ->save(engine::decode_block(record.block).value(),
                         engine::PartSet::split(record.block), commit_of(record), false)
                  .ok());
  EXPECT_FALSE(store->encoded_extended_commit(1));
  EXPECT_TRUE(store->commit(1));
}

TEST(BlockStore, PruningAndRemovingLeaveAChainWithoutGaps) {
  SimulatedDisk disk;
  const auto database = disk.open(BlockStore::families());
  const auto store = BlockStore::open(*database).value();
  for (const auto& record : chain_b()) ASSERT_TRUE(save(*store, record).ok());
  EXPECT_EQ(store->prune(100).value(), 99);
  EXPECT_EQ(store->prune(50).value(), 0);
  ASSERT_TRUE(store->part(160, 0));
  ASSERT_TRUE(store->remove_highest().ok());
  const auto reopened = BlockStore::open(*database).value();
  for (const BlockStore* seen : {store.get(), reopened.get()}) {
    EXPECT_EQ(seen->base(), 100);
    EXPECT_EQ(seen->height(), 159);
    EXPECT_FALSE(seen->block(99));
    EXPECT_TRUE(seen->block(100));
    EXPECT_FALSE(seen->part(160, 0));
    EXPECT_FALSE(seen->height_of(chain_b()[0].block_hash));
    EXPECT_FALSE(seen->height_of(chain_b()[159].block_hash));
  }
  ASSERT_TRUE(save(*store, chain_b()[159]).ok());
  EXPECT_EQ(store->height(), 160);
}

/// A database of blocks and of what the chain made of them, as a node has it.
std::unique_ptr<storage::Database> open_both(SimulatedDisk& disk) {
  std::vector<storage::FamilySpec> families = BlockStore::families();
  for (const storage::FamilySpec& family : StateStore::families()) families.push_back(family);
  return disk.open(families);
}

/// A block is promised with its results.
TEST(BlockStore, ACrashAnywhereLeavesWholeHeights) {
  constexpr std::int64_t kHeights = 12;
  SeededRandom random(7);
  for (std::size_t crash_point = 0; crash_point < 60; ++crash_point) {
    SimulatedDisk disk;
    std::int64_t promised = 0;
    std::int64_t kept_from = 1;
    {
      const auto database = open_both(disk);
      const auto store = BlockStore::open(*database).value();
      const auto states = StateStore::open(*database).value();
      disk.crash_after(crash_point);
      for (std::int64_t height = 1; height <= kHeights; ++height) {
        if (!save(*store, chain_b()[height - 1]).ok()) break;
        if (!states->save_results(height, as_bytes("results")).ok()) break;
        promised = height;
        if (height == 8 && store->prune(5).ok()) kept_from = 5;
      }
    }
    disk.restart(random);
    const auto database = open_both(disk);
    const auto store = BlockStore::open(*database).value();
    EXPECT_GE(store->height(), promised) << crash_point;
    EXPECT_LE(store->base(), std::max<std::int64_t>(kept_from, 5)) << crash_point;
    for (std::int64_t height = store->base(); height > 0 && height <= store->height(); ++height) {
      EXPECT_EQ(store->encoded_block(height), chain_b()[height - 1].block) << crash_point;
      EXPECT_TRUE(store->meta(height) && store->commit(height)) << crash_point;
    }
  }
}

TEST(BlockStore, ADamagedRecordIsNotThereAndTold) {
  SimulatedDisk disk;
  const auto database = disk.open(BlockStore::families());
  const auto store = BlockStore::open(*database).value();
  ASSERT_TRUE(save(*store, chain_b()[0]).ok());
  storage::Batch batch;
  const Bytes key{0, 0, 0, 0, 0, 0, 0, 1};
  batch.put(storage::opened_family(*database, "blocks"), key, Bytes{0x0a, 0xff});
  ASSERT_TRUE(database->write(batch, storage::Durability::kSynced).ok());
  EXPECT_FALSE(store->failure());
  EXPECT_FALSE(store->block(1));
  ASSERT_TRUE(store->failure());
  EXPECT_EQ(store->failure()->kind, storage::StorageError::Kind::kCorruption);
}

}  // namespace
}  // namespace buri::consensus::blocks
