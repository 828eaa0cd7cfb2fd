#pragma once

#include "node/consensus/app/application.hpp"
#include "node/consensus/engine/block_rules.hpp"
#include "node/consensus/host/pools.hpp"
#include "node/consensus/mempool/tx_pool.hpp"

/// The pool between the application and the host, both of which live in the application's thread.

namespace buri::consensus::mempool {

/// Asks the application itself. In the application's thread alone: transactions are submitted by
/// work that host::ApplicationExecutor runs.
class ApplicationChecker final : public TxChecker {
 public:
  /// `application` must outlive it.
  explicit ApplicationChecker(app::Application& application) : application_(application) {}

  void check_signatures_ahead(std::span<const ByteView> txs) override {
    application_.check_signatures_ahead(txs);
  }
  runtime::Outcome<app::TxResult> check_tx(ByteView tx, app::TxMode mode) override {
    return application_.check_tx(tx, mode);
  }

 private:
  app::Application& application_;
};

/// The pool as the host calls it. A transaction that is submitted while a block is executed is
/// checked against the state before it, and again with all others once the block is committed.
class HostedTxPool final : public host::TransactionPool {
 public:
  /// `pool` must outlive this.
  explicit HostedTxPool(TxPool& pool) : pool_(pool) {}

  /// What a transaction may take of the chain's next block.
  static TxLimits limits_of(const engine::ChainState& chain) {
    return {engine::max_transaction_bytes(chain, 0), chain.params.max_block_gas};
  }

  std::vector<Bytes> reap(std::int64_t max_bytes, std::int64_t max_gas) override {
    return pool_.reap(max_bytes, max_gas);
  }
  void block_committed(const engine::ChainState& chain, std::span<const Bytes> txs,
                       std::span<const app::TxResult> results) override {
    std::vector<std::uint32_t> codes;
    for (const app::TxResult& result : results) codes.push_back(result.code);
    const TxPool::Hold hold = pool_.hold();
    pool_.update(hold, chain.last_height, txs, codes, limits_of(chain));
  }

 private:
  TxPool& pool_;
};

}  // namespace buri::consensus::mempool
