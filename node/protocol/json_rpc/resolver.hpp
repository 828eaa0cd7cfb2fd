#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node/protocol/json_rpc/transport.hpp"

/// Looks up host names within a deadline. getaddrinfo(3) has none, so it runs on a thread of its
/// own; a caller whose time is over leaves it behind, and the next caller waits for the same
/// look-up instead of starting another.

namespace buri::protocol::json_rpc {

/// Thread-safe.
class Resolver {
 public:
  Resolver(std::string host, std::uint16_t port);
  ~Resolver();

  /// The addresses of the host, at least one, at most sixteen. A numeric host needs no look-up.
  /// Waits no longer than `patience`. Errors: kResolve, kTimeout.
  Result<std::vector<boost::asio::ip::tcp::endpoint>, TransportError> resolve(
      std::chrono::nanoseconds patience);

 private:
  struct Lookup;
  bool start();

  const std::string host_;
  const std::uint16_t port_;
  std::shared_ptr<Lookup> lookup_;
};

}  // namespace buri::protocol::json_rpc
