#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Requests and answers of HTTP as handlers see them: without sockets, framing or encodings.

namespace buri::consensus::api {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// A whole request.
struct HttpRequest {
  std::string method;  ///< as sent, "GET"
  std::string target;  ///< as sent, "/block?height=4"
  HttpHeaders headers;
  std::string body;
  std::string remote;  ///< the client's address and port, "127.0.0.1:40112"

  /// The header of this name, whatever its case; nothing if there is none.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// The target up to the question mark, percent-decoded (as sent where that fails).
  [[nodiscard]] std::string path() const;
  /// The target behind the question mark, as sent.
  [[nodiscard]] std::string_view query() const;
};

/// A whole answer; its length and the headers of the connection are the server's matter.
struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  HttpHeaders headers;
};

/// Name and value of each parameter of a query or of a form, decoded, in order ("a=1&b=x+y"). Pairs
/// that are wrongly encoded are left out, as Go's url.ParseQuery leaves them out.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

/// Undoes percent-encoding; nothing if a percent sign is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank);

/// Takes the answer to one request: any thread, once (later calls do nothing). An answer to a
/// client that has gone is dropped.
using HttpResponder = std::function<void(HttpResponse)>;

/// Answers requests. Called by several threads of the server at once; what takes long may be
/// answered later from elsewhere.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual void handle(HttpRequest request, HttpResponder respond) = 0;
  /// The answer to a request whose body is over the limit.
  virtual HttpResponse body_too_large();
};

}  // namespace buri::consensus::api
