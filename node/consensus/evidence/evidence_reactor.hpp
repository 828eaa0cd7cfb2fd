#pragma once

#include "base/clock.hpp"
#include "node/consensus/evidence/evidence_pool.hpp"
#include "node/consensus/host/loop.hpp"
#include "node/consensus/p2p/peer_heights.hpp"
#include "node/consensus/p2p/reactor.hpp"

/// The owner of the evidence channel, 0x38 (0xPolygon/cometbft v0.3.8-polygon, evidence/reactor.go;
/// spec/cometbft.md 5).

namespace buri::consensus::evidence {

/// What a reactor stands on. All must outlive it, and what it posted must be done before it goes.
struct EvidenceReactorServices {
  EvidencePool* pool;
  p2p::PeerNetwork* network;
  const p2p::PeerHeights* heights;
  host::Executor* worker;  ///< where signatures are checked
  const Clock* clock;
};

/// Thread-safe. Whoever runs it calls `gossip` every kPause; new evidence is sent at once besides.
/// A peer is sent a piece when it is above the piece's height and not too far above, and again
/// every kRepeat until the piece is in a block.
class EvidenceReactor final : public p2p::Reactor {
 public:
  /// Messages of one peer that wait to be verified; more are dropped.
  static constexpr std::size_t kMaxWaitingOfPeer = 16;
  static constexpr std::chrono::milliseconds kPause{100};
  static constexpr std::chrono::seconds kRepeat{10};

  /// Listens to the pool.
  EvidenceReactor(EvidenceReactorServices services, Logger logger);

  [[nodiscard]] std::span<const std::uint8_t> channels() const override;
  void peer_added(const p2p::PeerSummary& peer) override;
  void peer_removed(const p2p::NodeId& id, std::string_view reason) override;
  void receive(const p2p::NodeId& from, p2p::IncomingMessage message) override;

  /// Sends what can be sent now.
  void gossip();

 private:
  struct Peer {
    std::uint64_t place = 0;  ///< of the last piece that was its turn
    MonotonicTime next_pass;
    std::shared_ptr<std::size_t> waiting = std::make_shared<std::size_t>(0);
  };

  void judge(const p2p::NodeId& from, std::vector<engine::EvidencePiece> pieces);
  void gossip_to(const p2p::NodeId& id, Peer& peer);
  [[nodiscard]] bool is_for(const p2p::NodeId& id, std::int64_t evidence_height) const;
  void refuse(const p2p::NodeId& id, std::string_view reason);

  EvidenceReactorServices services_;
  Logger logger_;
  std::mutex mutex_;
  std::map<p2p::NodeId, Peer> peers_;
};

}  // namespace buri::consensus::evidence
