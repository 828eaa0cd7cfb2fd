#include "node/consensus/metrics/metrics_service.hpp"

namespace buri::consensus::metrics {
namespace {

constexpr std::size_t kThreads = 1;
constexpr std::uint64_t kMaxBodyBytes = 4096;
constexpr std::uint32_t kMaxHeaderBytes = 16 * 1024;
/// Prometheus keeps its connection from one scrape to the next, usually 15 seconds.
constexpr std::chrono::seconds kIdle{120};
constexpr const char* kTextFormat = "text/plain; version=0.0.4; charset=utf-8";

api::HttpResponse refusal(unsigned status, std::string sentence) {
  api::HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(sentence);
  return response;
}

}  // namespace

Result<std::unique_ptr<MetricsService>, std::string> MetricsService::start(
    const MetricsServiceOptions& options, Gather gather, Logger logger) {
  std::unique_ptr<MetricsService> service(new MetricsService(std::move(gather)));
  api::HttpServerOptions http;
  http.host = options.host;
  http.port = options.port;
  http.threads = kThreads;
  http.max_connections = options.max_connections;
  http.max_connections_per_ip = options.max_connections;
  http.max_body_bytes = kMaxBodyBytes;
  http.max_header_bytes = kMaxHeaderBytes;
  http.idle_timeout = kIdle;
  ASSIGN_OR_RETURN(service->server_,
                   api::HttpServer::start(std::move(http), *service, {}, std::move(logger)));
  return service;
}

MetricsService::~MetricsService() {
  if (server_) server_->stop();
}

void MetricsService::handle(api::HttpRequest request, api::HttpResponder respond) {
  ++in_flight_;
  api::HttpResponse response = answer(request);
  --in_flight_;
  if (response.status == 200) ++answered_;
  respond(std::move(response));
}

api::HttpResponse MetricsService::answer(const api::HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    return refusal(405, "Figures are read with GET.\n");
  }
  const std::string path = request.path();
  if (path != "/metrics" && path != "/") return refusal(404, "Figures are at /metrics.\n");
  return page();
}

api::HttpResponse MetricsService::page() {
  api::HttpResponse response;
  response.content_type = kTextFormat;
  const std::lock_guard lock(gathering_);
  response.body = gather_();
  MetricsPage own;
  constexpr const char* kName = "promhttp_metric_handler_requests_total";
  constexpr const char* kHelp = "Answers of this page, by their status.";
  own.counter(kName, kHelp, static_cast<double>(answered_), {{"code", "200"}});
  own.counter(kName, kHelp, 0, {{"code", "500"}});
  own.counter(kName, kHelp, 0, {{"code", "503"}});
  own.gauge("promhttp_metric_handler_requests_in_flight", "Questions that are being answered.",
            static_cast<double>(in_flight_));
  response.body += own.text();
  return response;
}

}  // namespace buri::consensus::metrics
