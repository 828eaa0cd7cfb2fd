#include "base/metrics_page.hpp"

#include <gtest/gtest.h>
#include <prometheus/client_metric.h>

#include <cmath>
#include <thread>
#include <vector>

namespace buri {
namespace {

TEST(MetricsPage, TellsWhatItWasGivenOrderedByName) {
  MetricsPage page;
  page.gauge("b", "Second.", 2.5, {{"x", "1"}});
  page.counter("a_total", "First.", 1);
  page.gauge("b", "Second.", 3, {{"x", "2"}});
  EXPECT_EQ(page.text(),
            "# HELP a_total First.\n# TYPE a_total counter\na_total 1\n"
            "# HELP b Second.\n# TYPE b gauge\nb{x=\"1\"} 2.5\nb{x=\"2\"} 3\n");
}

TEST(MetricsPage, TellsSummariesByQuantileWithCountAndSum) {
  MetricsPage page;
  Summary summary;
  for (int i = 1; i <= 100; ++i) summary.observe(i);
  page.summary("s", "S.", summary, {{"x", "1"}});
  page.empty_summary("t", "T.", {0, 1});
  const std::string text = page.text();
  EXPECT_NE(text.find("# TYPE s summary\n"), std::string::npos) << text;
  EXPECT_NE(text.find("s_count{x=\"1\"} 100\n"), std::string::npos) << text;
  EXPECT_NE(text.find("s_sum{x=\"1\"} 5050\n"), std::string::npos) << text;
  EXPECT_NE(text.find("s{x=\"1\",quantile=\"0.9\"}"), std::string::npos) << text;
  EXPECT_NE(text.find("t_count 0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t{quantile=\"1\"} 0\n"), std::string::npos) << text;
}

TEST(MetricsPageDeathTest, HasOneKindForAName) {
  MetricsPage page;
  page.gauge("a", "A.", 1);
  EXPECT_DEATH(page.counter("a", "A.", 1, {{"x", "1"}}), "two kinds");
}

TEST(Summary, HasItsPercentilesWithinTheirErrors) {
  Summary summary;
  for (int i = 1; i <= 1000; ++i) summary.observe(i);
  const auto found = summary.collect().summary;
  ASSERT_EQ(found.quantile.size(), 3U);
  EXPECT_NEAR(found.quantile[0].value, 500, 50);
  EXPECT_NEAR(found.quantile[1].value, 900, 10);
  EXPECT_NEAR(found.quantile[2].value, 990, 2);
}

TEST(Summary, KnowsNoPercentilesOfNothing) {
  for (const auto& quantile : Summary().collect().summary.quantile) {
    EXPECT_TRUE(std::isnan(quantile.value)) << quantile.quantile;
  }
}

TEST(Summary, TakesObservationsOfSeveralThreads) {
  constexpr int kEach = 1000;
  Summary summary;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kEach; ++j) summary.observe(1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(summary.collect().summary.sample_count, 4U * kEach);
}

}  // namespace
}  // namespace buri
