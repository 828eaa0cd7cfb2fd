#pragma once

#include "base/clock.hpp"
#include "node/consensus/api/http_message.hpp"
#include "node/consensus/api/rpc_message.hpp"
#include "node/consensus/api/web_socket.hpp"

/// CometBFT's RPC behind an HttpServer: POST with JSON, a path with a query, and WebSockets.

namespace buri::consensus::api {

/// Thread-safe.
class RpcService final : public HttpHandler {
 public:
  /// `clock` for the header X-Server-Time.
  RpcService(const RpcServices& services, const RpcOptions& options, const Clock& clock);

  void handle(HttpRequest request, HttpResponder respond) override;
  HttpResponse body_too_large() override;
  /// The session of a new WebSocket; the path is the server's option.
  std::unique_ptr<WebSocketSession> accept(const HttpRequest& request,
                                           std::shared_ptr<WebSocketChannel> channel) const;

 private:
  void handle_uri(const RpcMethod& method, const HttpRequest& request,
                  const HttpResponder& respond) const;
  void handle_post(const HttpRequest& request, const HttpResponder& respond) const;
  [[nodiscard]] HttpResponse list_endpoints(const HttpRequest& request) const;

  EventBus& events_;
  RpcOptions options_;
  const Clock& clock_;
  RpcMethods methods_;
};

}  // namespace buri::consensus::api
