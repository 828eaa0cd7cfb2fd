#include "node/consensus/api/rpc_session.hpp"

#include "node/consensus/api/json_writer.hpp"

namespace buri::consensus::api {
namespace {

using Channel = std::shared_ptr<WebSocketChannel>;

bool send(const Channel& channel, std::string text) {
  return channel->send(std::make_shared<const std::string>(std::move(text)));
}

void send_or_hang_up(const Channel& channel, std::string text) {
  if (!send(channel, std::move(text))) channel->close("The client reads too slowly.");
}

std::string event_json(std::string_view query, std::string_view data, std::string_view attributes) {
  JsonWriter out;
  out.begin_object().key("query").text(query).key("data").raw(data);
  out.key("events").raw(attributes).end_object();
  return out.take();
}

}  // namespace

RpcSession::RpcSession(const RpcMethods& methods, EventBus& events, std::string client,
                       Channel channel)
    : methods_(methods),
      events_(events),
      client_(std::move(client)),
      channel_(std::move(channel)) {}

RpcSession::~RpcSession() { static_cast<void>(events_.unsubscribe_all(client_).ok()); }

void RpcSession::received(std::string text) {
  auto requests = parse_requests(text);
  if (requests.ok() && requests->is_list) {
    requests =
        Failure{std::string("json: cannot unmarshal array into Go value of type types.RPCRequest")};
  }
  if (!requests.ok()) {
    return send_or_hang_up(channel_, rpc_error(std::nullopt, RpcErrorCode::kParse,
                                               "error unmarshaling request: " + requests.error()));
  }
  if (requests->all[0].id) run(requests->all[0]);
}

void RpcSession::run(const RpcRequest& request) {
  const auto method = methods_.find(request.method);
  if (method == methods_.end() || !method->second.needs_web_socket) {
    return answer_request(methods_, request,
                          [channel = channel_](std::string answer, bool /*is_cacheable*/) {
                            send_or_hang_up(channel, std::move(answer));
                          });
  }
  const auto arguments = arguments_from_json(method->second.parameters, request.params);
  if (!arguments.ok()) {
    return send_or_hang_up(
        channel_, rpc_error(request.id, RpcErrorCode::kInvalidParams,
                            "error converting json params to arguments: " + arguments.error()));
  }
  RpcResult result = std::string("{}");
  if (request.method == "subscribe") {
    result = subscribe(request, *arguments);
  } else {
    const auto status = request.method == "unsubscribe"
                            ? events_.unsubscribe(client_, arguments->get_or<std::string>(0, {}))
                            : events_.unsubscribe_all(client_);
    if (!status.ok()) result = Failure{status.error()};
  }
  send_or_hang_up(channel_, result.ok()
                                ? rpc_answer(*request.id, *result)
                                : rpc_error(request.id, RpcErrorCode::kInternal, result.error()));
}

RpcResult RpcSession::subscribe(const RpcRequest& request, const Arguments& arguments) {
  const auto query = arguments.get_or<std::string>(0, {});
  EventSink sink;
  sink.deliver = [channel = channel_, id = *request.id, query](std::string_view data,
                                                               std::string_view attributes) {
    return send(channel, rpc_answer(id, event_json(query, data, attributes)));
  };
  sink.cancelled = [channel = channel_, id = request.id](std::string_view reason) {
    const std::string sentence = "subscription was canceled (reason: " + std::string(reason) + ")";
    send_or_hang_up(channel, rpc_error(id, RpcErrorCode::kServer, sentence));
  };
  RETURN_IF_ERROR(events_.subscribe(client_, query, std::move(sink)));
  return std::string("{}");
}

}  // namespace buri::consensus::api
