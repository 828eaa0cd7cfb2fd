#include "node/consensus/mempool/tx_pool.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/node/consensus/mempool/scripted_checker.hpp"
#include "tests/unit/node/golden.hpp"

/// The fork's rules on its mempool, as a list of claims (mempool/clist_mempool_test.go has the
/// scenarios).

namespace buri::consensus::mempool {
namespace {

class TxPoolTest : public ::testing::Test {
 protected:
  TxPool& pool(const PoolOptions& options = {}, TxLimits limits = {}) {
    pool_.emplace(options, checker_, buri::testing::engine(), clock_, 7, limits);
    return *pool_;
  }
  SubmitResult submit(std::string_view text, SenderId sender = kNoSender) {
    return pool_->submit(as_bytes(text), sender);
  }
  std::string fault(std::string_view text) {
    const auto result = submit(text);
    return result.ok() ? "" : describe(result.error());
  }
  /// What is in the pool, in order.
  std::string contents() {
    std::string all;
    for (const Bytes& tx : pool_->reap(-1, -1)) all += std::string(as_text(tx)) + " ";
    return all;
  }
  void block(std::int64_t height, const std::vector<std::string>& txs,
             std::vector<std::uint32_t> codes = {}, TxLimits limits = {}) {
    std::vector<Bytes> bytes;
    for (const auto& text : txs) bytes.emplace_back(text.begin(), text.end());
    codes.resize(txs.size());
    const auto hold = pool_->hold();
    pool_->update(hold, height, bytes, codes, limits);
  }

  testing::ScriptedChecker checker_;
  ManualClock clock_;
  std::optional<TxPool> pool_;
};

TEST_F(TxPoolTest, KeepsTheOrderInWhichTransactionsCame) {
  pool();
  for (const auto* text : {"c", "a", "b"}) EXPECT_TRUE(submit(text).ok());
  EXPECT_EQ(contents(), "c a b ");
  EXPECT_EQ(pool_->size().txs, 3u);
  EXPECT_EQ(pool_->size().bytes, 3u);
  EXPECT_EQ(pool_->first(2).size(), 2u);
  EXPECT_EQ(pool_->first(2)[1].height, 7);
}

TEST_F(TxPoolTest, AsksOnceForCopiesAndNotesWhoElseSentThem) {
  pool();
  ASSERT_TRUE(submit("a", 1).ok());
  EXPECT_EQ(submit("a", 2).error().error, SubmitError::kSeen);
  EXPECT_EQ(fault("a"), "tx already exists in cache");
  EXPECT_EQ(checker_.asked.size(), 1u);
  EXPECT_TRUE(pool_->next_for(1, 0)->is_from_peer);
  EXPECT_TRUE(pool_->next_for(2, 0)->is_from_peer);
  EXPECT_FALSE(pool_->next_for(3, 0)->is_from_peer);
  EXPECT_FALSE(pool_->next_for(3, pool_->next_for(3, 0)->tx.place));
}

TEST_F(TxPoolTest, ForgetsWhatTheApplicationRefusedUnlessToldToKeepIt) {
  pool();
  checker_.codes["bad"] = 4;
  EXPECT_EQ(submit("bad")->code, 4u);
  EXPECT_EQ(submit("bad")->code, 4u);
  EXPECT_EQ(contents(), "");
  EXPECT_EQ(pool_->counters().failed, 2u);
  pool({.keep_invalid_in_cache = true});
  EXPECT_EQ(submit("bad")->code, 4u);
  EXPECT_EQ(submit("bad").error().error, SubmitError::kSeen);
}

TEST_F(TxPoolTest, TakesNoMoreThanItsLimits) {
  pool({.max_txs = 2, .max_bytes = 10, .max_tx_bytes = 6});
  EXPECT_EQ(fault("1234567"), "Tx too large. Max size is 6, but got 7");
  EXPECT_TRUE(submit("123456").ok());
  EXPECT_EQ(fault("12345"),
            "mempool is full: number of txs 1 (max: 2), total txs bytes 6 (max: 10)");
  EXPECT_TRUE(submit("1234").ok());
  EXPECT_EQ(fault(""), "mempool is full: number of txs 2 (max: 2), total txs bytes 10 (max: 10)");
  EXPECT_EQ(pool_->counters().rejected, 2u);
  block(8, {"123456"});
  EXPECT_TRUE(submit("12345").ok()) << "there is room again, and it was not kept for known";
}

TEST_F(TxPoolTest, RefusesWhatNoBlockCouldHold) {
  pool({}, {.bytes = 12, .gas = 100});
  EXPECT_TRUE(submit("0123456789").ok());
  EXPECT_EQ(fault("0123456789a"), "tx pre check: tx size is too big: 13, max: 12");
  checker_.gas["hungry"] = 101;
  EXPECT_EQ(fault("hungry"), "gas wanted 101 is greater than max gas 100");
  checker_.gas["negative"] = ~std::uint64_t{0};
  EXPECT_EQ(fault("negative"), "gas wanted -1 is negative");
  EXPECT_EQ(contents(), "0123456789 ");
  block(8, {}, {}, {.bytes = 12, .gas = 200});
  EXPECT_TRUE(submit("hungry").ok()) << "the new block's limits count, and it is not known";
  block(9, {}, {}, {.bytes = 12, .gas = 50});
  EXPECT_EQ(contents(), "0123456789 ") << "a recheck holds it against them as well";
}

struct ReapRow {
  std::int64_t bytes;
  std::int64_t gas;
  std::size_t expected;
};

TEST_F(TxPoolTest, ReapsFromTheFrontWhatFits) {
  pool();
  for (int i = 0; i < 20; ++i) {
    const std::string text = "transaction-with-" + std::to_string(100 + i);  // 20 bytes, 22 framed
    checker_.gas[text] = 1;
    ASSERT_TRUE(submit(text).ok());
  }
  constexpr ReapRow kRows[] = {{-1, -1, 20}, {-1, 0, 0},    {-1, 10, 10},  {-1, 30, 20},
                               {0, -1, 0},   {0, 10, 0},    {10, 10, 0},   {24, 10, 1},
                               {240, 5, 5},  {240, -1, 10}, {240, 15, 10}, {20000, 5, 5}};
  for (const ReapRow& row : kRows) {
    EXPECT_EQ(pool_->reap(row.bytes, row.gas).size(), row.expected) << row.bytes << " " << row.gas;
  }
  EXPECT_EQ(pool_->size().txs, 20u) << "reaping takes nothing out";
}

TEST_F(TxPoolTest, ABlocksTransactionsLeaveAndStayKnownWhereTheySucceeded) {
  pool({.recheck = false});
  for (const auto* text : {"good", "bad", "left"}) ASSERT_TRUE(submit(text).ok());
  block(8, {"good", "bad", "foreign"}, {0, 5, 0});
  EXPECT_EQ(contents(), "left ");
  EXPECT_EQ(submit("good").error().error, SubmitError::kSeen);
  EXPECT_EQ(submit("foreign").error().error, SubmitError::kSeen);
  EXPECT_TRUE(submit("bad").ok()) << "it may be sent again";
  EXPECT_EQ(pool_->first(2)[1].height, 8);
}

TEST_F(TxPoolTest, ChecksTheRestAgainInOrderAfterABlock) {
  pool();
  for (const auto* text : {"a", "b", "c"}) ASSERT_TRUE(submit(text).ok());
  checker_.asked.clear();
  checker_.codes["b"] = 32;
  block(8, {"a"});
  EXPECT_EQ(checker_.asked, (std::vector<std::string>{"again b", "again c"}));
  EXPECT_EQ(contents(), "c ");
  EXPECT_EQ(pool_->counters().evicted, 1u);
  checker_.codes.clear();
  EXPECT_TRUE(submit("b").ok()) << "what a recheck put out is not known any more";
}

TEST_F(TxPoolTest, ARecheckEndsWhenItsTimeIsUp) {
  pool();
  for (const auto* text : {"a", "b", "c"}) ASSERT_TRUE(submit(text).ok());
  checker_.on_ask = [&] { clock_.advance(std::chrono::milliseconds(600)); };
  checker_.codes = {{"a", 1}, {"b", 1}, {"c", 1}};
  block(8, {});
  EXPECT_EQ(contents(), "c ") << "two took 1.2 s";
  EXPECT_EQ(pool_->counters().not_rechecked, 1u);
}

TEST_F(TxPoolTest, SignaturesOfWhatIsNewAreCheckedAsOneBatch) {
  pool();
  ASSERT_TRUE(submit("known").ok());
  const std::vector<Submission> all{
      {as_bytes("a"), 1}, {as_bytes("known"), 1}, {as_bytes("b"), 2}, {as_bytes("a"), 2}};
  const auto results = pool_->submit_all(all);
  EXPECT_EQ(checker_.batches, std::vector<std::size_t>{2});
  EXPECT_TRUE(results[0].ok() && !results[1].ok() && results[2].ok() && !results[3].ok());
  EXPECT_EQ(contents(), "known a b ");
}

TEST_F(TxPoolTest, AFailedApplicationIsNoVerdict) {
  pool();
  ASSERT_TRUE(submit("a").ok());
  checker_.has_failed = true;
  EXPECT_EQ(fault("b"), "the disk is gone");
  block(8, {});
  EXPECT_EQ(contents(), "a ") << "nothing is thrown out unheard";
  checker_.has_failed = false;
  EXPECT_TRUE(submit("b").ok());
}

TEST_F(TxPoolTest, RemembersTheLastHashesAlone) {
  pool({.cache_size = 2, .recheck = false});
  for (const auto* text : {"a", "b", "c"}) ASSERT_TRUE(submit(text).ok());
  EXPECT_EQ(submit("a").error().error, SubmitError::kSeen) << "it is still in the pool";
  block(8, {"a", "b", "c"});
  EXPECT_EQ(submit("c").error().error, SubmitError::kSeen);
  EXPECT_TRUE(submit("a").ok()) << "pushed out by the other two";
}

TEST_F(TxPoolTest, FlushForgetsEverything) {
  pool();
  ASSERT_TRUE(submit("a").ok());
  pool_->flush();
  EXPECT_EQ(pool_->size().txs, 0u);
  EXPECT_EQ(pool_->size().bytes, 0u);
  EXPECT_TRUE(submit("a").ok());
  const Hash256 hash = pool_->first(1)[0].hash;
  EXPECT_TRUE(pool_->contains(hash));
  EXPECT_TRUE(pool_->remove(hash));
  EXPECT_FALSE(pool_->remove(hash));
  EXPECT_EQ(submit("a").error().error, SubmitError::kSeen);
}

TEST_F(TxPoolTest, ServesSeveralThreads) {
  pool({.max_txs = 400});
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        static_cast<void>(
            submit(std::to_string(t % 2) + "-" + std::to_string(i), static_cast<SenderId>(t) + 1));
        static_cast<void>(pool_->reap(1000, -1));
        if (i % 50 == 0) block(8 + i, {"0-" + std::to_string(i)});
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(pool_->size().txs, 400u);
  EXPECT_GE(pool_->size().txs, 380u);
}

}  // namespace
}  // namespace buri::consensus::mempool
