#pragma once

#include <chrono>
#include <span>

#include "base/clock.hpp"
#include "node/protocol/endpoints/caller.hpp"
#include "node/protocol/ethereum/chain.hpp"

/// The time that the application may spend on questions to the root chain and to Bor, one budget
/// for each of its calls that ask there (docs/consensus-endpoints.md).

namespace buri::consensus::host {

/// For ExtendVote, as long as the stock daemon's own budget for it: a vote that comes later than
/// the others' helps nobody.
inline constexpr std::chrono::milliseconds kExtendVoteBudget{800};
/// Of it, for the receipts that are fetched ahead.
inline constexpr std::chrono::milliseconds kPrefetchBudget{500};
/// For ProcessProposal and VerifyVoteExtension, which ask Bor for the root of a checkpoint.
inline constexpr std::chrono::milliseconds kJudgeBudget{1000};

/// One thread at a time, the application's.
class OutsideCalls {
 public:
  /// All must outlive this; `root_chain` may be null.
  OutsideCalls(protocol::endpoints::TimeLimit& limit, protocol::ethereum::Chain* root_chain,
               const Clock& clock)
      : limit_(&limit), root_chain_(root_chain), clock_(&clock) {}

  /// A budget for as long as it lives.
  class Budget {
   public:
    Budget(OutsideCalls* calls, std::chrono::nanoseconds budget) : calls_(calls) {
      if (calls_ != nullptr) calls_->limit_->set(calls_->clock_->monotonic() + budget);
    }
    Budget(const Budget&) = delete;
    Budget& operator=(const Budget&) = delete;
    ~Budget() {
      if (calls_ != nullptr) calls_->limit_->clear();
    }

   private:
    OutsideCalls* calls_;
  };

  /// Around a vote extension: what was learned of the root chain before has no effect on it, and
  /// the receipts that it will ask for are fetched as one request.
  void begin_extension(std::span<const Hash256> root_chain_txs) {
    if (root_chain_ == nullptr) return;
    root_chain_->begin_round();
    if (root_chain_txs.empty()) return;
    const Budget budget(this, kPrefetchBudget);
    root_chain_->prefetch(root_chain_txs);
  }
  void end_extension() {
    if (root_chain_ != nullptr) root_chain_->begin_round();
  }

 private:
  protocol::endpoints::TimeLimit* limit_;
  protocol::ethereum::Chain* root_chain_;
  const Clock* clock_;
};

}  // namespace buri::consensus::host
