#include "node/consensus/metrics/application_metrics.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/consensus/app/offline_facts.hpp"
#include "tests/unit/node/consensus/metrics/exposition.hpp"

namespace buri::consensus::metrics {
namespace {

using app::AbciCall;
using app::ModuleCallKind;
using buri::testing::sample;
using std::chrono::milliseconds;

class ApplicationMetricsTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string page() const {
    MetricsPage gathered;
    metrics_.add_to(gathered);
    return "\n" + registry_.expose() + gathered.text();
  }

  Metrics registry_;
  ApplicationMetrics metrics_{registry_, {"cometbft", "c"}};
};

TEST_F(ApplicationMetricsTest, TimeCallsUnderBothNames) {
  metrics_.called(AbciCall::kPrepareProposal, milliseconds(3), true);
  metrics_.called(AbciCall::kFinalizeBlock, milliseconds(30), true);
  metrics_.called(AbciCall::kCheckTx, milliseconds(1), true);
  metrics_.stage_done(app::BlockStage::kPreBlock, milliseconds(7));
  const std::string text = page();
  const auto calls = [&](const std::string& labels, const char* part) {
    return sample(text, "cometbft_abci_connection_method_timing_seconds_" + std::string(part) +
                            R"({chain_id="c",)" + labels + "}");
  };
  EXPECT_EQ(calls(R"(method="prepare_proposal",type="sync")", "sum"), 0.003);
  EXPECT_EQ(calls(R"(method="finalize_block",type="sync")", "count"), 1);
  EXPECT_EQ(calls(R"(method="check_tx",type="async")", "count"), 1);
  EXPECT_EQ(calls(R"(method="commit",type="sync")", "count"), 0);
  EXPECT_EQ(sample(text, R"(cometbft_state_block_processing_time_bucket{chain_id="c",le="21"})"),
            0);
  EXPECT_EQ(sample(text, R"(cometbft_state_block_processing_time_bucket{chain_id="c",le="31"})"),
            1);
  EXPECT_EQ(sample(text, "heimdallv2_abci_prepare_proposal_duration_seconds_sum"), 0.003);
  EXPECT_EQ(sample(text, "heimdallv2_abci_pre_blocker_duration_seconds_sum"), 0.007);
  EXPECT_EQ(sample(text, "heimdallv2_abci_begin_blocker_duration_seconds_count"), 1);
  EXPECT_EQ(sample(text, "heimdallv2_abci_end_blocker_duration_seconds_count"), 0);
}

TEST_F(ApplicationMetricsTest, CountVerdicts) {
  metrics_.called(AbciCall::kProcessProposal, {}, true);
  metrics_.called(AbciCall::kProcessProposal, {}, false);
  metrics_.called(AbciCall::kVerifyVoteExtension, {}, true);
  metrics_.called(AbciCall::kPrepareProposal, {}, true);
  metrics_.called(AbciCall::kPrepareProposal, {}, false);
  metrics_.side_tx_tallied(app::SideOutcome::kApproved);
  metrics_.side_tx_tallied(app::SideOutcome::kUndecided);
  metrics_.budget_exhausted(app::BudgetPhase::kMilestone);
  metrics_.signatures_checked(12);
  const std::string text = page();
  const auto counted = [&](const std::string& name) { return sample(text, name).value_or(-1); };
  const std::string consensus = "cometbft_consensus_";
  EXPECT_EQ(counted(consensus + R"(proposal_receive_count{chain_id="c",status="accepted"})"), 1);
  EXPECT_EQ(counted(consensus + R"(proposal_receive_count{chain_id="c",status="rejected"})"), 1);
  EXPECT_EQ(counted(consensus + R"(vote_extension_receive_count{chain_id="c",status="accepted"})"),
            1);
  EXPECT_EQ(counted(consensus + R"(vote_extension_receive_count{chain_id="c",status="rejected"})"),
            0);
  EXPECT_EQ(counted(consensus + R"(proposal_create_count{chain_id="c"})"), 1);
  EXPECT_EQ(counted("heimdallv2_sidetx_consensus_approved_total"), 1);
  EXPECT_EQ(counted("heimdallv2_sidetx_consensus_rejected_total"), 0);
  EXPECT_EQ(counted("heimdallv2_sidetx_consensus_failures_total"), 1);
  const std::string budget = "heimdallv2_abci_extend_vote_budget_exhausted_total";
  EXPECT_EQ(counted(budget + R"({phase="pre_milestone"})"), 1);
  EXPECT_EQ(counted(budget + R"({phase="side_tx_loop"})"), 0);
  EXPECT_EQ(counted("buri_application_signatures_checked_total"), 12);
}

TEST_F(ApplicationMetricsTest, CountCallsOfModulesByStocksNames) {
  const std::string span = "/heimdallv2.bor.MsgProposeSpan";
  metrics_.module_called(ModuleCallKind::kPost, span, milliseconds(4), true);
  metrics_.module_called(ModuleCallKind::kPost, span, milliseconds(4), false);
  metrics_.module_called(ModuleCallKind::kQuery, "heimdallv2.topup.Query/IsTopupTxOld", {}, true);
  metrics_.module_called(ModuleCallKind::kTx, "/cosmos.bank.v1beta1.MsgSend", {}, true);
  const std::string text = page();
  const std::string post = R"({method="PostHandleMsgSpan",type="post"})";
  EXPECT_EQ(sample(text, "heimdallv2_bor_api_calls_total" + post), 2);
  EXPECT_EQ(sample(text, "heimdallv2_bor_api_calls_success_total" + post), 1);
  EXPECT_EQ(sample(text, "heimdallv2_bor_api_response_time_seconds_sum" + post), 0.008);
  EXPECT_EQ(sample(text, R"(heimdallv2_topup_api_calls_total{method="IsTopupTxOld",type="query"})"),
            1);
  EXPECT_EQ(text.find("MsgSend"), std::string::npos) << "stock does not count it";
}

/// No message or query of the modules that stock counts is forgotten here by mistake.
TEST(ModuleMethods, HaveNamesForEverythingThatStockCounts) {
  app::OfflineFacts offline;
  const app::ModuleSet modules(offline.facts(), {});
  for (const auto& [type_url, type] : modules.registry().messages()) {
    const bool is_counted = std::ranges::any_of(kCountedModules, [&](std::string_view module) {
      return type_url.starts_with("/heimdallv2." + std::string(module) + ".");
    });
    EXPECT_EQ(module_method(ModuleCallKind::kTx, type_url).has_value(), is_counted) << type_url;
    if (!is_counted || !type.is_side_message()) continue;
    const bool has_side = type_url != "/heimdallv2.bor.MsgBackfillSpans";
    EXPECT_EQ(module_method(ModuleCallKind::kSide, type_url).has_value(), has_side) << type_url;
    EXPECT_TRUE(module_method(ModuleCallKind::kPost, type_url).has_value()) << type_url;
  }
  std::size_t queries = 0;
  for (const std::string_view method : modules.queries().methods()) {
    if (module_method(ModuleCallKind::kQuery, method)) ++queries;
  }
  EXPECT_EQ(queries, 44U) << "those of heimdall-v2 v0.10.0, metrics/api/";
  EXPECT_FALSE(module_method(ModuleCallKind::kQuery, "cosmos.bank.v1beta1.Query/Balance"));
  EXPECT_FALSE(
      module_method(ModuleCallKind::kQuery, "heimdallv2.stake.Query/GetValidatorStatusByAddress"));
  EXPECT_FALSE(module_method(ModuleCallKind::kQuery, "heimdallv2.borrowed.Query/X"));
}

}  // namespace
}  // namespace buri::consensus::metrics
