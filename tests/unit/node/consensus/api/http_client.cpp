#include "tests/unit/node/consensus/api/http_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace buri::testing {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using consensus::api::HttpResponse;

constexpr std::chrono::seconds kPatience{20};
constexpr std::uint64_t kMaxAnswerBytes = 256u << 20;

template <class Start>
error_code run(asio::io_context& context, Start start) {
  error_code result = asio::error::timed_out;
  start([&result](error_code error, auto&&...) { result = error; });
  context.restart();
  context.run();
  return result;
}

asio::ip::tcp::endpoint loopback(std::uint16_t port) {
  return {asio::ip::address_v4::loopback(), port};
}

}  // namespace

struct HttpClient::Connection {
  asio::io_context context;
  boost::beast::tcp_stream stream{context};
  boost::beast::flat_buffer buffer;
};

HttpClient::HttpClient(std::uint16_t port) : connection_(std::make_unique<Connection>()) {
  auto& [context, stream, buffer] = *connection_;
  stream.expires_after(kPatience);
  run(context, [&](auto done) { stream.async_connect(loopback(port), done); });
}

HttpClient::~HttpClient() = default;

bool HttpClient::write(std::string_view bytes) {
  connection_->stream.expires_after(kPatience);
  return !run(connection_->context, [&](auto done) {
    asio::async_write(connection_->stream, asio::buffer(bytes), done);
  });
}

std::optional<HttpResponse> HttpClient::read(bool is_head) {
  connection_->stream.expires_after(kPatience);
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMaxAnswerBytes);
  parser.skip(is_head);
  const error_code error = run(connection_->context, [&](auto done) {
    http::async_read(connection_->stream, connection_->buffer, parser, done);
  });
  if (error) return std::nullopt;
  HttpResponse answer;
  answer.status = parser.get().result_int();
  answer.content_type = parser.get()[http::field::content_type];
  for (const auto& field : parser.get()) {
    answer.headers.emplace_back(field.name_string(), field.value());
  }
  answer.body = std::move(parser.get().body());
  return answer;
}

std::optional<HttpResponse> HttpClient::get(const std::string& target) {
  write("GET " + target + " HTTP/1.1\r\nHost: here\r\n\r\n");
  return read();
}

std::optional<HttpResponse> HttpClient::post(const std::string& target, const std::string& body) {
  write("POST " + target + " HTTP/1.1\r\nHost: here\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body);
  return read();
}

bool HttpClient::is_closed() {
  connection_->stream.expires_after(kPatience);
  char byte = 0;
  const error_code error = run(connection_->context, [&](auto done) {
    connection_->stream.async_read_some(asio::buffer(&byte, 1), done);
  });
  return error && error != boost::beast::error::timeout;
}

struct WebSocketClient::Connection {
  asio::io_context context;
  boost::beast::websocket::stream<boost::beast::tcp_stream> stream{context};
  boost::beast::flat_buffer buffer;
};

WebSocketClient::~WebSocketClient() = default;

WebSocketClient::WebSocketClient(std::uint16_t port, const std::string& path)
    : connection_(std::make_unique<Connection>()) {
  auto& socket = boost::beast::get_lowest_layer(connection_->stream);
  socket.expires_after(kPatience);
  error_code error =
      run(connection_->context, [&](auto done) { socket.async_connect(loopback(port), done); });
  if (error) return;
  connection_->stream.read_message_max(kMaxAnswerBytes);
  error = run(connection_->context,
              [&](auto done) { connection_->stream.async_handshake("here", path, done); });
  is_open_ = !error;
}

bool WebSocketClient::write(const std::string& text) {
  boost::beast::get_lowest_layer(connection_->stream).expires_after(kPatience);
  return !run(connection_->context,
              [&](auto done) { connection_->stream.async_write(asio::buffer(text), done); });
}

std::optional<std::string> WebSocketClient::read(std::chrono::milliseconds patience) {
  boost::beast::get_lowest_layer(connection_->stream).expires_after(patience);
  const error_code error = run(connection_->context, [&](auto done) {
    connection_->stream.async_read(connection_->buffer, done);
  });
  if (error) return std::nullopt;
  std::string text = boost::beast::buffers_to_string(connection_->buffer.data());
  connection_->buffer.consume(connection_->buffer.size());
  return text;
}

}  // namespace buri::testing
