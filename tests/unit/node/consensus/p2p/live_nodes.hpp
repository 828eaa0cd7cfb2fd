#pragma once

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "node/consensus/p2p/live_network.hpp"

/// Nodes and hostile peers on the loopback interface.

namespace buri::consensus::p2p::testing {

/// Waits until `condition` holds; false if it does not in time.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds patience = std::chrono::seconds(10));

/// A node's NodeInfo as stock has it, for the chain "test-1".
NodeInfo test_info(std::string moniker);

/// Owns every channel but that of peer exchange, and remembers what it hears.
class Listener final : public Reactor {
 public:
  [[nodiscard]] std::span<const std::uint8_t> channels() const override;
  void peer_added(const PeerSummary& peer) override;
  void peer_removed(const NodeId& id, std::string_view reason) override;
  void receive(const NodeId& from, IncomingMessage message) override;

  /// Keeps the holds of messages until it is told otherwise.
  void keep_holds(bool keep);
  [[nodiscard]] std::size_t peer_count() const;
  [[nodiscard]] std::string last_reason() const;
  [[nodiscard]] std::vector<Bytes> heard(std::uint8_t channel) const;
  [[nodiscard]] std::size_t heard_count() const;
  [[nodiscard]] std::size_t heard_bytes() const;

 private:
  mutable std::mutex mutex_;
  std::map<NodeId, PeerSummary> peers_;
  std::string last_reason_;
  std::map<std::uint8_t, std::vector<Bytes>> heard_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  bool keeps_ = false;
  std::vector<MessageHold> holds_;
};

/// Options of a node on the loopback interface, which does not wait long for anything.
NetworkOptions quick_options();

/// A running node with two threads; stops when it goes.
class LiveNode {
 public:
  explicit LiveNode(NetworkOptions options = quick_options(), NodeInfo info = test_info("node"),
                    NodeKey key = NodeKey::generate(system_random()));
  ~LiveNode();
  LiveNode(const LiveNode&) = delete;
  LiveNode& operator=(const LiveNode&) = delete;

  void stop();
  [[nodiscard]] NodeId id() const { return key_.id(); }
  [[nodiscard]] PeerAddress address() const { return {id(), "127.0.0.1", port_}; }
  LiveNetwork& network() { return *network_; }
  Listener& listener() { return listener_; }

 private:
  NodeKey key_;
  Listener listener_;
  boost::asio::io_context context_;
  std::unique_ptr<LiveNetwork> network_;
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

/// A peer that does just what its test says, on a blocking socket.
class RawPeer {
 public:
  /// Connects from the given address of the loopback network.
  explicit RawPeer(std::uint16_t port, const std::string& from = "127.0.0.1");

  /// Plays the handshake to its end; false if the node hangs up.
  bool shake_hands(NodeInfo info = test_info("raw"));
  /// False once the node has hung up.
  bool send_wire(ByteView wire);
  bool send_packets(ByteView packets);
  /// Reads until the node hangs up; false if it does not in time.
  bool is_hung_up(std::chrono::milliseconds patience = std::chrono::seconds(5));
  [[nodiscard]] NodeId id() const { return key_.id(); }

 private:
  NodeKey key_;
  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<SecretConnection> connection_;
};

}  // namespace buri::consensus::p2p::testing
