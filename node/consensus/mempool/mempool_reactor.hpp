#pragma once

#include <deque>

#include "base/log.hpp"
#include "node/consensus/host/loop.hpp"
#include "node/consensus/mempool/tx_pool.hpp"
#include "node/consensus/p2p/peer_heights.hpp"
#include "node/consensus/p2p/reactor.hpp"

/// The owner of the mempool's channel, 0x30: what peers send goes into the pool, what is in the
/// pool goes to every peer that did not send it (0xPolygon/cometbft v0.3.8-polygon,
/// mempool/reactor.go; spec/cometbft.md 5).

namespace buri::consensus::mempool {

/// What a reactor stands on. All must outlive it, and what it posted must be done before it goes.
struct MempoolServices {
  TxPool* pool;
  p2p::PeerNetwork* network;
  const p2p::PeerHeights* heights;
  host::ApplicationExecutor* application;  ///< where transactions are checked
};

/// Thread-safe. Whoever runs it calls `gossip` after the pause that `gossip` answers; new
/// transactions are sent at once besides. A peer gets the pool's transactions in their order, one a
/// message; one that is slow or behind waits alone.
class MempoolReactor final : public p2p::Reactor {
 public:
  /// Messages of one peer that wait for the application; more are dropped.
  static constexpr std::size_t kMaxWaitingOfPeer = 5000;
  /// Transactions that are given to the pool together.
  static constexpr std::size_t kBatchTxs = 256;
  /// Pauses: while a peer's queue is full, and otherwise (peers that are behind catch up).
  static constexpr std::chrono::milliseconds kFullPause{10};
  static constexpr std::chrono::milliseconds kCatchUpPause{100};

  /// Listens to the pool. `broadcasts` false: nothing is sent, as the setting `broadcast` has it.
  MempoolReactor(MempoolServices services, bool broadcasts, Logger logger);

  [[nodiscard]] std::span<const std::uint8_t> channels() const override;
  void peer_added(const p2p::PeerSummary& peer) override;
  void peer_removed(const p2p::NodeId& id, std::string_view reason) override;
  void receive(const p2p::NodeId& from, p2p::IncomingMessage message) override;

  /// Sends what can be sent now; how long to wait until the next call.
  std::chrono::milliseconds gossip();

 private:
  struct Peer {
    SenderId number = 0;
    std::uint64_t place = 0;  ///< of the last transaction that it has or was sent
    std::size_t waiting = 0;  ///< its messages among jobs_
  };
  /// A message that waits for the application.
  struct Job {
    p2p::NodeId from;
    SenderId sender = 0;
    p2p::IncomingMessage message;
    std::vector<ByteView> txs;  ///< in the message
  };

  void work();
  void begin_work();
  std::vector<Job> take_jobs();
  bool gossip_to(const p2p::NodeId& id, Peer& peer);

  MempoolServices services_;
  bool broadcasts_;
  Logger logger_;
  std::mutex mutex_;
  std::map<p2p::NodeId, Peer> peers_;
  std::deque<Job> jobs_;
  bool is_working_ = false;
  SenderId last_number_ = kNoSender;
};

}  // namespace buri::consensus::mempool
