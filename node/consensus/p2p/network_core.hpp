#pragma once

#include <array>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <map>
#include <mutex>

#include "node/consensus/p2p/handshake_slots.hpp"
#include "node/consensus/p2p/live_network.hpp"
#include "node/consensus/p2p/switch.hpp"

/// The inside of the live network; only its own two files include this.

namespace buri::consensus::p2p {

/// Everything happens on one strand, but for the sending half, which any thread may use.
class LiveNetwork::Core final : public ConnectionEvents, public std::enable_shared_from_this<Core> {
 public:
  Core(boost::asio::any_io_executor executor, NodeIdentity own, NetworkOptions options,
       Random& random, const Clock& clock, Logger logger);

  void add_reactor(Reactor& reactor);
  Result<std::uint16_t, std::string> start();
  void stop(std::function<void()> done);
  void disconnect(const NodeId& id, Refusal reason);
  void mark_good(const NodeId& id);

  [[nodiscard]] std::shared_ptr<PeerConnection> connection_of(const NodeId& id) const;
  [[nodiscard]] std::vector<std::shared_ptr<PeerConnection>> admitted() const;
  [[nodiscard]] const NodeInfo& own_info() const { return context_->own; }
  [[nodiscard]] std::vector<PeerStatus> peers() const;
  [[nodiscard]] MessageCounts messages() const { return context_->messages->counts(); }
  [[nodiscard]] std::size_t connections() const { return connection_count_; }

  void established(Newcomer newcomer) override;
  void received(ConnectionId connection, std::vector<IncomingMessage> messages) override;
  void ended(ConnectionId connection, ConnectionEnd end) override;

 private:
  using Strand = PeerConnection::Strand;
  /// A connection from its first moment to its last.
  struct Entry {
    std::shared_ptr<PeerConnection> connection;
    std::optional<NodeId> called;    ///< until the handshake is over
    std::optional<NodeId> admitted;  ///< whose messages are taken
    bool is_closing = false;
  };
  /// What other threads may see of an admitted peer.
  struct Admitted {
    std::shared_ptr<PeerConnection> connection;
    PeerStatus status;
  };

  Result<std::uint16_t, std::string> listen();
  void accept_next();
  void accepted(boost::system::error_code error, boost::asio::ip::tcp::socket socket,
                const Strand& strand);
  std::shared_ptr<PeerConnection> make_connection(const Strand& strand, ConnectionId id);
  void perform(const SwitchEffects& effects);
  void call(const PeerAddress& address);
  void admit(ConnectionId id);
  void close(const ClosePeer& effect);
  void take_messages(ConnectionId id, std::vector<IncomingMessage> messages);
  void take_end(ConnectionId id, const ConnectionEnd& end);
  void remove_peer(const NodeId& id, const std::string& reason);
  void shed_memory();
  void arm_timer();
  void finish_stop();

  boost::asio::any_io_executor executor_;
  Strand strand_;
  NetworkOptions options_;
  Random& random_;
  const Clock& clock_;
  Logger logger_;
  std::shared_ptr<ConnectionContext> context_;
  std::vector<Reactor*> reactors_;
  std::array<Reactor*, 256> owner_of_{};

  AddressBook book_;
  Switch switch_;
  HandshakeSlots slots_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer accept_timer_;
  std::map<ConnectionId, Entry> entries_;
  std::map<ConnectionId, Newcomer> newcomers_;  ///< while the switch decides
  ConnectionId last_id_ = 0;
  MonotonicTime next_memory_check_;
  bool is_stopping_ = false;
  std::vector<std::function<void()>> when_stopped_;
  std::atomic<std::size_t> connection_count_ = 0;

  mutable std::mutex mutex_;
  std::map<NodeId, Admitted> admitted_;  ///< under the mutex
};

}  // namespace buri::consensus::p2p
