#include "node/consensus/metrics/block_metrics.hpp"

#include <gtest/gtest.h>

#include "node/consensus/engine/duplicate_vote.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "tests/support/consensus/toy_signatures.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/metrics/exposition.hpp"
#include "tests/unit/node/golden.hpp"

/// Blocks of four validators with powers 40, 30, 20 and 10, as their figures tell them.

namespace buri::consensus::metrics {
namespace {

using buri::testing::sample;
using engine::BlockIdFlag;

constexpr std::int64_t kStart = 1'700'000'000;

class BlockMetricsTest : public ::testing::Test {
 protected:
  BlockMetricsTest() {
    metrics_.emplace(BlockMetricsParts{&registry_,
                                       {"cometbft", "toy-1"},
                                       store_.get(),
                                       [this] { return is_syncing_; },
                                       chain_->validators.validators()[1].address},
                     *chain_);
  }

  static engine::ChainState first_chain() {
    const std::vector<std::int64_t> powers{40, 30, 20, 10};
    return engine::ChainState::genesis(buri::testing::engine(), "toy-1", 1, {kStart, 0},
                                       buri::testing::toy_validators(powers))
        .value();
  }
  /// The next block, `seconds` after the last, whose commit lacks those validators.
  engine::Block next_block(std::int64_t seconds, const std::set<std::size_t>& absent = {}) const {
    engine::Block block;
    block.header.height = chain_->next_height();
    block.header.time = {chain_->last_time.seconds + seconds, 0};
    block.header.proposer_address = chain_->validators.validators()[0].address;
    if (chain_->is_first()) return block;
    block.last_commit.height = chain_->last_height;
    block.last_commit.block_id = chain_->last_block_id;
    const auto members = chain_->last_validators.validators();
    for (std::size_t i = 0; i < members.size(); ++i) {
      engine::CommitSig& signature = block.last_commit.signatures.emplace_back();
      if (absent.contains(i)) continue;
      signature = {BlockIdFlag::kCommit, members[i].address, block.header.time, Bytes(65)};
    }
    return block;
  }
  void apply(engine::Block block, const app::BlockResult& result = {}) {
    const auto parts = engine::PartSet::split(engine::encode_block(block));
    engine::ExtendedCommitRecord commit;
    commit.height = block.header.height;
    const Hash256 hash = engine::header_hash(buri::testing::engine(), block.header);
    commit.block_id = {hash, parts.header()};
    ASSERT_TRUE(store_->save(block, parts, commit, false).ok());
    auto next = chain_->after(block.header, commit.block_id, {});
    ASSERT_TRUE(next.ok());
    chain_ = std::make_shared<const engine::ChainState>(*next);
    bytes_ = parts.byte_count();
    metrics_->block_applied({std::make_shared<const engine::ProposedBlock>(std::move(block), hash),
                             commit.block_id,
                             std::make_shared<const app::BlockResult>(result),
                             {},
                             chain_});
  }
  [[nodiscard]] std::optional<double> value(const std::string& name,
                                            const std::string& labels = "") const {
    return sample("\n" + registry_.expose(), "cometbft_" + name + "{chain_id=\"toy-1\"" +
                                                 (labels.empty() ? "" : "," + labels) + "}");
  }
  [[nodiscard]] std::string own() const {
    return "validator_address=\"" + address_label(chain_->validators.validators()[1].address) +
           "\"";
  }

  Metrics registry_;
  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_ = disk_.open(blocks::BlockStore::families());
  std::unique_ptr<blocks::BlockStore> store_ = blocks::BlockStore::open(*database_).value();
  std::shared_ptr<const engine::ChainState> chain_ =
      std::make_shared<const engine::ChainState>(first_chain());
  bool is_syncing_ = false;
  std::size_t bytes_ = 0;
  std::optional<BlockMetrics> metrics_;
};

TEST_F(BlockMetricsTest, TellOfBlocksAndWhatTheyHold) {
  engine::Block block = next_block(1);
  block.txs = {Bytes(10, 1), Bytes(20, 2)};
  apply(block);
  const std::size_t first_bytes = bytes_;
  block = next_block(3);
  block.txs = {Bytes(1000, 3)};
  app::BlockResult result;
  result.consensus_params = {1};
  result.validator_updates.resize(1);
  apply(block, result);
  EXPECT_EQ(value("consensus_latest_block_height"), 2);
  EXPECT_EQ(value("consensus_num_txs"), 1);
  EXPECT_EQ(value("consensus_total_txs"), 3);
  EXPECT_EQ(value("consensus_block_size_bytes"), bytes_);
  EXPECT_EQ(value("consensus_chain_size_bytes"), first_bytes + bytes_);
  EXPECT_EQ(value("consensus_block_interval_seconds_count"), 1) << "the genesis is no block";
  EXPECT_EQ(value("consensus_block_interval_seconds_sum"), 3);
  EXPECT_EQ(value("consensus_validators"), 4);
  EXPECT_EQ(value("consensus_validators_power"), 100);
  EXPECT_EQ(value("state_consensus_param_updates"), 1);
  EXPECT_EQ(value("state_validator_set_updates"), 1);
}

TEST_F(BlockMetricsTest, TellWhoDidNotSign) {
  apply(next_block(1));
  EXPECT_EQ(value("consensus_missing_validators"), 0) << "the first block has no commit";
  apply(next_block(1, {2, 3}));
  EXPECT_EQ(value("consensus_missing_validators"), 2);
  EXPECT_EQ(value("consensus_missing_validators_power"), 30);
  EXPECT_EQ(value("consensus_validator_power", own()), 30);
  EXPECT_EQ(value("consensus_validator_last_signed_height", own()), 2);
  EXPECT_EQ(value("consensus_validator_missed_blocks", own()), 0);
  apply(next_block(1, {1}));
  EXPECT_EQ(value("consensus_missing_validators_power"), 30);
  EXPECT_EQ(value("consensus_validator_missed_blocks", own()), 1);
  EXPECT_EQ(value("consensus_validator_last_signed_height", own()), 2);
}

TEST_F(BlockMetricsTest, TellWhoVotedTwice) {
  apply(next_block(1));
  engine::Vote one;
  one.height = 1;
  one.validator_address = chain_->last_validators.validators()[2].address;
  one.validator_index = 2;
  one.signature = Bytes(65);
  engine::Vote other = one;
  one.block_id = {Hash256{}, {1, Hash256{}}};
  const auto evidence =
      engine::make_duplicate_vote(one, other, chain_->last_time, chain_->last_validators);
  ASSERT_TRUE(evidence);
  engine::Block block = next_block(1);
  block.evidence.push_back(engine::encode_duplicate_vote(*evidence));
  apply(block);
  EXPECT_EQ(value("consensus_byzantine_validators"), 1);
  EXPECT_EQ(value("consensus_byzantine_validators_power"), 20);
  apply(next_block(1));
  EXPECT_EQ(value("consensus_byzantine_validators"), 0) << "of the last block alone";
}

TEST_F(BlockMetricsTest, TellOfFetchedBlocksApart) {
  is_syncing_ = true;
  engine::Block block = next_block(1);
  block.txs = {Bytes(10, 1)};
  apply(block);
  EXPECT_EQ(value("blocksync_latest_block_height"), 1);
  EXPECT_EQ(value("blocksync_num_txs"), 1);
  EXPECT_EQ(value("blocksync_total_txs"), 1);
  EXPECT_EQ(value("blocksync_block_size_bytes"), bytes_);
  EXPECT_EQ(value("consensus_latest_block_height"), 1) << "it is a block all the same";
  EXPECT_EQ(value("consensus_total_txs"), 0);
  is_syncing_ = false;
  apply(next_block(5));
  EXPECT_EQ(value("blocksync_latest_block_height"), 1);
  EXPECT_EQ(value("consensus_block_interval_seconds_sum"), 5);
}

}  // namespace
}  // namespace buri::consensus::metrics
