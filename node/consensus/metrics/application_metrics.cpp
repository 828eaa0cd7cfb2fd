#include "node/consensus/metrics/application_metrics.hpp"

namespace buri::consensus::metrics {
namespace {

using app::AbciCall;

/// How CometBFT labels each call: its name, and whether it waits for the answer.
struct CallName {
  std::string_view method;
  std::string_view type = "sync";
};
constexpr std::array<CallName, app::kAbciCallCount> kCallNames{{
    {"init_chain"},
    {"prepare_proposal"},
    {"process_proposal"},
    {"extend_vote"},
    {"verify_vote_extension"},
    {"finalize_block"},
    {"commit"},
    {"check_tx", "async"},
}};

/// Names and help texts of what Heimdall times.
struct TimedName {
  std::string_view name;
  std::string_view help;
};
constexpr std::array<TimedName, 7> kTimedNames{{
    {"heimdallv2_abci_pre_blocker_duration_seconds",
     "Time that what comes before a block's transactions took."},
    {"heimdallv2_abci_begin_blocker_duration_seconds",
     "Time that modules took at a block's beginning, where none has work."},
    {"heimdallv2_abci_end_blocker_duration_seconds", "Time that modules took at a block's end."},
    {"heimdallv2_abci_prepare_proposal_duration_seconds", "Time that making a proposal took."},
    {"heimdallv2_abci_process_proposal_duration_seconds", "Time that judging a proposal took."},
    {"heimdallv2_abci_extend_vote_duration_seconds", "Time that making a vote extension took."},
    {"heimdallv2_abci_verify_vote_extension_duration_seconds",
     "Time that judging a vote extension took."},
}};

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

ApplicationMetrics::ApplicationMetrics(Metrics& registry, const StockNames& names)
    : block_milliseconds_(registry.histogram(names.name("state_block_processing_time"),
                                             "Milliseconds that executing a block took.",
                                             block_millisecond_bounds(), names.labels())),
      proposals_made_(registry.counter(names.name("consensus_proposal_create_count"),
                                       "Proposals that this node made.", names.labels())),
      proposals_accepted_(registry.counter(names.name("consensus_proposal_receive_count"),
                                           "Proposals by the application's verdict.",
                                           names.labels({{"status", "accepted"}}))),
      proposals_rejected_(registry.counter(names.name("consensus_proposal_receive_count"),
                                           "Proposals by the application's verdict.",
                                           names.labels({{"status", "rejected"}}))),
      extensions_accepted_(registry.counter(names.name("consensus_vote_extension_receive_count"),
                                            "Vote extensions by the application's verdict.",
                                            names.labels({{"status", "accepted"}}))),
      extensions_rejected_(registry.counter(names.name("consensus_vote_extension_receive_count"),
                                            "Vote extensions by the application's verdict.",
                                            names.labels({{"status", "rejected"}}))),
      side_approved_(registry.counter("heimdallv2_sidetx_consensus_approved_total",
                                      "Side transactions that two thirds voted yes on.")),
      side_rejected_(registry.counter("heimdallv2_sidetx_consensus_rejected_total",
                                      "Side transactions that two thirds voted no on.")),
      side_undecided_(registry.counter("heimdallv2_sidetx_consensus_failures_total",
                                       "Side transactions without two thirds for an answer.")),
      budget_of_side_txs_(registry.counter("heimdallv2_abci_extend_vote_budget_exhausted_total",
                                           "Vote extensions whose time was over, by where.",
                                           {{"phase", "side_tx_loop"}})),
      budget_of_milestone_(registry.counter("heimdallv2_abci_extend_vote_budget_exhausted_total",
                                            "Vote extensions whose time was over, by where.",
                                            {{"phase", "pre_milestone"}})) {
  for (std::size_t i = 0; i < kCallNames.size(); ++i) {
    calls_[i] =
        &registry.histogram(names.name("abci_connection_method_timing_seconds"),
                            "Seconds that calls of the application took.", call_second_bounds(),
                            names.labels({{"method", std::string(kCallNames[i].method)},
                                          {"type", std::string(kCallNames[i].type)}}));
  }
}

std::optional<ApplicationMetrics::Timed> ApplicationMetrics::timed_of(AbciCall call) {
  switch (call) {
    case AbciCall::kPrepareProposal:
      return kPrepare;
    case AbciCall::kProcessProposal:
      return kProcess;
    case AbciCall::kExtendVote:
      return kExtend;
    case AbciCall::kVerifyVoteExtension:
      return kVerify;
    default:
      return std::nullopt;
  }
}

void ApplicationMetrics::called(AbciCall call, std::chrono::nanoseconds took, bool is_good) {
  calls_[static_cast<std::size_t>(call)]->observe(seconds(took));
  if (const auto timed = timed_of(call)) timed_[*timed].observe(seconds(took));
  if (call == AbciCall::kFinalizeBlock) {
    block_milliseconds_.observe(std::chrono::duration<double, std::milli>(took).count());
  }
  count_verdict(call, is_good);
}

void ApplicationMetrics::count_verdict(AbciCall call, bool is_good) {
  if (call == AbciCall::kPrepareProposal && is_good) proposals_made_.add();
  if (call == AbciCall::kProcessProposal) {
    (is_good ? proposals_accepted_ : proposals_rejected_).add();
  }
  if (call == AbciCall::kVerifyVoteExtension) {
    (is_good ? extensions_accepted_ : extensions_rejected_).add();
  }
}

void ApplicationMetrics::stage_done(app::BlockStage stage, std::chrono::nanoseconds took) {
  if (stage == app::BlockStage::kEndBlock) return timed_[kEndBlocker].observe(seconds(took));
  timed_[kPreBlocker].observe(seconds(took));
  // No module has work at a block's beginning: it takes no time, once a block.
  timed_[kBeginBlocker].observe(0);
}

void ApplicationMetrics::side_tx_tallied(app::SideOutcome outcome) {
  switch (outcome) {
    case app::SideOutcome::kApproved:
      return side_approved_.add();
    case app::SideOutcome::kRejected:
      return side_rejected_.add();
    case app::SideOutcome::kUndecided:
      return side_undecided_.add();
  }
}

void ApplicationMetrics::budget_exhausted(app::BudgetPhase phase) {
  (phase == app::BudgetPhase::kSideTxs ? budget_of_side_txs_ : budget_of_milestone_).add();
}

void ApplicationMetrics::module_called(app::ModuleCallKind kind, std::string_view name,
                                       std::chrono::nanoseconds took, bool is_good) {
  const auto method = module_method(kind, name);
  if (!method) return;
  const std::lock_guard lock(mutex_);
  MethodFigures& figures =
      methods_[{std::string(method->module), method->method, std::string(kind_label(kind))}];
  ++figures.calls;
  if (is_good) ++figures.successes;
  figures.seconds.observe(seconds(took));
}

void ApplicationMetrics::add_timed_to(MetricsPage& page) const {
  for (std::size_t i = 0; i < kTimedCount; ++i) {
    page.summary(kTimedNames[i].name, kTimedNames[i].help, timed_[i]);
  }
}

void ApplicationMetrics::add_methods_to(MetricsPage& page) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, figures] : methods_) {
    const std::string prefix = "heimdallv2_" + key[0] + "_api_";
    const MetricLabels labels{{"method", key[1]}, {"type", key[2]}};
    page.counter(prefix + "calls_total", "Calls of the module " + key[0] + ".",
                 static_cast<double>(figures.calls), labels);
    page.counter(prefix + "calls_success_total",
                 "Calls of the module " + key[0] + " that did not fail.",
                 static_cast<double>(figures.successes), labels);
    page.summary(prefix + "response_time_seconds",
                 "Seconds that calls of the module " + key[0] + " took.", figures.seconds, labels);
  }
}

void ApplicationMetrics::add_to(MetricsPage& page) const {
  add_timed_to(page);
  add_methods_to(page);
  page.counter("buri_application_signatures_checked_total",
               "Signatures of transactions and extensions that the application had checked; all "
               "others were in its memory of verdicts.",
               static_cast<double>(signatures_checked_));
}

}  // namespace buri::consensus::metrics
