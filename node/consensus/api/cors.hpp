#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/consensus/api/http_message.hpp"

/// Leave for pages of other origins to read answers (https://fetch.spec.whatwg.org, CORS).

namespace buri::consensus::api {

/// cors_allowed_* of a stock config.toml. Without origins nothing is allowed and no header sent.
struct CorsOptions {
  std::vector<std::string> origins;  ///< "*" for all; one star in an origin stands for any text
  std::vector<std::string> methods{"HEAD", "GET", "POST"};
  std::vector<std::string> headers{"Origin", "Accept", "Content-Type", "X-Requested-With",
                                   "X-Server-Time"};
};

/// The answer to a preflight request; nothing if `request` is none.
std::optional<HttpResponse> answer_preflight(const CorsOptions& options,
                                             const HttpRequest& request);
/// The headers that an ordinary answer to a request from `origin` carries.
HttpHeaders cors_headers(const CorsOptions& options, std::optional<std::string_view> origin);

}  // namespace buri::consensus::api
