#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/metrics_page.hpp"
#include "node/consensus/api/http_server.hpp"

/// Figures over HTTP in Prometheus' text format, as stock nodes serve them on port 26660.

namespace buri::consensus::metrics {

struct MetricsServiceOptions {
  std::string host = "127.0.0.1";  ///< a numeric address
  std::uint16_t port = 26660;      ///< 0: any free one
  std::size_t max_connections = 3;
};

/// Answers GET of /metrics, and of "/" as stock does, from threads of its own. Thread-safe.
class MetricsService final : public api::HttpHandler {
 public:
  /// Everything but the service's own figures, as text; called by one thread at a time.
  using Gather = std::function<std::string()>;

  /// Listens. What `gather` uses must outlive the service. The error is a sentence.
  static Result<std::unique_ptr<MetricsService>, std::string> start(
      const MetricsServiceOptions& options, Gather gather, Logger logger);
  /// Stops.
  ~MetricsService() override;

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  void handle(api::HttpRequest request, api::HttpResponder respond) override;

 private:
  explicit MetricsService(Gather gather) : gather_(std::move(gather)) {}
  api::HttpResponse answer(const api::HttpRequest& request);
  api::HttpResponse page();

  Gather gather_;
  std::mutex gathering_;
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<std::uint64_t> answered_{0};  ///< with the page
  std::unique_ptr<api::HttpServer> server_;
};

}  // namespace buri::consensus::metrics
