#pragma once

#include <functional>
#include <memory>
#include <string>

#include "node/consensus/api/http_message.hpp"

/// WebSocket connections as those see them who talk over them: messages of text, whole.

namespace buri::consensus::api {

/// The way to the client. Thread-safe; may outlive the connection.
class WebSocketChannel {
 public:
  virtual ~WebSocketChannel() = default;
  /// Queues a message; false, and nothing is queued, if the connection has ended or the client
  /// reads so slowly that the queue is full.
  virtual bool send(std::shared_ptr<const std::string> text) = 0;
  /// Hangs up after what is queued; the reason (at most 120 bytes) is told to the client.
  virtual void close(std::string reason) = 0;
};

/// One client's conversation. Calls come one at a time; the last is the destructor.
class WebSocketSession {
 public:
  virtual ~WebSocketSession() = default;
  /// The next message is read when this has returned.
  virtual void received(std::string text) = 0;
};

/// Makes the session of a client that asks for a WebSocket; null refuses it with status 503.
/// Called by several threads at once.
using WebSocketAcceptor = std::function<std::unique_ptr<WebSocketSession>(
    const HttpRequest& request, std::shared_ptr<WebSocketChannel> channel)>;

}  // namespace buri::consensus::api
