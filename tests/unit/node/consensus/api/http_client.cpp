#include "tests/unit/node/consensus/api/http_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

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

HttpClient::HttpClient(std::uint16_t port) : stream_(context_) {
  stream_.expires_after(kPatience);
  run(context_, [&](auto done) { stream_.async_connect(loopback(port), done); });
}

bool HttpClient::write(std::string_view bytes) {
  stream_.expires_after(kPatience);
  return !run(context_, [&](auto done) { asio::async_write(stream_, asio::buffer(bytes), done); });
}

std::optional<HttpResponse> HttpClient::read(bool is_head) {
  stream_.expires_after(kPatience);
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMaxAnswerBytes);
  parser.skip(is_head);
  const error_code error =
      run(context_, [&](auto done) { http::async_read(stream_, buffer_, parser, done); });
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
  stream_.expires_after(kPatience);
  char byte = 0;
  const error_code error =
      run(context_, [&](auto done) { stream_.async_read_some(asio::buffer(&byte, 1), done); });
  return error && error != boost::beast::error::timeout;
}

WebSocketClient::WebSocketClient(std::uint16_t port, const std::string& path) : stream_(context_) {
  auto& socket = boost::beast::get_lowest_layer(stream_);
  socket.expires_after(kPatience);
  error_code error = run(context_, [&](auto done) { socket.async_connect(loopback(port), done); });
  if (error) return;
  stream_.read_message_max(kMaxAnswerBytes);
  error = run(context_, [&](auto done) { stream_.async_handshake("here", path, done); });
  is_open_ = !error;
}

bool WebSocketClient::write(const std::string& text) {
  boost::beast::get_lowest_layer(stream_).expires_after(kPatience);
  return !run(context_, [&](auto done) { stream_.async_write(asio::buffer(text), done); });
}

std::optional<std::string> WebSocketClient::read(std::chrono::milliseconds patience) {
  boost::beast::get_lowest_layer(stream_).expires_after(patience);
  const error_code error = run(context_, [&](auto done) { stream_.async_read(buffer_, done); });
  if (error) return std::nullopt;
  std::string text = boost::beast::buffers_to_string(buffer_.data());
  buffer_.consume(buffer_.size());
  return text;
}

}  // namespace buri::testing
