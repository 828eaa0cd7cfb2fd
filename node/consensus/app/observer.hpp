#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"

/// What those hear who report on the application: how long its calls took and what came of them.
/// They have no say in it.

namespace buri::consensus::app {

/// Calls of ABCI 2.0.
enum class AbciCall : std::uint8_t {
  kInitChain,
  kPrepareProposal,
  kProcessProposal,
  kExtendVote,
  kVerifyVoteExtension,
  kFinalizeBlock,
  kCommit,
  kCheckTx,
};
inline constexpr std::size_t kAbciCallCount = 8;

/// Parts of executing a block that stock times by themselves.
enum class BlockStage : std::uint8_t { kPreBlock, kEndBlock };

/// What the validators' votes said of a side transaction.
enum class SideOutcome : std::uint8_t {
  kApproved,   ///< two thirds voted yes
  kRejected,   ///< two thirds voted no
  kUndecided,  ///< neither
};

/// Which code of a module was asked.
enum class ModuleCallKind : std::uint8_t {
  kTx,     ///< a message of a block
  kSide,   ///< this validator's vote on a side message
  kPost,   ///< an approved side message takes effect
  kQuery,  ///< a query of gRPC, REST or /abci_query
};

/// Where a vote extension's time was over.
enum class BudgetPhase : std::uint8_t { kSideTxs, kMilestone };

/// Called in whatever thread asked: the application's for everything but queries, which come from
/// any. Every function does nothing unless it is overridden; all must be short and thread-safe.
class Observer {
 public:
  virtual ~Observer() = default;

  /// `is_good`: it gave an answer, and for proposals and extensions to be judged that was yes.
  virtual void called(AbciCall /*call*/, std::chrono::nanoseconds /*took*/, bool /*is_good*/) {}
  virtual void stage_done(BlockStage /*stage*/, std::chrono::nanoseconds /*took*/) {}
  virtual void side_tx_tallied(SideOutcome /*outcome*/) {}
  /// `name` is the message's type URL or the query's method. `is_good`: it did not fail; a side
  /// message was voted yes on.
  virtual void module_called(ModuleCallKind /*kind*/, std::string_view /*name*/,
                             std::chrono::nanoseconds /*took*/, bool /*is_good*/) {}
  virtual void budget_exhausted(BudgetPhase /*phase*/) {}
  /// After a commit: signatures that went to the engine since the start, the others were
  /// remembered.
  virtual void signatures_checked(std::uint64_t /*total*/) {}
};

/// An observer and a clock for those who tell it; costs nothing without one. A value; both outlive
/// it.
class Reporter {
 public:
  Reporter() = default;
  /// `observer` may be null.
  Reporter(Observer* observer, const Clock& clock) : observer_(observer), clock_(&clock) {}

  /// Does `work`, which returns something with ok(), as a module's call.
  template <class Work>
  auto module_call(ModuleCallKind kind, std::string_view name, Work&& work) const {
    return module_call(kind, name, work, [](const auto& result) { return result.ok(); });
  }
  /// The same where `is_good(result)` tells what came of it.
  template <class Work, class IsGood>
  auto module_call(ModuleCallKind kind, std::string_view name, Work&& work,
                   IsGood&& is_good) const {
    return timed(work, [&](Observer& observer, std::chrono::nanoseconds took, const auto& result) {
      observer.module_called(kind, name, took, is_good(result));
    });
  }
  /// The same as a call of ABCI.
  template <class Work>
  auto abci_call(AbciCall call, Work&& work) const {
    return timed(work, [&](Observer& observer, std::chrono::nanoseconds took, const auto& result) {
      observer.called(call, took, result.ok());
    });
  }
  /// The same where the result holds a verdict, which has ok() too.
  template <class Work>
  auto abci_judgement(AbciCall call, Work&& work) const {
    return timed(work, [&](Observer& observer, std::chrono::nanoseconds took, const auto& result) {
      observer.called(call, took, result.ok() && result->ok());
    });
  }
  template <class Work>
  auto stage(BlockStage stage, Work&& work) const {
    return timed(work, [&](Observer& observer, std::chrono::nanoseconds took,
                           const auto& /*result*/) { observer.stage_done(stage, took); });
  }
  /// Tells the observer, if there is one: `tell(observer)`.
  template <class Tell>
  void tell(Tell&& tell) const {
    if (observer_ != nullptr) tell(*observer_);
  }

 private:
  /// Does `work` and, where somebody hears it, `tell(observer, how long it took, its result)`.
  template <class Work, class Tell>
  auto timed(Work&& work, Tell&& tell) const {
    if (observer_ == nullptr) return work();
    const MonotonicTime since = clock_->monotonic();
    auto result = work();
    tell(*observer_, clock_->monotonic() - since, result);
    return result;
  }

  Observer* observer_ = nullptr;
  const Clock* clock_ = nullptr;
};

}  // namespace buri::consensus::app
