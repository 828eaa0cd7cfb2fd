#pragma once

#include <span>

#include "node/consensus/app/tx_runner.hpp"

/// The application as the mempool sees it.

namespace buri::consensus::mempool {

/// Asked by one thread at a time, the one that calls `TxPool::submit` or `TxPool::update`; never
/// for a new transaction while a `TxPool::Hold` lives.
class TxChecker {
 public:
  virtual ~TxChecker() = default;

  /// Checks the signatures of transactions that `check_tx` is about to be asked for as one batch.
  /// What it finds is a matter of speed alone.
  virtual void check_signatures_ahead(std::span<const ByteView> txs) = 0;
  /// Whether the mempool takes a transaction (TxMode::kCheck) or keeps it after a block
  /// (TxMode::kRecheck). Errors: the application cannot tell, and will not be able to.
  virtual runtime::Outcome<app::TxResult> check_tx(ByteView tx, app::TxMode mode) = 0;
};

}  // namespace buri::consensus::mempool
