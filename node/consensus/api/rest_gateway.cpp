#include "node/consensus/api/rest_gateway.hpp"

#include <algorithm>
#include <array>

#include "base/json_cursor.hpp"

namespace buri::consensus::api {
namespace {

using runtime::QueryError;
using runtime::QueryForms;

constexpr int kInvalidArgument = 3;
constexpr int kUnimplemented = 12;
constexpr int kInternal = 13;
constexpr std::string_view kHeightHeader = "x-cosmos-block-height";
constexpr std::string_view kMetadataPrefix = "grpc-metadata-";

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), [](char one) {
    return one >= 'A' && one <= 'Z' ? static_cast<char>(one + ('a' - 'A')) : one;
  });
  return made;
}

/// The height that the headers ask for, 0 for the newest. As in the stock daemon, two of them are
/// none.
Result<std::int64_t, QueryError> asked_height(const HttpRequest& request) {
  std::vector<std::string_view> found;
  for (const auto& [name, value] : request.headers) {
    const std::string key = lower(name);
    const std::string_view bare = key.starts_with(kMetadataPrefix)
                                      ? std::string_view(key).substr(kMetadataPrefix.size())
                                      : std::string_view(key);
    if (bare == kHeightHeader) found.push_back(value);
  }
  if (found.size() != 1) return std::int64_t{0};
  // Decimal alone: Go parses this one with base 10.
  const bool is_decimal = found[0].find_first_not_of("0123456789-+") == std::string_view::npos;
  const auto digits = found[0].find_first_not_of('0');
  const auto height = codec::detail::go_signed(
      digits == std::string_view::npos ? std::string_view("0") : found[0].substr(digits), 64);
  if (!found[0].empty() && is_decimal && height.ok()) return *height;
  std::string quoted;
  codec::append_json_string(quoted, found[0]);
  return Failure{status_of(runtime::sdk_error(
      runtime::SdkCode::kInvalidRequest,
      "Baseapp.RegisterGRPCServer: invalid height header \"x-cosmos-block-height\": "
      "strconv.ParseInt: parsing " +
          quoted + ": invalid syntax"))};
}

void add_metadata(HttpResponse& response, std::int64_t height) {
  response.headers.emplace_back("Grpc-Metadata-Content-Type", "application/grpc");
  response.headers.emplace_back("Grpc-Metadata-X-Cosmos-Block-Height", std::to_string(height));
}

/// The query's fields, those of the path left out, each with all its values.
std::vector<codec::Parameter> query_parameters(const HttpRequest& request, const RestMatch& match) {
  std::vector<codec::Parameter> all;
  for (const auto& [name, value] : parse_query(request.query())) {
    const std::string_view first = std::string_view(name).substr(0, name.find('.'));
    if (std::ranges::any_of(match, [&](const auto& field) { return field.first == first; })) {
      continue;
    }
    const auto known = std::ranges::find(all, name, &codec::Parameter::name);
    if (known != all.end()) {
      known->values.push_back(value);
    } else {
      all.push_back({name, {value}});
    }
  }
  // The stock daemon walks a Go map; by name, so that the same request has the same answer.
  std::ranges::sort(all, {}, &codec::Parameter::name);
  return all;
}

/// The request of a method as protobuf, or what is wrong with the path, the query or the body.
Result<Bytes, std::string> bind(const QueryForms& forms, const RestRoute& route,
                                const RestMatch& match, const HttpRequest& request,
                                const codec::AnyJson& anys) {
  if (route.verb == RestVerb::kPost) {
    if (request.body.empty() || forms.from_json == nullptr) return Bytes{};
    const auto document = parse_json(request.body);
    if (!document.ok()) return Failure{describe(document.error())};
    auto made = forms.from_json(JsonCursor(*document), anys);
    if (!made.ok()) return Failure{describe(made.error())};
    return std::move(made).value();
  }
  std::vector<codec::Parameter> parameters;
  for (const auto& [name, text] : match) {
    parameters.push_back({std::string(name), {std::string(text)}});
    auto alone = forms.from_parameters(std::span(&parameters.back(), 1));
    if (!alone.ok()) {
      return Failure{"type mismatch, parameter: " + std::string(name) +
                     ", error: " + alone.error()};
    }
  }
  for (codec::Parameter& one : query_parameters(request, match)) {
    parameters.push_back(std::move(one));
  }
  return forms.from_parameters(parameters);
}

}  // namespace

int http_status_of(int grpc_code) {
  static constexpr std::array<int, 17> kStatus{200, 408, 500, 400, 504, 404, 409, 403, 429,
                                               400, 409, 400, 501, 500, 503, 500, 401};
  const auto index = static_cast<std::size_t>(grpc_code);
  return index < kStatus.size() ? kStatus.at(index) : 500;
}

HttpResponse rest_error(int grpc_code, std::string_view text) {
  HttpResponse response;
  response.status = static_cast<unsigned>(http_status_of(grpc_code));
  response.body = "{\"code\":" + std::to_string(grpc_code) + ",\"message\":";
  codec::append_json_string(response.body, text);
  response.body += ",\"details\":[]}";
  return response;
}

HttpResponse RestGateway::ask(const RestRoute& route, const RestMatch& match,
                              const HttpRequest& request) const {
  const QueryForms* forms = queries_->forms_of(route.method);
  if (forms == nullptr) return rest_error(kUnimplemented, "Not Implemented");
  const auto bytes = bind(*forms, route, match, request, anys_);
  if (!bytes.ok()) return rest_error(kInvalidArgument, bytes.error());
  const auto height = asked_height(request);
  if (!height.ok()) {
    return rest_error(static_cast<int>(height.error().code), height.error().text);
  }
  const auto result = queries_->answer(route.method, *bytes, *height);
  if (!result.ok()) {
    const StateRefusal& refusal = result.error();
    HttpResponse response = rest_error(static_cast<int>(refusal.status.code), refusal.status.text);
    if (refusal.height > 0) add_metadata(response, refusal.height);
    return response;
  }
  HttpResponse response;
  if (!forms->write_json(response.body, result->value, anys_)) {
    return rest_error(kInternal, "the answer does not decode");
  }
  add_metadata(response, result->height);
  return response;
}

HttpResponse RestGateway::answer(const HttpRequest& request) const {
  const std::string path = request.path();
  if (!path.starts_with('/')) return rest_error(kInvalidArgument, "Bad Request");
  if (request.method == "GET") {
    const auto page = pages_.find(path);
    if (page != pages_.end()) return page->second();
  }
  bool has_other_verb = false;
  for (const RestRoute& route : rest_routes()) {
    const auto match = match_template(route.path, path);
    if (!match) continue;
    if (request.method == (route.verb == RestVerb::kGet ? "GET" : "POST")) {
      return ask(route, *match, request);
    }
    has_other_verb = true;
  }
  return rest_error(kUnimplemented, has_other_verb ? "Method Not Allowed" : "Not Implemented");
}

}  // namespace buri::consensus::api
