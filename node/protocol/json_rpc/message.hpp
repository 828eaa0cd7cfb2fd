#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

/// Requests and answers of JSON-RPC 2.0 (https://www.jsonrpc.org/specification), one call or a
/// batch.

namespace buri::protocol::json_rpc {

/// One call. Text of both is put into the request as it is.
struct Request {
  std::string_view method;  ///< letters, digits and underscores
  std::string params;       ///< a JSON array, `["0x1",false]`, or an object, {"height":"5"}
};

/// An error that the server gave instead of a result.
struct RpcError {
  std::int64_t code = 0;
  std::string message;  ///< the server's words, cut after 200 characters
  std::string data{};   ///< what it adds if that is text, cut alike: CometBFT puts the reason there

  /// Whether the fault is the server's, or ours with this server (it knows no such method, is
  /// overloaded), rather than the answer to the question.
  [[nodiscard]] bool is_servers_fault() const;

  friend bool operator==(const RpcError&, const RpcError&) = default;
};

using Answer = Result<JsonValue, RpcError>;

/// The body that asks `requests`, numbered from `first_id`: an object if it is one, else an array.
/// REQUIRES: requests is not empty.
std::string encode(std::span<const Request> requests, std::uint64_t first_id);

/// Reads the answers to such a body, in the order of the requests whatever order they came in.
/// Strict: every request answered exactly once under its own number, by a result or an error, never
/// both, and nothing besides. One error object for a whole batch counts for each of its requests.
Result<std::vector<Answer>, JsonError> decode(std::string_view body, std::uint64_t first_id,
                                              std::size_t count, const JsonLimits& limits);

}  // namespace buri::protocol::json_rpc
