#include "node/consensus/metrics/metrics_service.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "node/consensus/metrics/application_metrics.hpp"
#include "node/consensus/metrics/round_metrics.hpp"
#include "tests/unit/node/consensus/api/http_client.hpp"
#include "tests/unit/node/consensus/metrics/exposition.hpp"

namespace buri::consensus::metrics {
namespace {

using buri::testing::HttpClient;
using buri::testing::sample;

std::unique_ptr<MetricsService> serve(MetricsService::Gather gather) {
  return MetricsService::start({.port = 0}, std::move(gather), Logger("test", LogLevel::kOff))
      .value();
}

TEST(MetricsService, AnswersInPrometheusTextFormat) {
  const auto service = serve([] { return std::string("# TYPE x gauge\nx 1\n"); });
  HttpClient client(service->port());
  const auto first = client.get("/metrics");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, 200U);
  EXPECT_TRUE(first->content_type.starts_with("text/plain; version=0.0.4")) << first->content_type;
  EXPECT_TRUE(first->body.starts_with("# TYPE x gauge\nx 1\n")) << first->body;
  EXPECT_EQ(sample(first->body, R"(promhttp_metric_handler_requests_total{code="200"})"), 0);
  EXPECT_EQ(sample(first->body, "promhttp_metric_handler_requests_in_flight"), 1);
  const auto second = client.get("/");
  ASSERT_TRUE(second);
  EXPECT_EQ(sample(second->body, R"(promhttp_metric_handler_requests_total{code="200"})"), 1);
}

TEST(MetricsService, RefusesWhatItDoesNotHave) {
  const auto service = serve([] { return std::string(); });
  HttpClient client(service->port());
  EXPECT_EQ(client.get("/other")->status, 404U);
  EXPECT_EQ(client.post("/metrics", "x")->status, 405U);
  EXPECT_EQ(client.get("/metrics?x=1")->status, 200U);
}

TEST(MetricsService, SaysWhyItDoesNotListen) {
  const auto service = serve([] { return std::string(); });
  const auto second = MetricsService::start(
      {.port = service->port()}, [] { return std::string(); }, Logger("test", LogLevel::kOff));
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().find(std::to_string(service->port())), std::string::npos)
      << second.error();
}

/// What the thread sanitizer watches: consensus and application count while others scrape.
TEST(MetricsService, IsScrapedWhileFiguresChange) {
  constexpr int kRounds = 300;
  Metrics registry;
  const StockNames names{"cometbft", "c"};
  ApplicationMetrics application(registry, names);
  RoundMetrics rounds(registry, names, system_clock());
  const auto service = serve([&] {
    MetricsPage page;
    application.add_to(page);
    return registry.expose() + page.text();
  });
  std::thread loop([&] {
    engine::RoundState state;
    for (int i = 1; i <= kRounds; ++i) {
      rounds.noted({engine::Note::kNewRound, i, 0, engine::Step::kNewRound, {}, {}}, state);
      rounds.step_entered({i, 0, "RoundStepPropose"}, state);
      rounds.step_entered({i + 1, 0, "RoundStepNewHeight"}, state);
      rounds.signed_own({host::OwnMessageKind::kPrevote, true, "", {}});
    }
  });
  const auto count = [&](std::string_view query) {
    for (int i = 0; i < kRounds; ++i) {
      application.called(app::AbciCall::kFinalizeBlock, std::chrono::microseconds(i), true);
      application.module_called(app::ModuleCallKind::kQuery, query, {}, true);
      application.stage_done(app::BlockStage::kPreBlock, {});
    }
  };
  std::thread worker([&] { count("heimdallv2.bor.Query/GetSpanById"); });
  std::thread rest([&] { count("heimdallv2.stake.Query/GetTotalPower"); });
  std::thread scraper([&] {
    HttpClient client(service->port());
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(client.get("/metrics").has_value());
  });
  for (std::thread* thread : {&loop, &worker, &rest, &scraper}) thread->join();
  const std::string page = HttpClient(service->port()).get("/metrics")->body;
  EXPECT_EQ(sample(page, R"(cometbft_consensus_round_duration_seconds_count{chain_id="c"})"),
            kRounds);
  EXPECT_EQ(sample(page, R"(heimdallv2_bor_api_calls_total{method="GetSpanById",type="query"})"),
            kRounds);
  EXPECT_EQ(sample(page, "heimdallv2_abci_pre_blocker_duration_seconds_count"), 2 * kRounds);
}

}  // namespace
}  // namespace buri::consensus::metrics
