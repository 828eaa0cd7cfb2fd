#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "base/result.hpp"
#include "node/consensus/api/cors.hpp"
#include "node/consensus/api/http_message.hpp"
#include "node/consensus/api/web_socket.hpp"

/// A server of HTTP/1.1 and WebSocket over TCP, for all that a node answers to operators, explorers
/// and the other layer. Everything a client can make it hold is bounded.

namespace buri::consensus::api {

/// Defaults are those of a stock node where it has them ([rpc] of config.toml).
struct HttpServerOptions {
  std::string host = "127.0.0.1";  ///< a numeric address
  std::uint16_t port = 26657;      ///< 0: any free one
  std::size_t threads = 2;         ///< that run handlers
  /// Connections of all kinds. At the limit the one goes that has been idle for longest, and
  /// without an idle one the newcomer.
  std::size_t max_connections = 900;
  std::size_t max_connections_per_ip = 256;
  std::uint32_t max_header_bytes = 1 << 20;  ///< with the target, which may carry a transaction
  std::uint64_t max_body_bytes = 1'000'000;
  /// What requests and answers of all connections may hold; beyond, the connection that wants more
  /// goes.
  std::size_t max_held_bytes = std::size_t{512} << 20;
  std::chrono::milliseconds idle_timeout{10'000};   ///< for a request to begin and its header
  std::chrono::milliseconds read_timeout{10'000};   ///< for its body
  std::chrono::milliseconds write_timeout{30'000};  ///< for an answer, or a message of a WebSocket
  std::chrono::milliseconds stop_grace{3'000};      ///< for answers that are under way at the end

  std::string web_socket_path;  ///< "/websocket"; empty: there is none
  std::size_t max_web_socket_message_bytes = 1'000'000;
  std::size_t web_socket_queue_messages = 100;  ///< that wait for a slow reader
  std::size_t web_socket_queue_bytes = std::size_t{32} << 20;
  std::chrono::milliseconds web_socket_idle_timeout{
      30'000};  ///< without a sign of life; pinged at half of it

  CorsOptions cors;
};

/// Figures of a running server.
struct HttpServerCounts {
  std::size_t connections = 0;  ///< now
  std::size_t web_sockets = 0;  ///< of these
  std::size_t held_bytes = 0;
  std::uint64_t refused = 0;  ///< newcomers, and idle ones that made room, since the start
};

class HttpServerCore;

/// Runs on threads of its own. Thread-safe.
class HttpServer final {
 public:
  /// Binds the port and begins. `handler` must outlive the server; without `acceptor` requests for
  /// a WebSocket go to it like others. The error is a sentence.
  static Result<std::unique_ptr<HttpServer>, std::string> start(HttpServerOptions options,
                                                                HttpHandler& handler,
                                                                WebSocketAcceptor acceptor,
                                                                Logger logger);
  /// Stops.
  ~HttpServer();

  /// Takes no more connections and requests, waits for answers that are under way (stop_grace) and
  /// ends the rest. No handler or session is called after it has returned.
  void stop();

  /// The port that is listened on.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] HttpServerCounts counts() const;

 private:
  explicit HttpServer(std::shared_ptr<HttpServerCore> core);
  std::shared_ptr<HttpServerCore> core_;
};

}  // namespace buri::consensus::api
