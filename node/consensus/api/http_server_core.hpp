#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "node/consensus/api/http_server.hpp"

/// The inside of the server; only its own files include this.

namespace buri::consensus::api {

using ServerStrand = boost::asio::strand<boost::asio::io_context::executor_type>;
using ServerStream = boost::beast::basic_stream<boost::asio::ip::tcp, ServerStrand>;

/// A connection of either kind, as the server sees it.
class ServedConnection {
 public:
  virtual ~ServedConnection() = default;
  /// Ends: at once, or when the answer that is under way has been sent. Any thread.
  virtual void shut_down(bool at_once) = 0;
};

/// The listening side, who is connected, and what all of them hold. Thread-safe.
class HttpServerCore final : public std::enable_shared_from_this<HttpServerCore> {
 public:
  HttpServerCore(HttpServerOptions options, HttpHandler& handler, WebSocketAcceptor acceptor,
                 Logger logger);

  Result<std::uint16_t, std::string> listen();
  void run();
  void stop();
  [[nodiscard]] HttpServerCounts counts() const;
  [[nodiscard]] std::uint16_t port() const { return port_; }

  [[nodiscard]] const HttpServerOptions& options() const { return options_; }
  [[nodiscard]] HttpHandler& handler() const { return handler_; }
  [[nodiscard]] const WebSocketAcceptor& web_socket_acceptor() const { return web_sockets_; }
  [[nodiscard]] bool is_stopping() const { return is_stopping_; }

  /// Counts bytes that a connection keeps; false, and nothing is counted, if that is too much.
  bool hold(std::size_t bytes);
  void give_back(std::size_t bytes) { held_bytes_ -= bytes; }

  /// Runs `work` on the strand, unless the server is over.
  template <class Work>
  void post(const ServerStrand& strand, Work work) {
    const std::lock_guard lock(over_mutex_);
    if (!is_over_) boost::asio::post(strand, std::move(work));
  }

 private:
  friend class Seat;
  struct Entry {
    std::weak_ptr<ServedConnection> connection;
    std::string ip;
    std::optional<std::chrono::steady_clock::time_point> idle_since;
    bool is_web_socket = false;
  };

  void accept_next();
  void accepted(ServerStream::socket_type socket);
  using Everybody = std::vector<std::shared_ptr<ServedConnection>>;
  Everybody everybody() const;
  void wait_until_empty();
  /// A place for a caller, or nothing.
  std::optional<std::uint64_t> take_place(const std::string& ip);
  /// Takes the place of the connection that has been idle for longest. REQUIRES: mutex_ is held.
  bool make_room(std::shared_ptr<ServedConnection>& leaving);

  HttpServerOptions options_;
  HttpHandler& handler_;
  WebSocketAcceptor web_sockets_;
  Logger logger_;

  std::atomic<bool> is_stopping_ = false;
  std::atomic<std::size_t> held_bytes_ = 0;
  std::uint16_t port_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Entry> entries_;
  std::map<std::string, std::size_t> per_ip_;
  std::uint64_t last_id_ = 0;
  std::uint64_t refused_ = 0;

  std::mutex over_mutex_;
  bool is_over_ = false;

  boost::asio::io_context context_;
  ServerStrand strand_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer accept_timer_;
  std::vector<std::thread> threads_;
};

/// A connection's place in the server, given back by the destructor together with what it holds.
/// Used by one strand.
class Seat final {
 public:
  Seat(std::shared_ptr<HttpServerCore> core, std::uint64_t id) : core_(std::move(core)), id_(id) {}
  Seat(Seat&& other) noexcept = default;
  Seat& operator=(Seat&&) = delete;
  ~Seat();

  void occupy(std::weak_ptr<ServedConnection> connection, bool is_web_socket);
  /// Whether the connection may go to make room for another.
  void set_idle(bool is_idle);
  /// What the connection holds now; false, and nothing changes, if that is too much for all.
  bool hold(std::size_t bytes);
  [[nodiscard]] HttpServerCore& core() const { return *core_; }
  [[nodiscard]] const std::shared_ptr<HttpServerCore>& shared_core() const { return core_; }

 private:
  std::shared_ptr<HttpServerCore> core_;
  std::uint64_t id_;
  std::size_t held_bytes_ = 0;
};

}  // namespace buri::consensus::api
