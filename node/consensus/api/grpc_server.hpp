#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "node/consensus/api/state_queries.hpp"

/// The gRPC services of a Heimdall node (port 9090), without generated code: a call's bytes go to
/// the query of its name and the answer's bytes back. Height by metadata "x-cosmos-block-height",
/// in both directions, as the SDK fork's baseapp/grpcserver.go has it; server reflection lists the
/// services.

namespace buri::consensus::api {

/// Defaults are stock's ([grpc] of app.toml) where it has them.
struct GrpcServerOptions {
  std::string address = "localhost:9090";  ///< host and port; port 0 for any free one
  std::size_t threads = 4;                 ///< that answer; a query may wait for the root chain
  std::size_t max_calls = 1000;            ///< under way; more get RESOURCE_EXHAUSTED
  int max_received_bytes = 10 << 20;
  int max_sent_bytes = 2'147'483'647;
};

/// Runs on threads of its own. Thread-safe.
class GrpcServer final {
 public:
  /// Binds the port and begins. `queries` must outlive the server. The error is a sentence.
  static Result<std::unique_ptr<GrpcServer>, std::string> start(const GrpcServerOptions& options,
                                                                const StateQueries& queries);
  /// Stops: calls under way are answered, for three seconds at most.
  ~GrpcServer();

  [[nodiscard]] std::uint16_t port() const;

 private:
  class Core;
  explicit GrpcServer(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace buri::consensus::api
