#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "node/consensus/api/rest_routes.hpp"
#include "node/consensus/api/state_queries.hpp"

/// The REST gateway without sockets: a request's path, query and body become a query of the state
/// or of a service of the node, whose answer becomes JSON (grpc-gateway v1.16 as the SDK fork's
/// server/api sets it up: snake_case names, defaults written, 64-bit integers as strings).

namespace buri::consensus::api {

/// A request as the gateway needs it.
struct RestRequest {
  std::string method;  ///< "GET"
  std::string path;    ///< without query, percent-decoded
  std::vector<std::pair<std::string, std::string>> parameters;  ///< of the query, decoded, in order
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// An answer; the content is always JSON unless `content_type` says otherwise.
struct RestResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// The HTTP status that the gateway gives for a gRPC code.
int http_status_of(int grpc_code);

/// What a gRPC error looks like: {"code":5,"message":"…","details":[]}.
RestResponse rest_error(int grpc_code, std::string_view text);

/// Thread-safe once all pages are added. `queries` must outlive it.
class RestGateway {
 public:
  /// `anys` reads and writes what Anys hold.
  RestGateway(const StateQueries& queries, codec::AnyJson anys)
      : queries_(&queries), anys_(std::move(anys)) {}

  /// Adds a page that no method stands behind, such as /status. GET alone.
  void add_page(std::string path, std::function<RestResponse()> page) {
    pages_[std::move(path)] = std::move(page);
  }

  [[nodiscard]] RestResponse answer(const RestRequest& request) const;

 private:
  [[nodiscard]] RestResponse ask(const RestRoute& route, const RestMatch& match,
                                 const RestRequest& request) const;

  const StateQueries* queries_;
  codec::AnyJson anys_;
  std::map<std::string, std::function<RestResponse()>, std::less<>> pages_;
};

}  // namespace buri::consensus::api
