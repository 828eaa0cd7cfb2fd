#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Which path of the REST gateway asks which gRPC method: the google.api.http options of the .proto
/// files of Heimdall v2 and of the network's SDK fork, in the order in which the stock daemon
/// registers them; the first that matches answers.

namespace buri::consensus::api {

enum class RestVerb : std::uint8_t { kGet, kPost };

/// One route. A part of the path in braces is a field of the request; a posted body is the request.
struct RestRoute {
  RestVerb verb = RestVerb::kGet;
  std::string_view path;
  std::string_view method;
};

/// Every route.
std::span<const RestRoute> rest_routes();

/// The fields that a path names, with their texts. Borrows both texts.
using RestMatch = std::vector<std::pair<std::string_view, std::string_view>>;

/// Compares a decoded path with a template part by part; nothing if they differ.
std::optional<RestMatch> match_template(std::string_view path_template, std::string_view path);

}  // namespace buri::consensus::api
