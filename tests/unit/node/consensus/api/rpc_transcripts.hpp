#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "node/consensus/api/http_message.hpp"

/// What a stock daemon at the last height of chain A answered to GET and POST of its RPC.

namespace buri::consensus::api {

/// A request and the answer that was recorded.
struct Transcript {
  HttpRequest request;
  int status = 0;
  std::optional<std::string> content_type;
  std::optional<std::string> text;  ///< of a body that is no JSON
  std::string json;                 ///< of one that is, written by to_json

  /// Whether only an application with its stores can answer.
  [[nodiscard]] bool asks_application() const;
  /// Status, content type, and every member of the body in its order.
  void expect(const HttpResponse& found) const;
};

/// All of them. REQUIRES: the recordings are there.
std::vector<Transcript> read_transcripts();

}  // namespace buri::consensus::api
