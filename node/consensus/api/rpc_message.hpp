#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "node/consensus/api/rpc_methods.hpp"

/// Requests and answers of JSON-RPC 2.0 as stock reads and writes them
/// (0xPolygon/cometbft v0.3.8-polygon, rpc/jsonrpc/types).

namespace buri::consensus::api {

struct RpcRequest {
  std::optional<std::string> id;  ///< as JSON; nothing for a notification, which gets no answer
  std::string method;
  JsonValue params;  ///< null if there are none
};

/// What one text holds: one request, or a list of them. The error is the sentence behind "error
/// unmarshaling request".
struct RpcRequests {
  std::vector<RpcRequest> all;
  bool is_list = false;
};
Result<RpcRequests, std::string> parse_requests(std::string_view text);

enum class RpcErrorCode : std::int32_t {
  kParse = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
  kInternal = -32603,
  kServer = -32000,
};

/// {"jsonrpc":"2.0","id":…,"result":…}; `id` as JSON.
std::string rpc_answer(std::string_view id, std::string_view result);
/// The same with an error; without an id where nothing could be read of the request, without data
/// where there is nothing to say.
std::string rpc_error(const std::optional<std::string>& id, RpcErrorCode code,
                      std::string_view data);

/// Carries a request out; `done` gets the answer, once, from any thread, and whether it stays true
/// for ever. REQUIRES: the request has an id.
void answer_request(const RpcMethods& methods, const RpcRequest& request,
                    const std::function<void(std::string answer, bool is_cacheable)>& done);

}  // namespace buri::consensus::api
