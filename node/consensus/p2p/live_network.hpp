#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "node/consensus/p2p/address_book.hpp"
#include "node/consensus/p2p/peer_connection.hpp"
#include "node/consensus/p2p/reactor.hpp"
#include "node/consensus/p2p/switch_types.hpp"

/// The node's peers on real sockets: the rules of switch.hpp carried out by connections of
/// peer_connection.hpp, and the messages taken to the owners of the channels.

namespace buri::consensus::p2p {

struct NetworkOptions {
  bool listens = true;
  std::string listen_host = "0.0.0.0";  ///< a numeric address
  std::uint16_t listen_port = 26656;    ///< 0: any free one
  SwitchOptions peers{};
  ConnectionOptions connections{};
  std::vector<ChannelDescriptor> channels;  ///< limits; empty: `stock_channels()`
  bool strict_addresses = true;             ///< only addresses routable across the internet
  std::size_t max_handshakes = 128;         ///< callers that have not said who they are
  std::size_t max_handshakes_per_ip = 8;
  /// What all peers' messages together may hold here; beyond, the peer that holds most goes.
  std::size_t max_held_bytes = std::size_t{1} << 30;
  AddressBookRecord address_book{};                         ///< of an earlier run
  std::function<void(const AddressBookRecord&)> save_book;  ///< every two minutes and at the end
};

/// Who the node is among its peers.
struct NodeIdentity {
  const NodeKey* key = nullptr;  ///< must outlive the network
  NodeInfo info;  ///< without id and channels, which follow from the key and the owners
};

/// A connected peer, for those who report on it.
struct PeerStatus {
  PeerSummary peer;
  bool is_persistent = false;
  MonotonicTime since;
  ConnectionTraffic traffic;
  MessageCounts messages;
};

/// Runs on an executor whose threads (a few suffice) are the caller's. Functions are thread-safe
/// unless they say otherwise.
class LiveNetwork final : public PeerNetwork {
 public:
  /// An empty listen_address of `own` becomes the one that is listened on. `random` is fit for keys
  /// and thread-safe. What is borrowed must outlive the last call to an owner (`stop`).
  LiveNetwork(boost::asio::any_io_executor executor, NodeIdentity own, NetworkOptions options,
              Random& random, const Clock& clock, Logger logger);
  /// REQUIRES: stopped, or the executor runs no more.
  ~LiveNetwork() override;

  /// Before `start`, not thread-safe. REQUIRES: no channel has two owners, each has a limit.
  void add_reactor(Reactor& reactor);
  /// Listens and begins to call; the port that is listened on, 0 for none. The error is a sentence.
  Result<std::uint16_t, std::string> start();
  /// Ends all connections, tells the owners, saves the book, then calls `done` on the executor.
  void stop(std::function<void()> done);

  bool send(const NodeId& to, std::uint8_t channel, Bytes message) override;
  [[nodiscard]] bool can_send(const NodeId& to, std::uint8_t channel) const override;
  std::size_t broadcast(std::uint8_t channel, ByteView message) override;
  void disconnect(const NodeId& id, Refusal reason) override;
  void mark_good(const NodeId& id) override;

  /// This node as its peers are told of it. REQUIRES: started.
  [[nodiscard]] const NodeInfo& own_info() const;
  /// Who is connected now.
  [[nodiscard]] std::vector<PeerStatus> peers() const;
  /// Messages of all peers since the start, those that are gone among them.
  [[nodiscard]] MessageCounts messages() const;
  /// Connections of any kind, handshakes included.
  [[nodiscard]] std::size_t connections() const;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace buri::consensus::p2p
