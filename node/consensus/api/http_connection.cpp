#include "node/consensus/api/http_connection.hpp"

#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "node/consensus/api/http_response_head.hpp"
#include "node/consensus/api/web_socket_connection.hpp"

namespace buri::consensus::api {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kReadBytes = 64 * 1024;

HttpResponse plain(unsigned status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text), {}};
}

}  // namespace

HttpConnection::HttpConnection(ServerStream stream, Seat seat, std::string remote)
    : stream_(std::move(stream)),
      seat_(std::move(seat)),
      remote_(std::move(remote)),
      buffer_(seat_.core().options().max_header_bytes + kReadBytes) {}

void HttpConnection::start() {
  seat_.occupy(weak_from_this(), false);
  boost::asio::post(stream_.get_executor(), [self = shared_from_this()] { self->read_request(); });
}

void HttpConnection::shut_down(bool at_once) {
  seat_.core().post(stream_.get_executor(), [self = shared_from_this(), at_once] {
    self->is_ending_ = true;
    if (at_once || !self->is_answering_) self->close();
  });
}

void HttpConnection::close() {
  is_ending_ = true;
  ++serial_;
  error_code ignored;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
}

void HttpConnection::read_request() {
  if (is_ending_ || seat_.core().is_stopping()) return close();
  const HttpServerOptions& options = seat_.core().options();
  parser_.emplace();
  parser_->header_limit(options.max_header_bytes);
  parser_->body_limit(options.max_body_bytes);
  is_header_taken_ = false;
  request_bytes_ = buffer_.size();
  if (buffer_.size() == 0 && buffer_.capacity() > kReadBytes) buffer_.shrink_to_fit();
  seat_.hold(request_bytes_);
  seat_.set_idle(true);
  stream_.expires_after(options.idle_timeout);
  read_more();
}

void HttpConnection::read_more() {
  http::async_read_some(stream_, buffer_, *parser_,
                        [self = shared_from_this()](error_code error, std::size_t bytes) {
                          self->take_bytes(error, bytes);
                        });
}

void HttpConnection::take_bytes(error_code error, std::size_t bytes) {
  if (error) return refuse(error);
  request_bytes_ += bytes;
  if (!seat_.hold(request_bytes_)) return close();
  if (parser_->is_header_done() && !is_header_taken_) {
    is_header_taken_ = true;
    seat_.set_idle(false);
    if (upgrade()) return;
    stream_.expires_after(seat_.core().options().read_timeout);
  }
  if (parser_->is_done()) return take_request();
  read_more();
}

bool HttpConnection::upgrade() {
  const HttpServerOptions& options = seat_.core().options();
  const WebSocketAcceptor& acceptor = seat_.core().web_socket_acceptor();
  const auto& header = parser_->get();
  if (!acceptor || options.web_socket_path.empty() || is_ending_ ||
      !boost::beast::websocket::is_upgrade(header) || header.target() != options.web_socket_path) {
    return false;
  }
  stream_.expires_never();
  auto raw = header.base();
  const auto connection =
      std::make_shared<WebSocketConnection>(std::move(stream_), std::move(seat_));
  connection->start(request_of_parser(), std::move(raw));
  return true;
}

HttpRequest HttpConnection::request_of_parser() {
  auto message = parser_->release();
  HttpRequest request;
  request.method = message.method_string();
  request.target = message.target();
  for (const auto& field : message) {
    request.headers.emplace_back(field.name_string(), field.value());
  }
  request.body = std::move(message.body());
  request.remote = remote_;
  return request;
}

void HttpConnection::take_request() {
  keeps_alive_ = parser_->get().keep_alive();
  HttpRequest request = request_of_parser();
  is_head_ = request.method == "HEAD";
  origin_.reset();
  if (const auto origin = request.header("Origin")) origin_ = std::string(*origin);
  dispatch(std::move(request));
}

void HttpConnection::refuse(error_code error) {
  if (error == http::error::body_limit) {
    keeps_alive_ = false;
    is_answering_ = true;
    return answer(++serial_, seat_.core().handler().body_too_large());
  }
  const bool is_malformed = error.category() == make_error_code(http::error::bad_method).category();
  if (is_malformed && error != http::error::end_of_stream &&
      error != http::error::partial_message) {
    keeps_alive_ = false;
    is_answering_ = true;
    const bool is_long =
        error == http::error::header_limit || error == http::error::buffer_overflow;
    return answer(++serial_, is_long ? plain(431, "431 Request Header Fields Too Large")
                                     : plain(400, "400 Bad Request"));
  }
  close();
}

void HttpConnection::dispatch(HttpRequest request) {
  stream_.expires_never();
  is_answering_ = true;
  const std::uint64_t serial = ++serial_;
  if (auto preflight = answer_preflight(seat_.core().options().cors, request)) {
    origin_.reset();
    return answer(serial, std::move(*preflight));
  }
  seat_.core().handler().handle(
      std::move(request), [self = shared_from_this(), serial](HttpResponse response) {
        self->seat_.core().post(self->stream_.get_executor(),
                                [self, serial, response = std::move(response)]() mutable {
                                  self->answer(serial, std::move(response));
                                });
      });
}

void HttpConnection::answer(std::uint64_t serial, HttpResponse response) {
  if (serial != serial_ || !is_answering_) return;
  ++serial_;
  if (!seat_.hold(request_bytes_ + response.body.size())) return close();
  if (response.status != 204) {  // a preflight
    HttpHeaders more =
        cors_headers(seat_.core().options().cors,
                     origin_ ? std::optional<std::string_view>(*origin_) : std::nullopt);
    for (auto& header : more) response.headers.push_back(std::move(header));
  }
  write(std::move(response));
}

void HttpConnection::write(HttpResponse&& response) {
  struct Sent {
    std::string head;
    std::string body;
  };
  const bool stays = keeps_alive_ && !is_ending_;
  const auto sent = std::make_shared<Sent>();
  sent->head = response_head(response, stays);
  if (!is_head_ && response.status != 204) sent->body = std::move(response.body);
  stream_.expires_after(seat_.core().options().write_timeout);
  const std::array buffers{boost::asio::buffer(std::as_const(sent->head)),
                           boost::asio::buffer(std::as_const(sent->body))};
  boost::asio::async_write(stream_, buffers,
                           [self = shared_from_this(), sent, stays](error_code error, std::size_t) {
                             self->is_answering_ = false;
                             if (error || !stays) return self->close();
                             self->read_request();
                           });
}

}  // namespace buri::consensus::api
