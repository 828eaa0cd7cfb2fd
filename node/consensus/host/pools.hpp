#pragma once

#include <span>
#include <string>
#include <vector>

#include "node/consensus/app/tx_runner.hpp"
#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/chain_state.hpp"

/// What waits for a block, as the host needs it: transactions and evidence. Both are called by the
/// thread that asks the application, never two calls at a time; what else they do is their own.

namespace buri::consensus::host {

/// The mempool (0xPolygon/cometbft v0.3.8-polygon, mempool/mempool.go).
class TransactionPool {
 public:
  virtual ~TransactionPool() = default;
  /// Transactions for a proposal, in order, as many from the front as fit. `max_bytes` counts each
  /// with the frame it has in a block; -1 is no limit, for `max_gas` as well.
  virtual std::vector<Bytes> reap(std::int64_t max_bytes, std::int64_t max_gas) = 0;
  /// A block is about to be executed: until block_committed() the application's view of unconfirmed
  /// transactions must not change. Stock locks the mempool here.
  virtual void block_begins() {}
  /// A block was committed: its transactions are gone, the others are to be checked again.
  /// `chain` is the chain after the block; `txs` and `results` go together.
  virtual void block_committed(const engine::ChainState& chain, std::span<const Bytes> txs,
                               std::span<const app::TxResult> results) = 0;
};

/// The evidence pool (0xPolygon/cometbft v0.3.8-polygon, evidence/pool.go).
class EvidenceSource {
 public:
  virtual ~EvidenceSource() = default;
  /// Pieces for a proposal, together at most `max_bytes` as a block counts them.
  virtual std::vector<engine::EvidencePiece> pending(std::int64_t max_bytes) = 0;
  /// Whether every piece of a proposed block is good, none is repeated and none committed already.
  /// The error is a sentence.
  virtual Status<std::string> check(std::span<const engine::EvidencePiece> evidence) = 0;
  /// The state machine saw a double vote.
  virtual void report(engine::EvidencePiece piece) = 0;
  /// A block was committed, with its evidence: those pieces are no longer pending, old ones expire.
  virtual void block_committed(const engine::ChainState& chain,
                               std::span<const engine::EvidencePiece> evidence) = 0;
};

}  // namespace buri::consensus::host
