#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <mutex>

#include "node/consensus/api/http_server_core.hpp"

namespace buri::consensus::api {

/// One client's WebSocket: one message read at a time, those to send in a bounded queue. Lives as
/// long as something of it is under way or somebody may still send.
class WebSocketConnection final : public ServedConnection,
                                  public WebSocketChannel,
                                  public std::enable_shared_from_this<WebSocketConnection> {
 public:
  WebSocketConnection(ServerStream stream, Seat seat);
  /// `header` is that of `request`, as the library reads it.
  void start(const HttpRequest& request, boost::beast::http::request_header<> header);
  void shut_down(bool at_once) override;
  bool send(std::shared_ptr<const std::string> text) override;
  void close(std::string reason) override;

 private:
  void refuse();
  void read_next();
  void write_next();
  void say_goodbye();
  void end();

  std::shared_ptr<HttpServerCore> core_;
  boost::beast::websocket::stream<ServerStream, false> stream_;  ///< without compression
  std::optional<Seat> seat_;                                     ///< until the end
  boost::asio::steady_timer write_timer_;
  boost::beast::flat_buffer buffer_;
  boost::beast::http::request_header<> header_;
  std::unique_ptr<WebSocketSession> session_;
  bool is_writing_ = false;
  bool is_open_ = false;
  std::optional<std::string> goodbye_;  ///< what is said when the queue is empty

  std::mutex mutex_;
  std::deque<std::shared_ptr<const std::string>> queue_;  ///< under the mutex, as the next two
  std::size_t queued_bytes_ = 0;
  bool is_over_ = false;
};

}  // namespace buri::consensus::api
