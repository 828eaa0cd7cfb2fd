#pragma once

#include "node/consensus/app/abci.hpp"

/// What a transaction must not be to stand in a proposal or to enter the mempool, before its checks
/// run (spec/heimdall.md 4.4).

namespace buri::consensus::app {

/// Messages in one transaction that the mempool takes.
inline constexpr std::size_t kMaxMempoolMessages = 16;

/// Messages about span producers are gated. Votes for producers wait for Rio, which
/// `committed_state` tells; announced downtimes wait for heights, of which that of `context`
/// counts. The error says why not.
Verdict check_producer_gates(const runtime::Context& committed_state,
                             const runtime::Context& context, const tx::Transaction& transaction);

/// Counts side transactions of one proposal.
class SideTxCount {
 public:
  explicit SideTxCount(const runtime::Context& context)
      : is_limited_(context.forks().is_zurich(context.height())) {}
  /// Whether the transaction has one side message at most and fits among the others.
  [[nodiscard]] Verdict check(const tx::Transaction& transaction) const;
  void add(const tx::Transaction& transaction) {
    count_ += transaction.side_message_count() == 1 ? 1 : 0;
  }

 private:
  bool is_limited_;  ///< from Zurich on
  std::size_t count_ = 0;
};

/// The bytes that a transaction takes in a block, its tag and length included.
std::int64_t block_bytes_of(ByteView raw);

}  // namespace buri::consensus::app
