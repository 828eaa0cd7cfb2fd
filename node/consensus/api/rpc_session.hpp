#pragma once

#include "node/consensus/api/rpc_message.hpp"
#include "node/consensus/api/web_socket.hpp"

namespace buri::consensus::api {

/// One client's requests and subscriptions over a WebSocket. Answers and events carry the id of the
/// request that asked for them. A client that reads too slowly for what it subscribed to is hung up
/// on.
class RpcSession final : public WebSocketSession {
 public:
  /// `client` names it in the bus. What is borrowed must outlive it.
  RpcSession(const RpcMethods& methods, EventBus& events, std::string client,
             std::shared_ptr<WebSocketChannel> channel);
  ~RpcSession() override;
  void received(std::string text) override;

 private:
  void run(const RpcRequest& request);
  [[nodiscard]] RpcResult subscribe(const RpcRequest& request, const Arguments& arguments);

  const RpcMethods& methods_;
  EventBus& events_;
  std::string client_;
  std::shared_ptr<WebSocketChannel> channel_;
};

}  // namespace buri::consensus::api
