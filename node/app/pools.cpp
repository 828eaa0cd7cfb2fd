#include "node/app/pools.hpp"

namespace buri::app {

using namespace consensus;

class Pools::EvidenceWorker final : public host::Executor {
 public:
  explicit EvidenceWorker(host::ApplicationExecutor& worker) : worker_(&worker) {}
  /// What does not fit is dropped: peers send evidence again until it is in a block.
  void post(std::function<void()> work) override { worker_->post_later(std::move(work)); }

 private:
  host::ApplicationExecutor* worker_;
};

Pools::Pools(const PoolServices& services, const PoolSettings& settings,
             const engine::ChainState& chain, Logger logger)
    : services_(services),
      settings_(settings),
      logger_(std::move(logger)),
      checker_(*services.application),
      pool_(settings.mempool, checker_, *services.crypto, system_clock(), chain.last_height,
            mempool::HostedTxPool::limits_of(chain)),
      hosted_(pool_),
      chain_(*services.blocks, *services.states),
      evidence_worker_(std::make_unique<EvidenceWorker>(*services.worker)) {}

Result<std::unique_ptr<Pools>, std::string> Pools::open(const PoolServices& services,
                                                        const PoolSettings& settings,
                                                        const engine::ChainState& chain,
                                                        Logger logger) {
  std::unique_ptr<Pools> pools(new Pools(services, settings, chain, std::move(logger)));
  ASSIGN_OR_RETURN(pools->evidence_, evidence::EvidencePool::open(
                                         {services.database, &pools->chain_, services.crypto},
                                         chain, pools->logger_));
  return pools;
}

void Pools::join(p2p::LiveNetwork& network, const p2p::PeerHeights& heights) {
  mempool_reactor_ = std::make_unique<mempool::MempoolReactor>(
      mempool::MempoolServices{&pool_, &network, &heights, services_.worker},
      settings_.broadcasts_transactions, logger_);
  evidence_reactor_ = std::make_unique<evidence::EvidenceReactor>(
      evidence::EvidenceReactorServices{evidence_.get(), &network, &heights, evidence_worker_.get(),
                                        &system_clock()},
      logger_);
  network.add_reactor(*mempool_reactor_);
  network.add_reactor(*evidence_reactor_);
}

void Pools::start() {
  gossip_transactions(mempool::MempoolReactor::kCatchUpPause);
  gossip_evidence();
}

void Pools::gossip_transactions(std::chrono::nanoseconds pause) {
  services_.loop->after(pause, [this] {
    if (!is_stopped_) gossip_transactions(mempool_reactor_->gossip());
  });
}

void Pools::gossip_evidence() {
  services_.loop->after(evidence::EvidenceReactor::kPause, [this] {
    if (is_stopped_) return;
    evidence_reactor_->gossip();
    gossip_evidence();
  });
}

}  // namespace buri::app
