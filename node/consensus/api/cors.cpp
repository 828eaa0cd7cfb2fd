#include "node/consensus/api/cors.hpp"

#include <algorithm>

namespace buri::consensus::api {
namespace {

bool matches(std::string_view pattern, std::string_view origin) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == origin;
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  return origin.size() >= head.size() + tail.size() && origin.starts_with(head) &&
         origin.ends_with(tail);
}

bool allows_all(const CorsOptions& options) {
  return std::ranges::find(options.origins, "*") != options.origins.end();
}

bool allows(const CorsOptions& options, std::string_view origin) {
  return std::ranges::any_of(
      options.origins, [origin](const std::string& pattern) { return matches(pattern, origin); });
}

std::string joined(const std::vector<std::string>& words) {
  std::string result;
  for (const std::string& word : words) result += (result.empty() ? "" : ", ") + word;
  return result;
}

}  // namespace

HttpHeaders cors_headers(const CorsOptions& options, std::optional<std::string_view> origin) {
  if (options.origins.empty()) return {};
  HttpHeaders headers{{"Vary", "Origin"}};
  if (origin && allows(options, *origin)) {
    headers.emplace_back("Access-Control-Allow-Origin",
                         allows_all(options) ? "*" : std::string(*origin));
  }
  return headers;
}

std::optional<HttpResponse> answer_preflight(const CorsOptions& options,
                                             const HttpRequest& request) {
  const auto wanted = request.header("Access-Control-Request-Method");
  if (options.origins.empty() || request.method != "OPTIONS" || !wanted) return std::nullopt;
  HttpResponse answer{204, "", "", cors_headers(options, request.header("Origin"))};
  answer.headers[0].second += ", Access-Control-Request-Method, Access-Control-Request-Headers";
  const bool is_method_known = std::ranges::find(options.methods, *wanted) != options.methods.end();
  if (answer.headers.size() > 1 && is_method_known) {
    answer.headers.emplace_back("Access-Control-Allow-Methods", std::string(*wanted));
    answer.headers.emplace_back("Access-Control-Allow-Headers", joined(options.headers));
  }
  return answer;
}

}  // namespace buri::consensus::api
