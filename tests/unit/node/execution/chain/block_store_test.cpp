#include "node/execution/chain/block_store.hpp"

#include <gtest/gtest.h>

#include "node/execution/chain/block_history.hpp"
#include "tests/support/storage/simulated_disk.hpp"

/// What is kept of blocks, and what goes.

namespace buri::execution::chain {
namespace {

using storage::Durability;

SignedTransaction payment(std::uint64_t nonce) {
  SignedTransaction transaction;
  transaction.nonce = nonce;
  transaction.gas_limit = 21'000;
  transaction.to = Address{{5}};
  return transaction;
}

Receipt paid(std::uint64_t cumulative_gas) {
  evm::Log log;
  log.address = Address{{9}};
  log.topic_count = 1;
  log.topic_words[0] = Hash256{{7}};
  log.data = {1, 2, 3};
  Receipt receipt{EnvelopeType::kLegacy, true, cumulative_gas, {}, {log}};
  fill_blooms(std::span(&receipt, 1));
  return receipt;
}

/// A block of one payment.
struct Sample {
  Block block;
  BlockEntry entry;
  BlockOutcome outcome;

  explicit Sample(std::uint64_t number, std::uint8_t branch = 0) {
    block.header.number = number;
    block.header.extra = {branch};
    block.transactions = {payment(number * 256 + branch)};
    entry = {block.header, hash_of(block.header), U256::from_uint64(number + 1), Address{{3}}};
    outcome = {{Address{{4}}}, {paid(21'000)}, {}};
  }
  [[nodiscard]] std::vector<Hash256> hashes() const {
    return transaction_hashes(block.transactions);
  }
};

class Blocks : public ::testing::Test {
 protected:
  void put(const Sample& sample, bool is_canonical = true) {
    storage::Batch batch;
    store_.put_block(batch, sample.entry, sample.block);
    if (is_canonical) store_.put_canonical(batch, sample.entry, sample.outcome, sample.hashes());
    ASSERT_TRUE(store_.write(batch, Durability::kSynced).ok());
  }
  void apply(const storage::Batch& batch) {
    ASSERT_TRUE(store_.write(batch, Durability::kSynced).ok());
  }
  bool is_whole(const Sample& sample) {
    const bool has_place = store_.transaction(sample.hashes().front()).value().has_value();
    EXPECT_EQ(store_.block(sample.entry).value().has_value(), has_place);
    EXPECT_EQ(store_.outcome(sample.entry).value().has_value(), has_place);
    return has_place;
  }

  testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_ = disk_.open(execution_families());
  BlockStore store_{*database_, 4};
};

TEST_F(Blocks, AreReadAsTheyWerePut) {
  Sample sample(7);
  sample.outcome.state_sync_receipt = paid(21'000);
  put(sample);
  const auto entry = store_.canonical(7).value();
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->header, sample.block.header);
  EXPECT_EQ(entry->hash, sample.entry.hash);
  EXPECT_EQ(entry->total_difficulty, U256::from_uint64(8));
  EXPECT_EQ(entry->producer, (Address{{3}}));
  EXPECT_EQ(encode_block(*store_.block(*entry).value()), encode_block(sample.block));
  const BlockOutcome outcome = *store_.outcome(*entry).value();
  EXPECT_EQ(outcome.senders, sample.outcome.senders);
  EXPECT_EQ(outcome.receipts, sample.outcome.receipts);
  EXPECT_EQ(outcome.state_sync_receipt, sample.outcome.state_sync_receipt);
  EXPECT_EQ(store_.transaction(sample.hashes().front()).value(), (TransactionPlace{7, 0}));
  EXPECT_EQ(store_.transaction(Hash256{}).value(), std::nullopt);
  EXPECT_EQ(store_.entry(Hash256{}).value(), nullptr);
}

TEST_F(Blocks, ThatAreNoLongerCanonicalStayKept) {
  const Sample sample(7);
  put(sample);
  storage::Batch batch;
  ASSERT_TRUE(store_.drop_canonical(batch, 7).ok());
  apply(batch);
  EXPECT_EQ(store_.canonical(7).value(), nullptr);
  EXPECT_EQ(store_.transaction(sample.hashes().front()).value(), std::nullopt);
  EXPECT_TRUE(store_.block(sample.entry).value().has_value());
  EXPECT_NE(store_.entry(sample.entry.hash).value(), nullptr);
}

TEST_F(Blocks, OfLostBranchesGoByTheirNumber) {
  const Sample canonical(7);
  const Sample side(7, 1);
  const Sample next(8, 1);
  put(canonical);
  put(side, false);
  put(next, false);
  ASSERT_NE(store_.entry(side.entry.hash).value(), nullptr);
  storage::Batch batch;
  ASSERT_TRUE(store_.forget_sides(batch, 7).ok());
  apply(batch);
  EXPECT_EQ(store_.entry(side.entry.hash).value(), nullptr);
  EXPECT_NE(store_.entry(canonical.entry.hash).value(), nullptr);
  EXPECT_NE(store_.entry(next.entry.hash).value(), nullptr);
}

TEST_F(Blocks, OfThePastGoAsFarAsThePolicyLetsThem) {
  constexpr std::uint64_t kHead = BlockHistory::kMinKeptBlocks + 10;
  for (std::uint64_t number = 0; number <= 12; ++number) put(Sample(number));
  BlockHistory history(store_);
  ASSERT_TRUE(history.load().ok());
  EXPECT_EQ(history.prune(kHead, 100).value(), 0U);
  ASSERT_TRUE(history.keep(BlockHistory::kMinKeptBlocks).ok());
  EXPECT_EQ(history.prune(kHead, 3).value(), 3U);
  storage::Batch batch;
  ASSERT_TRUE(history.add_to(batch, kHead).ok());
  apply(batch);
  EXPECT_EQ(history.prune(kHead, 100).value(), 3U);
  for (std::uint64_t number = 0; number <= 12; ++number) {
    EXPECT_EQ(is_whole(Sample(number)), number == 0 || number > 10) << number;
    EXPECT_NE(store_.canonical(number).value(), nullptr);
  }
  BlockHistory again(store_);
  ASSERT_TRUE(again.load().ok());
  EXPECT_EQ(again.policy(), (HistoryPolicy{BlockHistory::kMinKeptBlocks, 11}));
}

TEST_F(Blocks, KeepTheSetOfASprintsEnd) {
  const Sample sample(15);
  auto set = ValidatorSet::make({{1, Address{{1}}, 10}, {2, Address{{2}}, -1 + 21}}).value();
  for (int i = 0; i < 3; ++i) set = set.after_sprint(set.members());
  storage::Batch batch;
  store_.put_producers(batch, sample.entry, set);
  apply(batch);
  EXPECT_EQ(*store_.producers(sample.entry).value(), set);
  EXPECT_EQ(store_.producers(Sample(16).entry).value(), nullptr);
}

TEST(BlockRecords, AreRefusedInAnyOtherForm) {
  const Sample sample(7);
  Bytes entry = encode_entry(sample.entry);
  entry.push_back(0);
  EXPECT_FALSE(decode_entry(entry).ok());
  EXPECT_FALSE(decode_outcome(encode_entry(sample.entry)).ok());
  const auto twice = RlpWriter().bytes({}).list(RlpWriter()).list(RlpWriter().list({}).list({}));
  EXPECT_FALSE(decode_outcome(twice.as_list()).ok());
  EXPECT_EQ(decode_place(RlpWriter().integer(1).as_list()).error().field, "place.index");
  EXPECT_FALSE(decode_producers(RlpWriter().integer(0).integer(0).list({}).as_list()).ok());
}

}  // namespace
}  // namespace buri::execution::chain
