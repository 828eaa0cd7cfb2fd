#include "tests/support/protocol/scripted_transport.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace buri::testing {

void ScriptedTransport::on(std::size_t endpoint, const std::string& method,
                           std::string_view result) {
  on_call(endpoint, method,
          [text = "\"result\":" + std::string(result)](const std::string&) { return text; });
}

void ScriptedTransport::on_error(std::size_t endpoint, const std::string& method, int code,
                                 std::string_view message) {
  std::string text = "\"error\":{\"code\":" + std::to_string(code) + ",\"message\":\"" +
                     std::string(message) + "\"}";
  on_call(endpoint, method, [text](const std::string&) { return text; });
}

void ScriptedTransport::on_call(std::size_t endpoint, const std::string& method, Handler handler) {
  endpoints_[endpoint].handlers[method] = std::move(handler);
}

int ScriptedTransport::count(std::size_t endpoint, const std::string& method) const {
  const auto found = endpoints_[endpoint].counts.find(method);
  return found == endpoints_[endpoint].counts.end() ? 0 : found->second;
}

Result<std::string, ScriptedTransport::Error> ScriptedTransport::post(std::size_t index,
                                                                      std::string_view body,
                                                                      MonotonicTime) {
  Endpoint& endpoint = endpoints_[index];
  ++endpoint.posts;
  if (endpoint.failure) return Failure{*endpoint.failure};
  const auto answer = [&endpoint](const boost::json::value& request) {
    const std::string method(request.at("method").as_string());
    ++endpoint.counts[method];
    const auto handler = endpoint.handlers.find(method);
    const std::string outcome = handler == endpoint.handlers.end()
                                    ? R"("error":{"code":-32601,"message":"no such method"})"
                                    : handler->second(boost::json::serialize(request.at("params")));
    return R"({"jsonrpc":"2.0","id":)" + boost::json::serialize(request.at("id")) + "," + outcome +
           "}";
  };
  const auto document = boost::json::parse(body);
  if (!document.is_array()) return answer(document);
  std::string batch = "[";
  for (const auto& request : document.as_array()) {
    if (batch.size() > 1) batch += ',';
    batch += answer(request);
  }
  return batch + "]";
}

}  // namespace buri::testing
