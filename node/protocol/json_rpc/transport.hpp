#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

/// What the JSON-RPC client needs of HTTP.

namespace buri::protocol::json_rpc {

enum class TransportError : std::uint8_t {
  kResolve,      ///< the host has no address
  kConnect,      ///< nobody listens there
  kTls,          ///< no secure connection: a certificate that is not trusted, for example
  kTimeout,      ///< the deadline passed
  kClosed,       ///< the connection broke before the answer was whole
  kMalformed,    ///< no HTTP, or a coding that was not asked for
  kTooLarge,     ///< header or body beyond the limit
  kDenied,       ///< status 401 or 403
  kOverloaded,   ///< status 429 or 503
  kOtherStatus,  ///< another status than 200
};

/// What the error means, for people.
std::string_view describe(TransportError error);

/// Sends a body to one of several endpoints and gives the body of the answer. Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Blocks until the answer is whole or `deadline`, in the clock the transport was made with.
  virtual Result<std::string, TransportError> post(std::size_t endpoint, std::string_view body,
                                                   MonotonicTime deadline) = 0;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Scheme, host and port of an endpoint, without any secret.
  [[nodiscard]] virtual std::string label(std::size_t endpoint) const = 0;
};

}  // namespace buri::protocol::json_rpc
