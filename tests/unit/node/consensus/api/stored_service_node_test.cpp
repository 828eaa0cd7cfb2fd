#include "node/consensus/api/stored_service_node.hpp"

#include <gtest/gtest.h>

#include "node/consensus/api/node_services.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"

/// The stores of a node as its services see them, over the recorded chain B.

namespace buri::consensus::api {
namespace {

class StoredNode : public ::testing::Test {
 protected:
  void SetUp() override {
    records_ = engine::recorded_blocks();
    engine::ChainState chain = engine::chain_before(records_[0]);
    ASSERT_TRUE(states_->save_genesis(chain).ok());
    for (std::size_t i = 0; i + 1 < records_.size(); ++i) {
      const auto& record = records_[i];
      const auto commit = engine::decode_extended_commit(record.extended_commit).value();
      ASSERT_TRUE(blocks_
                      ->save(engine::decode_block(record.block).value(),
                             engine::PartSet::split(record.block), commit, true)
                      .ok());
      chain = engine::chain_after(chain, record, records_[i + 1]);
      ASSERT_TRUE(states_->save(chain).ok());
    }
    own_ = chain.validators.validators()[0].address;
  }
  StoredServiceNode node() {
    LiveNode live;
    live.own_address = own_;
    live.patience = std::chrono::milliseconds(20);
    live.is_catching_up = [] { return false; };
    live.add_tx = [this](Bytes tx,
                         const std::function<void(Result<app::TxResult, std::string>)>& done) {
      if (tx.empty()) return;
      sent_ = std::move(tx);
      done(app::TxResult{.log = "taken"});
    };
    return {*blocks_, *states_, std::move(live)};
  }

  testing::SimulatedDisk disk_;
  testing::SimulatedDisk other_disk_;
  std::unique_ptr<storage::Database> block_data_ = disk_.open(blocks::BlockStore::families());
  std::unique_ptr<storage::Database> state_data_ = other_disk_.open(blocks::StateStore::families());
  std::unique_ptr<blocks::BlockStore> blocks_ = blocks::BlockStore::open(*block_data_).value();
  std::unique_ptr<blocks::StateStore> states_ = blocks::StateStore::open(*state_data_).value();
  std::vector<records::BlockRecord> records_;
  Address own_;
  Bytes sent_;
};

TEST_F(StoredNode, ShowsBlocksAndSets) {
  const StoredServiceNode shown = node();
  EXPECT_EQ(shown.base(), 1);
  EXPECT_EQ(shown.height(), 159);
  for (const std::int64_t height : {1, 80, 159}) {
    const auto& record = records_[static_cast<std::size_t>(height - 1)];
    const ServiceBlock block = block_at(shown, height).value();
    EXPECT_EQ(block.encoded, record.block);
    EXPECT_EQ(block.id.hash, record.block_hash);
    EXPECT_EQ(block.id.parts.total, record.part_count);
    EXPECT_EQ(shown.header(height)->height, height);
    EXPECT_EQ(shown.validators(height).value(),
              engine::decode_validators(record.validators).value());
  }
  EXPECT_FALSE(shown.header(160));
  EXPECT_GT(shown.own_validator().power, 0);
}

TEST_F(StoredNode, SaysWhichHeightsItHas) {
  ASSERT_TRUE(blocks_->prune(100).ok());
  const StoredServiceNode shown = node();
  EXPECT_EQ(block_at(shown, 99).error().text, "height 99 is not available, lowest height is 100");
  EXPECT_EQ(block_at(shown, 160).error().text,
            "height 160 must be less than or equal to the current blockchain height 159");
  EXPECT_EQ(block_at(shown, 0).error().text, "height must be greater than 0, but got 0");
  EXPECT_TRUE(block_at(shown, 100).ok());
}

TEST_F(StoredNode, WaitsForTheMempoolButNotForEver) {
  StoredServiceNode shown = node();
  const Bytes tx{1, 2, 3};
  EXPECT_EQ(shown.broadcast(tx)->log, "taken");
  EXPECT_EQ(sent_, tx);
  EXPECT_FALSE(shown.broadcast({}).ok());
  shown.broadcast_later(Bytes{4});
  EXPECT_EQ(sent_, Bytes{4});
}

}  // namespace
}  // namespace buri::consensus::api
