#pragma once

#include <memory>

#include "node/consensus/evidence/evidence_reactor.hpp"
#include "node/consensus/host/application_thread.hpp"
#include "node/consensus/mempool/application_pool.hpp"
#include "node/consensus/mempool/mempool_reactor.hpp"
#include "node/consensus/p2p/live_network.hpp"

/// What waits for a block, with the owners of its channels: the mempool and the evidence pool.

namespace buri::app {

struct PoolSettings {
  consensus::mempool::PoolOptions mempool;
  bool broadcasts_transactions = true;
};

/// What the pools stand on. All must outlive them.
struct PoolServices {
  storage::Database* database = nullptr;  ///< of the blocks, with EvidencePool::families()
  consensus::app::Application* application = nullptr;
  consensus::blocks::BlockStore* blocks = nullptr;
  consensus::blocks::StateStore* states = nullptr;
  accel::Engine* crypto = nullptr;
  consensus::host::Loop* loop = nullptr;
  consensus::host::ApplicationThread* worker = nullptr;
};

/// Made once the stores agree. What it posted must be done before it goes.
class Pools {
 public:
  /// The error is a sentence.
  static Result<std::unique_ptr<Pools>, std::string> open(
      const PoolServices& services, const PoolSettings& settings,
      const consensus::engine::ChainState& chain, Logger logger);

  [[nodiscard]] consensus::mempool::TxPool& transactions() { return pool_; }
  [[nodiscard]] consensus::evidence::EvidencePool& evidence() { return *evidence_; }
  [[nodiscard]] consensus::host::TransactionPool& hosted() { return hosted_; }

  /// Adds the owners of both channels to a network that has not started.
  void join(consensus::p2p::LiveNetwork& network, const consensus::p2p::PeerHeights& heights);
  /// Gossip begins. REQUIRES: join().
  void start();
  /// No gossip follows. On the loop.
  void stop() { is_stopped_ = true; }

 private:
  Pools(const PoolServices& services, const PoolSettings& settings,
        const consensus::engine::ChainState& chain, Logger logger);
  void gossip_transactions(std::chrono::nanoseconds pause);
  void gossip_evidence();

  /// Verifies evidence where the application works, behind what consensus waits for.
  class EvidenceWorker;

  PoolServices services_;
  PoolSettings settings_;
  Logger logger_;
  consensus::mempool::ApplicationChecker checker_;
  consensus::mempool::TxPool pool_;
  consensus::mempool::HostedTxPool hosted_;
  consensus::evidence::StoredChain chain_;
  std::unique_ptr<consensus::evidence::EvidencePool> evidence_;
  std::unique_ptr<consensus::host::Executor> evidence_worker_;
  std::unique_ptr<consensus::mempool::MempoolReactor> mempool_reactor_;
  std::unique_ptr<consensus::evidence::EvidenceReactor> evidence_reactor_;
  bool is_stopped_ = false;
};

}  // namespace buri::app
