#include "node/consensus/api/web_socket_connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/empty_body.hpp>

#include "node/consensus/api/http_response_head.hpp"

namespace buri::consensus::api {
namespace {

namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::size_t kMaxReasonBytes = 120;

}  // namespace

WebSocketConnection::WebSocketConnection(ServerStream stream, Seat seat)
    : core_(seat.shared_core()),
      stream_(std::move(stream)),
      seat_(std::move(seat)),
      write_timer_(stream_.get_executor()) {
  const HttpServerOptions& options = core_->options();
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = options.idle_timeout;
  timeouts.idle_timeout = options.web_socket_idle_timeout;
  timeouts.keep_alive_pings = true;
  stream_.set_option(timeouts);
  stream_.read_message_max(options.max_web_socket_message_bytes);
  stream_.text(true);
}

void WebSocketConnection::start(const HttpRequest& request, http::request_header<> header) {
  header_ = std::move(header);
  seat_->occupy(weak_from_this(), true);
  session_ = core_->web_socket_acceptor()(request, shared_from_this());
  if (!session_) return refuse();
  http::request<http::empty_body> upgrade{header_};
  stream_.async_accept(upgrade, [self = shared_from_this()](error_code error) {
    if (error) return self->end();
    self->is_open_ = true;
    self->read_next();
    self->write_next();
  });
}

void WebSocketConnection::refuse() {
  const HttpResponse response{
      503, "text/plain; charset=utf-8", "There are too many clients; try again later.\n", {}};
  const auto answer = std::make_shared<std::string>(response_head(response, false) + response.body);
  boost::beast::get_lowest_layer(stream_).expires_after(core_->options().write_timeout);
  boost::asio::async_write(
      stream_.next_layer(), boost::asio::buffer(*answer),
      [self = shared_from_this(), answer](error_code, std::size_t) { self->end(); });
}

void WebSocketConnection::read_next() {
  stream_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
    if (error) return self->end();
    if (!self->session_) return;
    std::string text = boost::beast::buffers_to_string(self->buffer_.data());
    self->buffer_.consume(self->buffer_.size());
    self->buffer_.shrink_to_fit();
    self->session_->received(std::move(text));
    self->read_next();
  });
}

bool WebSocketConnection::send(std::shared_ptr<const std::string> text) {
  const HttpServerOptions& options = core_->options();
  {
    const std::lock_guard lock(mutex_);
    const bool is_full =
        queue_.size() >= options.web_socket_queue_messages ||
        (!queue_.empty() && queued_bytes_ + text->size() > options.web_socket_queue_bytes);
    if (is_over_ || is_full || !core_->hold(text->size())) return false;
    queued_bytes_ += text->size();
    queue_.push_back(std::move(text));
  }
  core_->post(stream_.get_executor(), [self = shared_from_this()] { self->write_next(); });
  return true;
}

void WebSocketConnection::close(std::string reason) {
  core_->post(stream_.get_executor(),
              [self = shared_from_this(), reason = std::move(reason)]() mutable {
                if (!self->goodbye_) self->goodbye_ = std::move(reason);
                self->write_next();
              });
}

void WebSocketConnection::write_next() {
  if (is_writing_ || !is_open_) return;
  std::shared_ptr<const std::string> text;
  {
    const std::lock_guard lock(mutex_);
    if (!queue_.empty()) text = queue_.front();
  }
  if (!text) return goodbye_ ? say_goodbye() : void();
  is_writing_ = true;
  write_timer_.expires_after(core_->options().write_timeout);
  write_timer_.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (!error && self) self->end();
  });
  stream_.async_write(boost::asio::buffer(*text),
                      [self = shared_from_this(), text](error_code error, std::size_t) {
                        self->is_writing_ = false;
                        self->write_timer_.cancel();
                        if (error) return self->end();
                        {
                          const std::lock_guard lock(self->mutex_);
                          if (!self->queue_.empty()) {
                            self->core_->give_back(text->size());
                            self->queued_bytes_ -= text->size();
                            self->queue_.pop_front();
                          }
                        }
                        self->write_next();
                      });
}

void WebSocketConnection::say_goodbye() {
  is_open_ = false;
  websocket::close_reason reason(websocket::close_code::normal);
  reason.reason = goodbye_->substr(0, kMaxReasonBytes);
  stream_.async_close(reason, [self = shared_from_this()](error_code) { self->end(); });
}

void WebSocketConnection::shut_down(bool at_once) {
  if (!at_once) return close("The node stops.");
  core_->post(stream_.get_executor(), [self = shared_from_this()] { self->end(); });
}

void WebSocketConnection::end() {
  is_open_ = false;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    core_->give_back(queued_bytes_);
    queue_.clear();
    queued_bytes_ = 0;
  }
  write_timer_.cancel();
  error_code ignored;
  boost::beast::get_lowest_layer(stream_).socket().shutdown(
      boost::asio::ip::tcp::socket::shutdown_both, ignored);
  boost::beast::get_lowest_layer(stream_).close();
  seat_.reset();
  // Destroyed by the strand and not here: this may be a call that the session itself made.
  if (session_) {
    boost::asio::post(stream_.get_executor(),
                      [self = shared_from_this(),
                       session = std::shared_ptr<WebSocketSession>(std::move(session_))] {});
  }
}

}  // namespace buri::consensus::api
