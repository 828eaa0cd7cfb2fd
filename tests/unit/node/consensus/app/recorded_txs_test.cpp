#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/node/consensus/app/machine.hpp"
#include "tests/unit/node/consensus/app/recorded_chain.hpp"

/// Every recorded transaction of the modules that exist, executed on the recorded state before it:
/// result, events and each metered access must be the stock daemon's.

namespace buri::consensus::app {
namespace {

std::string text_of(const std::vector<records::GasOperationRecord>& operations) {
  std::string text;
  for (const auto& operation : operations) {
    text += operation.store + " " + operation.operation + " " + to_hex(operation.key) + " " +
            std::to_string(operation.value_bytes) + " " + std::to_string(operation.gas_after) +
            "\n";
  }
  return text;
}

class RecordedTxs : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string why;
    chain_ = recorded_chain(GetParam(), why);
    if (chain_ == nullptr) GTEST_SKIP() << why;
  }
  const RecordedChain* chain_ = nullptr;
};

TEST_P(RecordedTxs, HaveTheRecordedResultsEventsAndAccesses) {
  Machine machine;
  runtime::MemoryStores stores;
  std::size_t compared = 0;
  std::size_t unknown = 0;
  for (const auto& [height, transactions] : chain_->transactions) {
    const runtime::BlockFacts facts = facts_of(*chain_, height);
    const auto& results = chain_->results.at(height).txs;
    runtime::GasMeter block_gas = block_gas_meter(facts);
    runtime::GasMeter meter = runtime::GasMeter::infinite();
    runtime::EventLog events;
    store::Branch branch(stores.stores());
    if (height == 1) apply(chain_->writes.at(1), stores);
    bool is_state_known = true;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
      SCOPED_TRACE("height " + std::to_string(height) + " tx " + std::to_string(i));
      const auto decoded = machine.runner.decode(transactions[i]);
      const bool was_undecodable = results[i].code == 2 && results[i].codespace == "sdk";
      const bool is_strange = !decoded.ok() && !was_undecodable;
      if (is_strange) is_state_known = false;
      if (!is_state_known) {
        ++unknown;
        continue;
      }
      TraceCollector trace;
      const runtime::Context context =
          runtime::Context(facts, branch, meter, events).with_trace(&trace);
      const auto result = machine.runner.deliver(context, block_gas, decoded);
      ASSERT_TRUE(result.ok()) << result.error().log;
      EXPECT_EQ(result->code, results[i].code) << result->log << "\nrecorded " << results[i].log;
      EXPECT_EQ(result->codespace, results[i].codespace);
      EXPECT_EQ(result->gas_wanted, results[i].gas_wanted);
      EXPECT_EQ(result->gas_used, results[i].gas_used);
      EXPECT_EQ(to_hex(result->data), to_hex(results[i].data));
      EXPECT_EQ(in_record_form(result->events), results[i].events);
      const auto recorded = chain_->traces.find({height, i});
      if (recorded != chain_->traces.end()) {
        EXPECT_EQ(text_of(trace.operations()), text_of(recorded->second.operations));
      }
      ++compared;
      if (HasFailure()) FAIL() << "the first difference stops the run";
    }
    apply(chain_->writes.at(height), stores);
  }
  RecordProperty("compared", static_cast<int>(compared));
  std::cout << compared << " transactions equal, " << unknown << " skipped\n";
  EXPECT_GT(compared, 100U);
}

TEST_P(RecordedTxs, DecodeAndEncodeToTheSameBytesAndHash) {
  Machine machine;
  for (const records::SentTxRecord& sent : chain_->sent) {
    SCOPED_TRACE(sent.label);
    EXPECT_EQ(tx::transaction_hash(sent.raw), sent.hash);
    const auto decoded = machine.runner.decode(sent.raw);
    if (!decoded.ok()) continue;
    EXPECT_EQ(codec::encode(decoded->parts), sent.raw);
  }
}

/// The state of a probe is that of the height at which it was sent, before the block after it.
TEST_P(RecordedTxs, AreCheckedWithTheRecordedVerdicts) {
  Machine machine;
  runtime::MemoryStores stores;
  std::int64_t height = 0;
  std::size_t compared = 0;
  for (const records::SentTxRecord& sent : chain_->sent) {
    const bool is_probe = sent.label.starts_with("probe") || sent.label.ends_with("(refused)");
    const auto decoded = machine.runner.decode(sent.raw);
    const bool is_known = decoded.ok() || sent.check_code == 2;
    if (!is_probe || !is_known || !chain_->results.contains(sent.submitted_at_height + 1)) continue;
    SCOPED_TRACE(sent.label);
    ASSERT_GE(sent.submitted_at_height, height);
    while (height < sent.submitted_at_height) apply(chain_->writes.at(++height), stores);
    const runtime::BlockFacts facts = facts_of(*chain_, height);
    store::Branch branch(stores.stores());
    runtime::GasMeter meter = runtime::GasMeter::infinite();
    runtime::EventLog events;
    const auto result = machine.runner.check(runtime::Context(facts, branch, meter, events),
                                             decoded, TxMode::kCheck);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->code, sent.check_code) << result->log << "\nrecorded " << sent.check_log;
    EXPECT_EQ(result->codespace, sent.check_codespace);
    ++compared;
  }
  std::cout << compared << " verdicts compared\n";
  if (std::string(GetParam()) == "A") EXPECT_GE(compared, 20U);
}

INSTANTIATE_TEST_SUITE_P(Chains, RecordedTxs, ::testing::Values("A", "B"));

}  // namespace
}  // namespace buri::consensus::app
