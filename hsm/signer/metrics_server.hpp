#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "base/metrics.hpp"
#include "base/result.hpp"
#include "hsm/signer/config.hpp"

/// Metrics in Prometheus' text format over HTTP/1.0, on a unix socket or a port of loopback.

namespace buri::hsm::signer {

/// Answers every request with all metrics and closes the connection. One thread, one peer at a
/// time, who has one second.
class MetricsServer {
 public:
  /// The error is a sentence. `metrics` must outlive it.
  static Result<std::unique_ptr<MetricsServer>, std::string> listen(const MetricsConfig& config,
                                                                    const Metrics& metrics);
  ~MetricsServer();

 private:
  MetricsServer(const Metrics& metrics, std::string path)
      : metrics_(metrics), path_(std::move(path)) {}
  void run();
  void serve(int descriptor) const;

  const Metrics& metrics_;
  const std::string path_;  // of a unix socket; empty for a port
  int listener_ = -1;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

}  // namespace buri::hsm::signer
