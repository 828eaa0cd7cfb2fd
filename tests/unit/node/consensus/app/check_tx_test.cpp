#include <gtest/gtest.h>

#include <filesystem>

#include "node/consensus/app/proposal_rules.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/unit/node/consensus/replay/chain_run.hpp"

/// What the mempool takes, against the answers of the stock daemon.

namespace buri::consensus::app {
namespace {

/// Transactions that the stock daemon refused at a recorded height, checked at that height.
TEST(CheckTx, RefusesWhatTheStockDaemonRefused) {
  const auto files = replay::chain_a();
  if (!files) GTEST_SKIP() << "no recorded chain A";
  const auto folder = std::filesystem::path(files->blocks).parent_path();
  std::multimap<std::int64_t, records::SentTxRecord> refused;
  const auto read = records::for_each_sent_tx(
      (folder / "txs.jsonl.xz").string(),
      [&](const records::SentTxRecord& sent) -> Status<records::RecordError> {
        const bool is_alone = sent.label.starts_with("probe") || sent.label.ends_with("(refused)");
        if (is_alone && sent.check_code != 0) refused.emplace(sent.submitted_at_height, sent);
        return Unit{};
      });
  ASSERT_TRUE(read.ok());
  replay::ChainRun run(*files);
  std::size_t compared = 0;
  while (!run.at_end()) {
    run.step();
    const auto [first, last] = refused.equal_range(run.app().height());
    for (auto it = first; it != last; ++it) {
      const auto result = run.app().check_tx(it->second.raw, TxMode::kCheck);
      ASSERT_TRUE(result.ok());
      EXPECT_EQ(result->code, it->second.check_code) << it->second.label << ": " << result->log;
      EXPECT_EQ(result->codespace, it->second.check_codespace) << it->second.label;
      ++compared;
    }
  }
  EXPECT_GE(compared, 20U);
}

/// A transaction of the next block passes until it is taken, and then again after the block only if
/// it is not yet in it.
TEST(CheckTx, TakesATransactionOnce) {
  replay::ChainRun run(replay::bundled_chain());
  while (run.next().block.txs.size() < 2) run.step();
  const Bytes raw = run.next().block.txs[1];
  const auto code = [&](TxMode mode) { return run.app().check_tx(raw, mode)->code; };
  EXPECT_EQ(code(TxMode::kCheck), 0U);
  EXPECT_EQ(code(TxMode::kCheck), 32U) << "its sequence is used up";
  run.step();
  EXPECT_EQ(code(TxMode::kRecheck), 32U);
}

TEST(CheckTx, RefusesWhatDoesNotDecodeWithoutACodespace) {
  replay::ChainRun run(replay::bundled_chain());
  run.step();
  const auto result = run.app().check_tx(Bytes{1, 2, 3}, TxMode::kCheck);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->code, 2U);
  EXPECT_EQ(result->codespace, "");
}

}  // namespace
}  // namespace buri::consensus::app
