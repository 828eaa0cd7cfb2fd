#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "node/consensus/p2p/switch_types.hpp"

/// How the owners of channels (consensus, mempool, evidence, block sync, state sync) meet their
/// peers. Both interfaces know no socket: a simulation implements PeerNetwork as the live network
/// does (live_network.hpp).

namespace buri::consensus::p2p {

/// As long as it lives, a message counts against what its peer may have unprocessed, and beyond
/// that nothing is read from the peer. An owner that works in a thread of its own keeps the hold
/// beside the message until it is done. Empty in simulations. May be dropped in any thread.
using MessageHold = std::shared_ptr<void>;

/// A whole message of a peer, at most as long as its channel allows.
struct IncomingMessage {
  std::uint8_t channel = 0;
  Bytes bytes;
  MessageHold hold;
};

/// A peer as its owners see it.
struct PeerSummary {
  NodeId id;
  Direction direction = Direction::kInbound;
  IpAddress ip;
  NodeInfo info;
};

/// The owner of one or more channels. The network calls it from one thread at a time, for one peer
/// in the order added, received, ..., removed; an id may be added again after it was removed.
/// Calls should be short: while one runs, no other owner is called.
class Reactor {
 public:
  virtual ~Reactor() = default;

  /// Ids of its channels; asked once.
  [[nodiscard]] virtual std::span<const std::uint8_t> channels() const = 0;
  virtual void peer_added(const PeerSummary& peer) = 0;
  virtual void peer_removed(const NodeId& id, std::string_view reason) = 0;
  virtual void receive(const NodeId& from, IncomingMessage message) = 0;
};

/// What owners may ask of the network. Thread-safe; may be called from within a Reactor's calls.
class PeerNetwork {
 public:
  virtual ~PeerNetwork() = default;

  /// Queues a message for a peer. False, and nothing happens, if it is not connected, does not
  /// speak the channel, or its queue is full. REQUIRES: the channel is this node's and the message
  /// is not above its limit.
  virtual bool send(const NodeId& to, std::uint8_t channel, Bytes message) = 0;
  /// Whether `send` is likely to take a message now.
  [[nodiscard]] virtual bool can_send(const NodeId& to, std::uint8_t channel) const = 0;
  /// Sends to all peers whose queues have room; how many that were.
  virtual std::size_t broadcast(std::uint8_t channel, ByteView message) = 0;
  /// Ends a connection; kMisbehaved bans the node for a day unless it is trusted.
  virtual void disconnect(const NodeId& id, Refusal reason) = 0;
  /// The peer has been of use for some time (10,000 votes or block parts, as stock counts).
  virtual void mark_good(const NodeId& id) = 0;
};

}  // namespace buri::consensus::p2p
