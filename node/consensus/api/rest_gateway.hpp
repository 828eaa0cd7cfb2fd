#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "node/consensus/api/http_message.hpp"
#include "node/consensus/api/rest_routes.hpp"
#include "node/consensus/api/state_queries.hpp"

/// The REST gateway without sockets: a request's path, query and body become a query of the state
/// or of a service of the node, whose answer becomes JSON (grpc-gateway v1.16 as the SDK fork's
/// server/api sets it up: snake_case names, defaults written, 64-bit integers as strings).

namespace buri::consensus::api {

/// The HTTP status that the gateway gives for a gRPC code.
int http_status_of(int grpc_code);

/// What a gRPC error looks like: {"code":5,"message":"…","details":[]}.
HttpResponse rest_error(int grpc_code, std::string_view text);

/// Thread-safe once all pages are added. `queries` must outlive it.
class RestGateway final : public HttpHandler {
 public:
  /// `anys` reads and writes what Anys hold.
  RestGateway(const StateQueries& queries, codec::AnyJson anys)
      : queries_(&queries), anys_(std::move(anys)) {}

  /// Adds a page that no method stands behind, such as /status. GET alone.
  void add_page(std::string path, std::function<HttpResponse()> page) {
    pages_[std::move(path)] = std::move(page);
  }

  [[nodiscard]] HttpResponse answer(const HttpRequest& request) const;
  /// Answers on the caller's thread; some queries ask the root chain and take its time.
  void handle(HttpRequest request, HttpResponder respond) override { respond(answer(request)); }

 private:
  [[nodiscard]] HttpResponse ask(const RestRoute& route, const RestMatch& match,
                                 const HttpRequest& request) const;

  const StateQueries* queries_;
  codec::AnyJson anys_;
  std::map<std::string, std::function<HttpResponse()>, std::less<>> pages_;
};

}  // namespace buri::consensus::api
