#pragma once

#include <map>
#include <optional>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "node/consensus/p2p/address_book.hpp"
#include "node/consensus/p2p/switch_types.hpp"

/// Which nodes this node calls, admits, asks, bans and lets go (p2p/switch.go and
/// p2p/pex/pex_reactor.go of the fork), as a pure state machine: events go in by the functions
/// below, effects come out, and nothing here knows a socket. Where stock differs:
///   - a persistent peer is known by its id alone, called for ever, and exempt from the limits;
///   - bans hold for callers, too, also for nodes that no book knows, and for nobody trusted;
///   - names in a peer's NodeInfo are not looked up.

namespace buri::consensus::p2p {

/// What is known of a connected peer.
struct SwitchPeer {
  ConnectionId connection = 0;
  Direction direction = Direction::kInbound;
  IpAddress ip;
  NodeInfo info;
  MonotonicTime since;
  bool awaits_addresses = false;  ///< it was asked and has not answered
  unsigned requests = 0;          ///< of addresses, by it
  MonotonicTime last_request;
};

/// Not thread-safe. `book`, `random` and `clock` must outlive it.
class Switch {
 public:
  Switch(SwitchOptions options, AddressBook& book, Random& random, const Clock& clock);

  /// Begins to call. To be called once, first.
  SwitchEffects start();
  /// Does what is due; to be called at `next_deadline()` or later.
  SwitchEffects poll();
  [[nodiscard]] MonotonicTime next_deadline() const;

  /// A handshake is over: answers with AdmitPeer or ClosePeer, and what follows.
  SwitchEffects newcomer(const Newcomer& newcomer);
  /// A call of DialPeer failed.
  SwitchEffects dial_failed(const NodeId& id, DialFailure failure);
  /// A connection ended, whoever ended it. Those that were never admitted may be told, too.
  SwitchEffects lost(ConnectionId connection);
  /// A message on the peer-exchange channel.
  SwitchEffects receive_pex(ConnectionId connection, ByteView bytes);
  /// An owner of a channel wants the peer gone. kMisbehaved bans it for a day.
  SwitchEffects disconnect(const NodeId& id, Refusal reason);
  /// The peer has been of use for some time: its address is kept.
  void mark_good(const NodeId& id) { book_.mark_good(id, clock_.wall()); }

  [[nodiscard]] const std::map<NodeId, SwitchPeer>& peers() const { return peers_; }
  [[nodiscard]] bool is_persistent(const NodeId& id) const { return persistent_.contains(id); }
  [[nodiscard]] bool is_unconditional(const NodeId& id) const {
    return options_.unconditional_ids.contains(id);
  }
  /// Peers of one direction, unconditional ones not counted.
  [[nodiscard]] std::size_t count(Direction direction) const;
  [[nodiscard]] std::size_t dialing() const { return dialing_.size(); }

 private:
  struct Persistent {
    PeerAddress address;
    unsigned failures = 0;
    std::optional<MonotonicTime> next_dial;  ///< none while connected or called
  };
  struct Attempts {
    unsigned count = 0;
    MonotonicTime last;
  };
  enum class Ensure : std::uint8_t { kPeriodic, kSeedAnswered };

  [[nodiscard]] bool is_trusted(const NodeId& id) const {
    return is_persistent(id) || is_unconditional(id);
  }
  [[nodiscard]] bool is_busy(const NetAddress& address) const;
  [[nodiscard]] std::optional<Refusal> refusal_of(const Newcomer& newcomer) const;
  std::map<NodeId, SwitchPeer>::iterator find(ConnectionId connection);
  std::chrono::milliseconds jitter(std::chrono::milliseconds most);

  void welcome(const NodeId& id, SwitchPeer& peer);
  void dial(const PeerAddress& address);
  void dial_from_book(const NetAddress& address);
  void dial_next_seed();
  void put_off_persistent(Persistent& persistent);
  void close(const NodeId& id, Refusal reason, bool flush);
  void ban(const NodeId& id);

  void ensure_peers(Ensure reason);
  std::size_t dial_picked(std::size_t wanted);
  void crawl();
  void request_addresses(SwitchPeer& peer);
  void answer_request(const NodeId& id, SwitchPeer& peer);
  void take_addresses(const NodeId& id, SwitchPeer& peer, const std::vector<NetAddress>& told);
  bool asks_too_often(SwitchPeer& peer);
  SwitchEffects take_effects() { return std::exchange(effects_, {}); }

  SwitchOptions options_;
  AddressBook& book_;
  Random& random_;
  const Clock& clock_;
  std::map<NodeId, SwitchPeer> peers_;
  std::map<NodeId, PeerAddress> dialing_;
  std::map<NodeId, Persistent> persistent_;
  std::map<NodeId, Attempts> attempts_;      ///< calls in vain to addresses of the book
  std::map<NodeId, MonotonicTime> crawled_;  ///< by a seed
  std::vector<PeerAddress> seeds_to_try_;
  std::optional<MonotonicTime> next_ensure_;  ///< or the next crawl
  std::optional<MonotonicTime> next_save_;
  SwitchEffects effects_;
};

}  // namespace buri::consensus::p2p
