#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string_view>
#include <variant>
#include <vector>

#include "node/consensus/p2p/net_address.hpp"
#include "node/consensus/p2p/node_info.hpp"

/// What goes into the rules about peers and what comes out of them (switch.hpp).

namespace buri::consensus::p2p {

/// A connection for as long as its process lives; never used twice.
using ConnectionId = std::uint64_t;

/// Who called.
enum class Direction : std::uint8_t { kInbound, kOutbound };

/// The section [p2p] of a stock config.toml, as far as it is about peers. Defaults are those that
/// Polygon ships, but for `persistent_max_dial_period`.
struct SwitchOptions {
  std::vector<PeerAddress> persistent_peers{};  ///< called again for as long as this node runs
  std::vector<PeerAddress> seeds{};             ///< asked for addresses when the book has none
  std::set<NodeId> unconditional_ids{};         ///< admitted whatever limits and bans say
  std::set<NodeId> private_ids{};               ///< never told to others: a sentry's validators
  std::size_t max_inbound = 100;
  std::size_t max_outbound = 100;
  bool allow_duplicate_ip = false;  ///< several peers behind one IP address
  bool pex = true;                  ///< exchange addresses; without it only persistent peers
  bool seed_mode = false;           ///< crawl the network, tell whoever asks and hang up
  /// Longest pause between calls to a persistent peer. Stock gives up after 17 hours.
  std::chrono::seconds persistent_max_dial_period{600};
  std::chrono::milliseconds dial_jitter{3000};  ///< calls are put off by up to this, at random
  std::chrono::hours seed_disconnect_wait{28};  ///< how long a seed keeps a peer
};

/// Why this node does not want a peer, or does no longer.
enum class Refusal : std::uint8_t {
  kDuplicateId,     ///< it is connected already
  kDuplicateIp,     ///< another peer has its IP address
  kTooManyInbound,  ///< max_inbound is reached
  kBanned,          ///< it misbehaved lately
  kPeerExchange,    ///< it broke a rule of peer exchange
  kMisbehaved,      ///< the owner of a channel says so
  kUnwanted,        ///< an owner or the operator wants it gone, without blame
  kServed,          ///< this seed has told it addresses
  kStopping,        ///< this node stops
};

/// The reason, for people.
std::string_view describe(Refusal refusal);

/// A connection whose handshake is over and whose NodeInfo is compatible.
struct Newcomer {
  ConnectionId connection = 0;
  Direction direction = Direction::kInbound;
  NodeId id;     ///< proved
  IpAddress ip;  ///< of the socket
  NodeInfo info;
};

/// Why a call failed.
enum class DialFailure : std::uint8_t {
  kUnreachable,  ///< no connection, or no handshake
  kSelf,         ///< this very node answered
};

/// Effects, to be carried out in order.
struct DialPeer {
  PeerAddress address;  ///< to be answered by `newcomer` or `dial_failed`, once
  friend bool operator==(const DialPeer&, const DialPeer&) = default;
};
struct AdmitPeer {
  ConnectionId connection = 0;
  friend bool operator==(const AdmitPeer&, const AdmitPeer&) = default;
};
struct ClosePeer {
  ConnectionId connection = 0;
  Refusal reason{};
  bool flush = false;  ///< send first what is queued
  friend bool operator==(const ClosePeer&, const ClosePeer&) = default;
};
struct SendPex {
  ConnectionId connection = 0;
  Bytes message;  ///< on the peer-exchange channel
  friend bool operator==(const SendPex&, const SendPex&) = default;
};
struct SaveBook {
  friend bool operator==(const SaveBook&, const SaveBook&) = default;
};
using SwitchEffect = std::variant<DialPeer, AdmitPeer, ClosePeer, SendPex, SaveBook>;
using SwitchEffects = std::vector<SwitchEffect>;

}  // namespace buri::consensus::p2p
