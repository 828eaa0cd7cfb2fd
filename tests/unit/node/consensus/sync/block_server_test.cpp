#include "node/consensus/sync/sync_reactor.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "node/consensus/p2p/channels.hpp"
#include "node/consensus/sync/block_message.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"
#include "tests/unit/node/consensus/mempool/peer_bench.hpp"

/// What a peer that is behind gets from a node that holds the recorded chain B.

namespace buri::consensus::sync {
namespace {

using consensus::testing::node_number;

/// Runs work when it is told to.
class ManualExecutor final : public host::Executor {
 public:
  void post(std::function<void()> work) override { work_.push_back(std::move(work)); }
  void run() {
    for (; !work_.empty(); work_.pop_front()) work_.front()();
  }

 private:
  std::deque<std::function<void()>> work_;
};

class BlockServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    network_.room[node_number(1)] = 1000;
    for (const auto& record : records_) {
      const auto commit = engine::decode_extended_commit(record.extended_commit).value();
      ASSERT_TRUE(store_
                      ->save(engine::decode_block(record.block).value(),
                             engine::PartSet::split(record.block), commit, record.height != 2)
                      .ok());
    }
  }
  /// The one answer to a message.
  BlockMessage ask(const BlockMessage& message) {
    network_.sent.clear();
    server_.receive(node_number(1), {p2p::kBlockSyncChannel, encode_block_message(message), {}});
    executor_.run();
    const auto& sent = network_.sent[node_number(1)];
    EXPECT_EQ(sent.size(), 1U);
    return decode_block_message(sent.at(0)).value();
  }

  std::vector<records::BlockRecord> records_ = engine::recorded_blocks();
  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_ = disk_.open(blocks::BlockStore::families());
  std::unique_ptr<blocks::BlockStore> store_ = blocks::BlockStore::open(*database_).value();
  consensus::testing::ScriptedNetwork network_;
  ManualExecutor executor_;
  SyncReactor server_{*store_, network_, executor_, Logger("sync", LogLevel::kOff)};
};

TEST_F(BlockServerTest, TellsWhatItHasOnArrivalAndWhenAsked) {
  server_.peer_added({node_number(1), p2p::Direction::kInbound, {}, {}});
  const auto first = decode_block_message(network_.sent[node_number(1)].at(0)).value();
  EXPECT_EQ(std::get<StatusResponse>(first).height, 160);
  ASSERT_TRUE(store_->prune(20).ok());
  const auto status = std::get<StatusResponse>(ask(StatusRequest{}));
  EXPECT_EQ(status.base, 20);
  EXPECT_EQ(status.height, 160);
}

TEST_F(BlockServerTest, ServesEveryRecordedBlockAsTheStockNodeKeptIt) {
  for (const auto& record : records_) {
    const auto response = std::get<BlockResponse>(ask(BlockRequest{record.height}));
    EXPECT_EQ(engine::encode_block(response.block), record.block);
    EXPECT_EQ(response.extended_commit.has_value(), record.height != 2) << record.height;
    if (!response.extended_commit) continue;
    EXPECT_EQ(engine::encode_extended_commit(*response.extended_commit), record.extended_commit);
  }
}

TEST_F(BlockServerTest, SaysWhatItDoesNotHave) {
  ASSERT_TRUE(store_->prune(20).ok());
  for (const std::int64_t height : {std::int64_t{19}, std::int64_t{161}, INT64_MAX}) {
    EXPECT_EQ(std::get<NoBlockResponse>(ask(BlockRequest{height})).height, height);
  }
}

TEST_F(BlockServerTest, HoldsARequestUntilItIsAnswered) {
  auto hold = std::make_shared<int>(0);
  server_.receive(node_number(1),
                  {p2p::kBlockSyncChannel, encode_block_message(BlockRequest{1}), hold});
  EXPECT_EQ(hold.use_count(), 2);
  executor_.run();
  EXPECT_EQ(hold.use_count(), 1);
}

TEST_F(BlockServerTest, DropsWhoBreaksTheRules) {
  server_.receive(node_number(1), {p2p::kBlockSyncChannel, Bytes{0xff}, {}});
  EXPECT_EQ(network_.disconnected.count(node_number(1)), 1U);
  server_.receive(node_number(2),
                  {p2p::kBlockSyncChannel, encode_block_message(BlockRequest{-1}), {}});
  EXPECT_EQ(network_.disconnected.count(node_number(2)), 1U);
  server_.receive(node_number(3),
                  {p2p::kBlockSyncChannel, encode_block_message(NoBlockResponse{7}), {}});
  EXPECT_EQ(network_.disconnected.count(node_number(3)), 0U) << "it was asked nothing: passed over";
}

}  // namespace
}  // namespace buri::consensus::sync
