#pragma once

#include <string>

#include "node/consensus/api/http_message.hpp"

namespace buri::consensus::api {

/// All that is sent in front of an answer's body (RFC 9112): the status line, the answer's headers,
/// its length (a 204 has none), whether the connection stays, and the empty line. Pure.
std::string response_head(const HttpResponse& response, bool keeps_alive);

}  // namespace buri::consensus::api
