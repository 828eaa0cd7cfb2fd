#include "node/consensus/api/rpc_message.hpp"

#include <cmath>

#include "base/json_text.hpp"
#include "node/consensus/api/go_json.hpp"

namespace buri::consensus::api {
namespace {

using Kind = JsonValue::Kind;

/// More is not read of a request; stock has no such limits beside the body's length.
constexpr JsonLimits kLimits{std::size_t{32} << 20, 64, 200'000, 1000};

std::string_view message_of(RpcErrorCode code) {
  switch (code) {
    case RpcErrorCode::kParse:
      return "Parse error. Invalid JSON";
    case RpcErrorCode::kInvalidRequest:
      return "Invalid Request";
    case RpcErrorCode::kMethodNotFound:
      return "Method not found";
    case RpcErrorCode::kInvalidParams:
      return "Invalid params";
    case RpcErrorCode::kInternal:
      return "Internal error";
    case RpcErrorCode::kServer:
      return "Server error";
  }
  return "";
}

/// An integer, or what Go cuts a fraction down to.
std::string id_of_number(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  constexpr double kLimit = 9.0e18;
  if (!(std::abs(value) < kLimit)) return "-9223372036854775808";
  return std::to_string(static_cast<std::int64_t>(value));
}

Status<std::string> take_text(const JsonValue& member, std::string& target) {
  if (member.kind == Kind::kNull) return Unit{};
  if (member.kind != Kind::kString) {
    const std::string kind = member.kind == Kind::kNumber ? "number" : "value";
    return Failure{"json: cannot unmarshal " + kind + " into Go struct field ." + member.key +
                   " of type string"};
  }
  target = member.text;
  return Unit{};
}

Result<RpcRequest, std::string> request_of(const JsonValue& value) {
  RpcRequest request;
  if (value.kind == Kind::kNull) return request;
  if (value.kind != Kind::kObject) {
    return Failure{std::string("json: cannot unmarshal ") +
                   (value.kind == Kind::kArray ? "array" : "value") +
                   " into Go value of type types.RPCRequest"};
  }
  std::string version;
  for (const JsonValue& member : value.children) {
    if (member.key == "jsonrpc") RETURN_IF_ERROR(take_text(member, version));
    if (member.key == "method") RETURN_IF_ERROR(take_text(member, request.method));
    if (member.key == "params") request.params = member;
    if (member.key != "id" || member.kind == Kind::kNull) continue;
    if (member.kind == Kind::kString) {
      request.id = go_quoted(member.text);
    } else if (member.kind == Kind::kNumber) {
      request.id = id_of_number(member.text);
    } else {
      return Failure{"json-rpc ID (" + to_json(member) + ") is of unknown type"};
    }
  }
  return request;
}

std::string go_quoted_id(const std::optional<std::string>& id) {
  return id ? ",\"id\":" + *id : "";
}

}  // namespace

Result<RpcRequests, std::string> parse_requests(std::string_view text) {
  if (auto error = go_syntax_error(text)) return Failure{std::move(*error)};
  const auto document = parse_json(text, kLimits);
  if (!document.ok()) return Failure{describe(document.error())};
  RpcRequests requests;
  if (document->kind != Kind::kArray) {
    ASSIGN_OR_RETURN(RpcRequest request, request_of(*document));
    requests.all.push_back(std::move(request));
    return requests;
  }
  requests.is_list = true;
  for (const JsonValue& element : document->children) {
    auto request = request_of(element);
    if (!request.ok()) {
      return Failure{std::string(
          "json: cannot unmarshal array into Go value of type struct { JSONRPC string "
          "\"json:\\\"jsonrpc\\\"\"; ID interface {} \"json:\\\"id,omitempty\\\"\"; Method string "
          "\"json:\\\"method\\\"\"; Params json.RawMessage \"json:\\\"params\\\"\" }")};
    }
    requests.all.push_back(std::move(request).value());
  }
  return requests;
}

std::string rpc_answer(std::string_view id, std::string_view result) {
  std::string text = "{\"jsonrpc\":\"2.0\",\"id\":";
  text.reserve(text.size() + id.size() + result.size() + 12);
  text += id;
  text += ",\"result\":";
  text += result;
  return text + "}";
}

std::string rpc_error(const std::optional<std::string>& id, RpcErrorCode code,
                      std::string_view data) {
  JsonWriter out;
  out.begin_object().key("code").number(static_cast<std::int32_t>(code));
  out.key("message").text(message_of(code));
  if (!data.empty()) out.key("data").text(data);
  out.end_object();
  return "{\"jsonrpc\":\"2.0\"" + go_quoted_id(id) + ",\"error\":" + out.json() + "}";
}

void answer_request(const RpcMethods& methods, const RpcRequest& request,
                    const std::function<void(std::string, bool)>& done) {
  const auto method = methods.find(request.method);
  if (method == methods.end() || !method->second.run) {
    return done(rpc_error(request.id, RpcErrorCode::kMethodNotFound, ""), false);
  }
  const auto arguments = arguments_from_json(method->second.parameters, request.params);
  if (!arguments.ok()) {
    return done(rpc_error(request.id, RpcErrorCode::kInvalidParams,
                          "error converting json params to arguments: " + arguments.error()),
                false);
  }
  const bool is_cacheable = method->second.is_cacheable(*arguments);
  method->second.run(*arguments, [id = *request.id, is_cacheable, done](RpcResult result) {
    // Stock marks failures of cacheable methods as well.
    done(result.ok() ? rpc_answer(id, *result)
                     : rpc_error(id, RpcErrorCode::kInternal, result.error()),
         is_cacheable);
  });
}

}  // namespace buri::consensus::api
