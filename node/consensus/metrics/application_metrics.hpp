#pragma once

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/metrics_page.hpp"
#include "node/consensus/app/observer.hpp"
#include "node/consensus/metrics/module_methods.hpp"
#include "node/consensus/metrics/stock_names.hpp"

/// Calls of the application as figures: CometBFT's of ABCI, and those that Heimdall itself exposes
/// (heimdall-v2 v0.10.0, metrics/).

namespace buri::consensus::metrics {

/// Thread-safe. `registry` must outlive it.
class ApplicationMetrics final : public app::Observer {
 public:
  ApplicationMetrics(Metrics& registry, const StockNames& names);

  void called(app::AbciCall call, std::chrono::nanoseconds took, bool is_good) override;
  void stage_done(app::BlockStage stage, std::chrono::nanoseconds took) override;
  void side_tx_tallied(app::SideOutcome outcome) override;
  void module_called(app::ModuleCallKind kind, std::string_view name, std::chrono::nanoseconds took,
                     bool is_good) override;
  void budget_exhausted(app::BudgetPhase phase) override;
  void signatures_checked(std::uint64_t total) override { signatures_checked_ = total; }

  /// The summaries and what else has no instrument.
  void add_to(MetricsPage& page) const;

 private:
  /// What Heimdall times by itself, in the order of kTimedNames.
  enum Timed : std::uint8_t {
    kPreBlocker,
    kBeginBlocker,
    kEndBlocker,
    kPrepare,
    kProcess,
    kExtend,
    kVerify,
    kTimedCount,
  };
  /// A method of a module that was called.
  struct MethodFigures {
    std::uint64_t calls = 0;
    std::uint64_t successes = 0;
    Summary seconds{std::chrono::hours(24), 6};
  };

  static std::optional<Timed> timed_of(app::AbciCall call);
  void count_verdict(app::AbciCall call, bool is_good);
  void add_timed_to(MetricsPage& page) const;
  void add_methods_to(MetricsPage& page) const;

  std::array<Histogram*, app::kAbciCallCount> calls_{};
  Histogram& block_milliseconds_;
  Counter& proposals_made_;
  Counter& proposals_accepted_;
  Counter& proposals_rejected_;
  Counter& extensions_accepted_;
  Counter& extensions_rejected_;
  Counter& side_approved_;
  Counter& side_rejected_;
  Counter& side_undecided_;
  Counter& budget_of_side_txs_;
  Counter& budget_of_milestone_;
  std::array<Summary, kTimedCount> timed_;
  std::atomic<std::uint64_t> signatures_checked_{0};
  mutable std::mutex mutex_;
  /// By module, method and kind; there are as many as the modules have. Under the mutex.
  std::map<std::array<std::string, 3>, MethodFigures> methods_;
};

}  // namespace buri::consensus::metrics
