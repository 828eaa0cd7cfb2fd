#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "node/consensus/api/http_message.hpp"

/// A client on the loopback interface that waits for each step, but never for long.

namespace buri::testing {

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port);
  ~HttpClient();

  /// Whether the server is still there after what was sent.
  bool write(std::string_view bytes);
  /// The next answer; nothing if the connection ended or nothing came.
  std::optional<consensus::api::HttpResponse> read(bool is_head = false);
  std::optional<consensus::api::HttpResponse> get(const std::string& target);
  std::optional<consensus::api::HttpResponse> post(const std::string& target,
                                                   const std::string& body);
  /// Whether the server has hung up; waits a moment for it.
  bool is_closed();

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

class WebSocketClient {
 public:
  WebSocketClient(std::uint16_t port, const std::string& path);
  ~WebSocketClient();
  [[nodiscard]] bool is_open() const { return is_open_; }
  bool write(const std::string& text);
  /// The next message, or nothing if the server has hung up or says nothing for a while.
  std::optional<std::string> read(std::chrono::milliseconds patience = std::chrono::seconds(20));

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
  bool is_open_ = false;
};

}  // namespace buri::testing
