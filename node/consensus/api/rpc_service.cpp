#include "node/consensus/api/rpc_service.hpp"

#include "node/consensus/api/rpc_session.hpp"

namespace buri::consensus::api {
namespace {

constexpr std::string_view kUriId = "-1";

HttpResponse json_response(unsigned status, std::string body, bool is_cacheable) {
  HttpResponse response{status, "application/json", std::move(body), {}};
  if (is_cacheable) response.headers.emplace_back("Cache-Control", "public, max-age=86400");
  return response;
}

HttpResponse text_response(unsigned status, std::string body) {
  return {status, "text/plain; charset=utf-8", std::move(body), {}};
}

/// One POST: requests carried out one after the other.
class PostRun : public std::enable_shared_from_this<PostRun> {
 public:
  PostRun(const RpcMethods& methods, RpcRequests requests, HttpResponder respond)
      : methods_(methods), requests_(std::move(requests)), respond_(std::move(respond)) {}

  void next() {
    while (place_ < requests_.all.size() && !requests_.all[place_].id) ++place_;
    if (place_ == requests_.all.size()) return finish();
    answer_request(methods_, requests_.all[place_++],
                   [self = shared_from_this()](std::string answer, bool is_cacheable) {
                     self->answers_.push_back(std::move(answer));
                     self->is_cacheable_ = self->is_cacheable_ && is_cacheable;
                     self->next();
                   });
  }

 private:
  void finish() {
    if (answers_.empty()) return respond_(HttpResponse{200, "", "", {}});
    if (answers_.size() == 1) {
      return respond_(json_response(200, std::move(answers_[0]), is_cacheable_));
    }
    std::string body = "[";
    for (const std::string& answer : answers_) {
      if (body.size() > 1) body += ',';
      body += answer;
    }
    respond_(json_response(200, body + "]", is_cacheable_));
  }

  const RpcMethods& methods_;
  RpcRequests requests_;
  HttpResponder respond_;
  std::size_t place_ = 0;
  std::vector<std::string> answers_;
  bool is_cacheable_ = true;
};

}  // namespace

RpcService::RpcService(const RpcServices& services, const RpcOptions& options, const Clock& clock)
    : events_(services.events),
      options_(options),
      clock_(clock),
      methods_(rpc_methods(services, options)) {}

void RpcService::handle(HttpRequest request, HttpResponder respond) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(clock_.wall()).time_since_epoch().count();
  const HttpResponder timed = [respond = std::move(respond), seconds](HttpResponse response) {
    response.headers.emplace_back("X-Server-Time", std::to_string(seconds));
    respond(std::move(response));
  };
  const std::string path = request.path();
  if (path == "/") return handle_post(request, timed);
  if (path == "/websocket") return timed(text_response(400, "Bad Request\n"));
  const auto method = methods_.find(std::string_view(path).substr(path.empty() ? 0 : 1));
  if (method == methods_.end()) return timed(text_response(404, "404 page not found\n"));
  handle_uri(method->second, request, timed);
}

HttpResponse RpcService::body_too_large() {
  return json_response(400,
                       rpc_error(std::nullopt, RpcErrorCode::kInvalidRequest,
                                 "error reading request body: http: request body too large"),
                       false);
}

void RpcService::handle_uri(const RpcMethod& method, const HttpRequest& request,
                            const HttpResponder& respond) const {
  const std::string id(kUriId);
  if (!method.run) {
    return respond(json_response(404, rpc_error(id, RpcErrorCode::kMethodNotFound, ""), false));
  }
  auto pairs = parse_query(request.query());
  const bool is_form =
      request.header("Content-Type").value_or("").starts_with("application/x-www-form-urlencoded");
  if (is_form) {
    for (auto& pair : parse_query(request.body)) pairs.push_back(std::move(pair));
  }
  const auto arguments = arguments_from_query(method.parameters, pairs);
  if (!arguments.ok()) {
    return respond(
        json_response(500,
                      rpc_error(id, RpcErrorCode::kInvalidParams,
                                "error converting http params to arguments: " + arguments.error()),
                      false));
  }
  const bool is_cacheable = method.is_cacheable(*arguments);
  method.run(*arguments, [id, is_cacheable, respond](const RpcResult& result) {
    respond(result.ok() ? json_response(200, rpc_answer(id, *result), is_cacheable)
                        : json_response(500, rpc_error(id, RpcErrorCode::kInternal, result.error()),
                                        false));
  });
}

void RpcService::handle_post(const HttpRequest& request, const HttpResponder& respond) const {
  if (request.body.empty()) return respond(list_endpoints(request));
  auto requests = parse_requests(request.body);
  if (!requests.ok()) {
    return respond(json_response(500,
                                 rpc_error(std::nullopt, RpcErrorCode::kParse,
                                           "error unmarshaling request: " + requests.error()),
                                 false));
  }
  if (options_.max_batch > 0 && requests->all.size() > options_.max_batch) {
    const std::string sentence = "batch request exceeds maximum (" +
                                 std::to_string(options_.max_batch) +
                                 ") allowed number of requests";
    return respond(json_response(
        200, rpc_error(std::nullopt, RpcErrorCode::kInvalidRequest, sentence), false));
  }
  std::make_shared<PostRun>(methods_, std::move(requests).value(), respond)->next();
}

HttpResponse RpcService::list_endpoints(const HttpRequest& request) const {
  const std::string host(request.header("Host").value_or(""));
  // Every method has an argument in stock's eyes: the context of the call.
  std::string body =
      "<html><body><br>Available endpoints:<br><br>Endpoints that require arguments:<br>";
  for (const auto& [name, method] : methods_) {
    std::string link = "//" + host + "/" + name + "?";
    for (const ArgumentSpec& parameter : method.parameters) {
      if (!link.ends_with('?')) link += '&';
      link += std::string(parameter.name) + "=_";
    }
    body += "<a href=\"" + link + "\">" + link + "</a></br>";
  }
  return {200, "text/html", body + "</body></html>", {}};
}

std::unique_ptr<WebSocketSession> RpcService::accept(
    const HttpRequest& request, std::shared_ptr<WebSocketChannel> channel) const {
  return std::make_unique<RpcSession>(methods_, events_, request.remote, std::move(channel));
}

}  // namespace buri::consensus::api
