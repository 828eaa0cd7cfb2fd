#pragma once

#include "node/consensus/app/application.hpp"
#include "node/consensus/blocks/state_store.hpp"
#include "node/consensus/host/observer.hpp"
#include "node/consensus/host/pools.hpp"

/// A decided block becomes the application's state and the chain's: for consensus, for block sync
/// and for what a crash left undone (0xPolygon/cometbft v0.3.8-polygon, state/execution.go).

namespace buri::consensus::host {

/// What execution stands on. Pools may be null; all else must outlive the executor.
struct ExecutionServices {
  accel::Engine* crypto = nullptr;
  app::Application* application = nullptr;
  blocks::StateStore* states = nullptr;
};

/// A block and what came of it.
struct ExecutedBlock {
  AppliedBlock applied;
  engine::BlockOutcome outcome;
};

/// In the application's thread. Errors are sentences, after which the node must stop: application
/// and stores agree again at its next start (handshake.hpp).
class BlockExecutor {
 public:
  explicit BlockExecutor(const ExecutionServices& services) : services_(services) {}

  /// Tells both of every block from now on. They outlive this.
  void attach(TransactionPool& transactions, EvidenceSource& evidence) {
    transactions_ = &transactions;
    evidence_ = &evidence;
  }

  /// Executes the block that follows `before` and is stored; its results are durable before the
  /// application commits, the chain's state after that.
  /// REQUIRES: the application is at before.last_height.
  Result<ExecutedBlock, std::string> apply(const engine::ChainState& before,
                                           engine::ProposedBlockPtr block,
                                           const engine::BlockId& block_id);
  /// Executes and commits a block whose results and state are known: an application that is behind
  /// its stores. Returns the application's hash after it.
  Result<Hash256, std::string> apply_again(const engine::Block& block);
  /// Moves the chain's state past a block that the application had committed before the crash.
  Result<engine::ChainState, std::string> adopt_results(const engine::ChainState& before,
                                                        const engine::Block& block,
                                                        const engine::BlockId& block_id);

 private:
  Result<app::BlockResult, std::string> finalize(const engine::Block& block);
  Status<std::string> commit(std::int64_t height);
  Result<engine::ChainState, std::string> chain_after(const engine::ChainState& before,
                                                      const engine::Block& block,
                                                      const engine::BlockId& block_id,
                                                      const engine::BlockOutcome& outcome) const;
  Status<std::string> save(const engine::ChainState& chain);

  ExecutionServices services_;
  TransactionPool* transactions_ = nullptr;
  EvidenceSource* evidence_ = nullptr;
};

}  // namespace buri::consensus::host
