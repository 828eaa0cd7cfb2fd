#pragma once

#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "base/log.hpp"
#include "base/random.hpp"
#include "node/consensus/host/consensus_host.hpp"
#include "node/consensus/host/recent_commits.hpp"
#include "node/consensus/p2p/peer_heights.hpp"
#include "node/consensus/p2p/reactor.hpp"

/// Consensus among peers: the owner of channels 0x20 to 0x23 (0xPolygon/cometbft v0.3.8-polygon,
/// consensus/reactor.go). Stock has three routines for every peer; here one pass over all of them
/// sends each what it lacks by the rules of engine/gossip.hpp.

namespace buri::consensus::host {

struct GossipOptions {
  std::int64_t initial_height = 1;         ///< of the chain
  std::chrono::milliseconds period{25};    ///< between passes (peer_gossip_sleep_duration)
  std::chrono::milliseconds claims{200};   ///< peer_query_maj23_sleep_duration
  std::size_t max_messages_per_pass = 64;  ///< to one peer on one channel
};

/// What a reactor works with; all must outlive it.
struct ReactorServices {
  ConsensusHost* host = nullptr;
  p2p::PeerNetwork* network = nullptr;
  const engine::StoredBlocks* stored = nullptr;
  Loop* loop = nullptr;  ///< the host's
  Random* random = nullptr;
};

/// The network calls from its thread; all else happens on the host's loop. What the node itself
/// says leaves at once, what it heard with the next pass, by when peers have said what they have.
class ConsensusReactor final : public p2p::Reactor, public PeersSide, public p2p::PeerHeights {
 public:
  /// Attaches itself to the host.
  ConsensusReactor(const ReactorServices& services, const GossipOptions& options, Logger logger);

  /// The passes begin.
  void start();
  /// No pass follows. On the loop.
  void stop() { is_stopped_ = true; }

  [[nodiscard]] std::span<const std::uint8_t> channels() const override;
  void peer_added(const p2p::PeerSummary& peer) override;
  void peer_removed(const p2p::NodeId& id, std::string_view reason) override;
  void receive(const p2p::NodeId& from, p2p::IncomingMessage incoming) override;

  void announce(const engine::Message& message) override;
  void answer(const std::string& peer_id, const engine::Message& message) override;
  void erred(const std::string& peer_id, const std::string& reason, bool is_fatal) override;
  void counted(const engine::MessageArrived& arrived) override;

  [[nodiscard]] std::optional<std::int64_t> height_of(const p2p::NodeId& peer) const override;

  /// What this node knows of a peer's place. On the loop.
  void for_each_peer(
      const std::function<void(const p2p::NodeId&, const engine::PeerRound&)>& visit) const;

 private:
  struct Peer {
    engine::PeerRound round;
    std::size_t useful = 0;  ///< of its votes and parts, those that counted
  };
  /// Something that the network told, until the loop has time for it.
  struct Arrival {
    enum class Kind : std::uint8_t { kAdded, kRemoved, kMessage };
    Kind kind{};
    p2p::NodeId peer{};
    engine::Message message{};
    p2p::MessageHold hold;
  };

  void put(Arrival arrival);
  void take_arrivals();
  void take_message(const p2p::NodeId& from, Peer& peer, engine::Message message,
                    std::vector<engine::MessageArrived>& batch);
  void take_bits(Peer& peer, const engine::VoteSetBits& bits);
  void drop(const p2p::NodeId& id, std::string_view reason);
  void pass_later();
  void pass();
  void gossip(const p2p::NodeId& id, Peer& peer);
  void claim(const p2p::NodeId& id, const Peer& peer);
  bool send(const p2p::NodeId& to, const engine::Message& message);

  ConsensusHost* host_;
  p2p::PeerNetwork* network_;
  RecentCommits stored_;
  Loop* loop_;
  Random* random_;
  const GossipOptions options_;
  const Logger logger_;

  mutable std::mutex mutex_;  ///< over the next two
  std::vector<Arrival> inbox_;
  std::map<p2p::NodeId, std::int64_t> heights_;

  std::map<p2p::NodeId, Peer> peers_;
  std::set<p2p::NodeId> moved_;  ///< peers that said where they stand, since the last arrivals
  std::chrono::milliseconds since_claims_{0};
  bool is_hurried_ = false;  ///< a pass is posted
  bool is_stopped_ = false;
};

}  // namespace buri::consensus::host
