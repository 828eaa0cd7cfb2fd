#include "node/consensus/api/http_response_head.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/write.hpp>
#include <sstream>

namespace buri::consensus::api {

std::string response_head(const HttpResponse& response, bool keeps_alive) {
  namespace http = boost::beast::http;
  http::response<http::empty_body> message;
  message.result(response.status);
  message.version(11);
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  if (!response.content_type.empty()) {
    message.set(http::field::content_type, response.content_type);
  }
  message.keep_alive(keeps_alive);
  if (response.status != 204) message.content_length(response.body.size());
  std::ostringstream head;
  head << message.base();
  return std::move(head).str();
}

}  // namespace buri::consensus::api
