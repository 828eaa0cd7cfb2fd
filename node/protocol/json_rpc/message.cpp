#include "node/protocol/json_rpc/message.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/check.hpp"
#include "base/json_cursor.hpp"

namespace buri::protocol::json_rpc {
namespace {

constexpr std::size_t kMaxMessageCharacters = 200;
constexpr std::int64_t kParseError = -32700;
constexpr std::int64_t kInternalError = -32603;
constexpr std::int64_t kInvalidRequest = -32600;
constexpr std::int64_t kMethodNotFound = -32601;
constexpr std::int64_t kInvalidParams = -32602;
constexpr std::int64_t kTimeout = -32002;        // of the server's own limit
constexpr std::int64_t kTooLarge = -32003;       // a batch's answers together
constexpr std::int64_t kLimitExceeded = -32005;  // EIP-1474
constexpr std::int64_t kTooManyRequests = 429;   // as providers send it

std::string call_text(const Request& request, std::uint64_t id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" +
         std::string(request.method) + R"(","params":)" + request.params + "}";
}

Result<std::int64_t, JsonError> read_code(const JsonCursor& code) {
  const JsonValue& value = code.value();
  std::int64_t number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, number);
  if (value.kind != JsonValue::Kind::kNumber || error != std::errc{} || stop != end) {
    return Failure{code.error("an integer")};
  }
  return number;
}

/// Bytes of UTF-8 are never cut apart.
std::string cut(std::string_view text) {
  std::size_t length = std::min(text.size(), kMaxMessageCharacters);
  while (length > 0 && length < text.size() && (text[length] & 0xc0) == 0x80) --length;
  return std::string(text.substr(0, length));
}

Result<RpcError, JsonError> read_error(const JsonCursor& error) {
  ASSIGN_OR_RETURN(const JsonCursor code, error.member("code"));
  ASSIGN_OR_RETURN(const JsonCursor message, error.member("message"));
  RpcError result;
  ASSIGN_OR_RETURN(result.code, read_code(code));
  ASSIGN_OR_RETURN(const std::string_view text, message.string());
  result.message = cut(text);
  if (const auto data = error.member("data"); data.ok()) {
    if (const auto more = data->string(); more.ok()) result.data = cut(*more);
  }
  return result;
}

/// One answer whose number was read.
Result<Answer, JsonError> read_answer(const JsonCursor& object) {
  ASSIGN_OR_RETURN(const JsonCursor version, object.member("jsonrpc"));
  ASSIGN_OR_RETURN(const std::string_view text, version.string());
  if (text != "2.0") return Failure{version.error("\"2.0\"")};
  // Some servers send "error": null beside a result.
  const auto error = object.member("error");
  const bool has_error = error.ok() && !error->is_null();
  if (has_error == object.has("result")) {
    return Failure{object.error("either a result or an error")};
  }
  if (has_error) {
    ASSIGN_OR_RETURN(RpcError failure, read_error(*error));
    return Answer(Failure{std::move(failure)});
  }
  ASSIGN_OR_RETURN(const JsonCursor result, object.member("result"));
  return Answer(result.value());
}

Result<std::size_t, JsonError> read_index(const JsonCursor& object, std::uint64_t first_id,
                                          std::size_t count) {
  ASSIGN_OR_RETURN(const JsonCursor id, object.member("id"));
  ASSIGN_OR_RETURN(const std::uint64_t number, id.unsigned_number(UINT64_MAX));
  if (number < first_id || number - first_id >= count) {
    return Failure{id.error("the number of a request of ours")};
  }
  return static_cast<std::size_t>(number - first_id);
}

Result<std::vector<Answer>, JsonError> read_batch(const JsonCursor& array, std::uint64_t first_id,
                                                  std::size_t count) {
  ASSIGN_OR_RETURN(const auto objects, array.elements(count));
  std::vector<std::optional<Answer>> found(count);
  for (const JsonCursor& object : objects) {
    ASSIGN_OR_RETURN(const std::size_t index, read_index(object, first_id, count));
    if (found[index]) return Failure{object.error("one answer to a request")};
    ASSIGN_OR_RETURN(Answer answer, read_answer(object));
    found[index] = std::move(answer);
  }
  if (objects.size() != count) {
    return Failure{array.error("an array of " + std::to_string(count))};
  }
  std::vector<Answer> answers;
  for (auto& answer : found) answers.push_back(*std::move(answer));
  return answers;
}

}  // namespace

bool RpcError::is_servers_fault() const {
  return code == kParseError || code == kInternalError || code == kInvalidRequest ||
         code == kMethodNotFound || code == kInvalidParams || code == kTimeout ||
         code == kTooLarge || code == kLimitExceeded || code == kTooManyRequests;
}

std::string encode(std::span<const Request> requests, std::uint64_t first_id) {
  CHECK(!requests.empty(), "a body without requests");
  if (requests.size() == 1) return call_text(requests.front(), first_id);
  std::string body = "[";
  for (const Request& request : requests) {
    if (body.size() > 1) body += ',';
    body += call_text(request, first_id++);
  }
  return body + "]";
}

Result<std::vector<Answer>, JsonError> decode(std::string_view body, std::uint64_t first_id,
                                              std::size_t count, const JsonLimits& limits) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(body, limits));
  const JsonCursor root(document);
  if (document.kind == JsonValue::Kind::kArray && count > 1) {
    return read_batch(root, first_id, count);
  }
  ASSIGN_OR_RETURN(Answer answer, read_answer(root));
  if (count > 1 && answer.ok()) return Failure{root.error("an array of answers")};
  const auto id = root.member("id");
  const bool stands_for_all = !answer.ok() && id.ok() && id->is_null();
  if (!stands_for_all) {
    ASSIGN_OR_RETURN(const std::size_t index, read_index(root, first_id, count));
    if (count > 1 || index != 0) return Failure{root.error("an array of answers")};
  }
  return std::vector<Answer>(count, answer);
}

}  // namespace buri::protocol::json_rpc
