#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "node/protocol/endpoints/url.hpp"
#include "node/protocol/json_rpc/transport.hpp"

/// One HTTP/1.1 connection; used by one thread at a time.

namespace buri::protocol::json_rpc {

/// The body of an answer and whether the connection may be used again.
struct HttpAnswer {
  std::string body;
  bool keeps_connection = false;
};

/// Why a request on a connection failed.
struct HttpFailure {
  TransportError error = TransportError::kClosed;
  /// The connection ended before a byte of the answer: what a kept connection does when the server
  /// has closed it meanwhile.
  bool was_silent_close = false;
};

class Connection {
 public:
  virtual ~Connection() = default;
  /// Sends one POST and reads the answer, at most `max_bytes` of body.
  virtual Result<HttpAnswer, HttpFailure> post(std::string_view body, std::uint64_t max_bytes,
                                               MonotonicTime deadline) = 0;
};

/// Connects to the first of `addresses` that accepts, each with an equal share of the time left,
/// and agrees on TLS if the URL says so. `tls` and `clock` are borrowed.
Result<std::unique_ptr<Connection>, TransportError> connect(
    const endpoints::Url& url, std::span<const boost::asio::ip::tcp::endpoint> addresses,
    boost::asio::ssl::context& tls, const Clock& clock, MonotonicTime deadline);

}  // namespace buri::protocol::json_rpc
