#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "node/consensus/p2p/message_counts.hpp"
#include "node/consensus/p2p/multiplexer.hpp"
#include "node/consensus/p2p/peer_handshake.hpp"
#include "node/consensus/p2p/reactor.hpp"

/// One connection on a real socket: called or accepted, through its handshake, admitted, carrying
/// messages, to its end. The protocols inside are pure (peer_handshake.hpp, multiplexer.hpp); here
/// are the socket, the timers and the deadlines.

namespace buri::consensus::p2p {

/// Defaults are those of the settings that Polygon ships, which stock itself ignores for dialling
/// and handshakes (1 s and 3 s: the reason for many of its failures).
struct ConnectionOptions {
  std::chrono::milliseconds dial_timeout{3'000};
  std::chrono::milliseconds handshake_timeout{20'000};
  std::chrono::milliseconds send_timeout{10'000};  ///< without progress the peer is too slow
  std::chrono::milliseconds flush_timeout{2'000};  ///< for what is queued at a graceful end
  std::chrono::milliseconds watch_interval{500};   ///< how often deadlines are looked at
  /// Reading stops while the owners hold more than this of the peer's messages.
  std::size_t max_unprocessed_bytes = std::size_t{4} << 20;
  MultiplexerOptions multiplexer{};
};

/// What the connections of one node share. Thread-safe once made.
struct ConnectionContext {
  const NodeKey& key;
  NodeInfo own;
  std::vector<ChannelDescriptor> channels;
  ConnectionOptions options;
  Random& random;  ///< fit for keys, thread-safe
  const Clock& clock;
  /// Of all connections together, those that have ended among them.
  std::shared_ptr<MessageCounters> messages = std::make_shared<MessageCounters>();
};

/// Why a connection ended.
struct ConnectionEnd {
  std::string reason;    ///< for people
  bool is_self = false;  ///< this very node answered
};

/// Told what happens to connections, on their strands: established, then received any number of
/// times, then ended once; or only ended.
class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;
  /// The connection waits for `admit` or `close`.
  virtual void established(Newcomer newcomer) = 0;
  virtual void received(ConnectionId connection, std::vector<IncomingMessage> messages) = 0;
  virtual void ended(ConnectionId connection, ConnectionEnd end) = 0;
};

/// Counters of one connection.
struct ConnectionTraffic {
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::size_t queued_bytes = 0;  ///< to be sent
  std::size_t held_bytes = 0;    ///< received, unfinished or unprocessed
};

/// Keeps itself alive until it has ended. Functions are thread-safe unless they say otherwise.
class PeerConnection : public std::enable_shared_from_this<PeerConnection> {
 public:
  using Strand = boost::asio::strand<boost::asio::any_io_executor>;

  PeerConnection(Strand strand, ConnectionId id, std::shared_ptr<const ConnectionContext> context,
                 std::shared_ptr<ConnectionEvents> events);

  /// Begins with a socket of a caller, whose executor is the strand. Call this or `dial`, once.
  void accept(boost::asio::ip::tcp::socket socket);
  /// Begins with a call; the host is looked up.
  void dial(PeerAddress address);

  /// Lets messages flow. REQUIRES: established.
  void admit();
  /// As PeerNetwork; false as well before `admit`.
  bool send(std::uint8_t channel, Bytes message);
  [[nodiscard]] bool can_send(std::uint8_t channel) const;
  /// Ends the connection. With `flush`, what is queued is sent first if the peer takes it in time.
  void close(std::string reason, bool flush);

  [[nodiscard]] ConnectionTraffic traffic() const;
  [[nodiscard]] MessageCounts messages() const { return messages_.counts(); }

 private:
  using Task = boost::asio::awaitable<void>;
  /// What owners hold of this peer's messages.
  struct Held;

  void spawn(Task (PeerConnection::*task)());
  Task call();
  Task shake_hands();
  Task read();
  Task write();
  Task watch();

  void look_at_deadlines();
  void finish(ConnectionEnd end);
  bool take_wire(ByteView wire);
  bool deliver(ByteView data);
  void wake_writer();
  void post_wake();
  [[nodiscard]] bool speaks(std::uint8_t channel) const;

  Strand strand_;
  ConnectionId id_;
  std::shared_ptr<const ConnectionContext> context_;
  std::shared_ptr<ConnectionEvents> events_;

  // On the strand alone.
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer watch_timer_;
  boost::asio::steady_timer write_timer_;
  boost::asio::steady_timer read_timer_;
  Direction direction_ = Direction::kInbound;
  std::optional<PeerAddress> called_;
  std::unique_ptr<SecretConnection> secret_;
  Bytes rest_of_handshake_;
  std::optional<MonotonicTime> deadline_;
  std::string deadline_reason_;
  std::optional<MonotonicTime> writing_since_;
  bool writer_is_woken_ = false;
  bool is_running_ = false;
  bool is_draining_ = false;
  bool is_over_ = false;

  // Written on the strand before `admit`, read by any thread after.
  NodeInfo peer_;

  mutable std::mutex mutex_;
  std::optional<Multiplexer> multiplexer_;  ///< under the mutex
  std::atomic<bool> wake_is_posted_ = false;
  std::atomic<std::uint64_t> sent_bytes_ = 0;
  std::atomic<std::uint64_t> received_bytes_ = 0;
  MessageCounters messages_;
  std::shared_ptr<Held> held_;
};

}  // namespace buri::consensus::p2p
