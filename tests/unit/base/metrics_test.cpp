#include "base/metrics.hpp"

#include <gtest/gtest.h>

namespace buri {
namespace {

TEST(Metrics, ExposesCountersWithLabelsOrderedByName) {
  Metrics metrics;
  metrics.counter("b_total", "Second.", {{"backend", "scalar"}}).add(3);
  metrics.counter("a_total", "First.").add();
  EXPECT_EQ(metrics.expose(),
            "# HELP a_total First.\n# TYPE a_total counter\na_total 1\n"
            "# HELP b_total Second.\n# TYPE b_total counter\nb_total{backend=\"scalar\"} 3\n");
}

TEST(Metrics, AsksForBorrowedCountersWhenTheyAreExposed) {
  Metrics metrics;
  std::uint64_t value = 1;
  metrics.counter_from("c_total", "C.", {{"x", "1"}}, [&] { return value; });
  value = 7;
  EXPECT_NE(metrics.expose().find("c_total{x=\"1\"} 7\n"), std::string::npos);
}

TEST(Metrics, EscapesLabelValues) {
  Metrics metrics;
  metrics.gauge("g", "G.", {{"card", "a\"b\\c\nd"}}).set(1.5);
  EXPECT_NE(metrics.expose().find("g{card=\"a\\\"b\\\\c\\nd\"} 1.5\n"), std::string::npos);
}

TEST(Metrics, ReturnsOneInstrumentPerNameAndLabels) {
  Metrics metrics;
  Counter& first = metrics.counter("c", "C.", {{"x", "1"}});
  EXPECT_EQ(&first, &metrics.counter("c", "C.", {{"x", "1"}}));
  EXPECT_NE(&first, &metrics.counter("c", "C.", {{"x", "2"}}));
}

TEST(Metrics, ExposesHistogramsCumulatively) {
  Metrics metrics;
  Histogram& histogram = metrics.histogram("h", "H.", {1, 10});
  histogram.observe(1);
  histogram.observe(5);
  histogram.observe(50);
  const std::string text = metrics.expose();
  EXPECT_NE(text.find("h_count 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("h_sum 56\n"), std::string::npos) << text;
  EXPECT_NE(text.find("h_bucket{le=\"1\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("h_bucket{le=\"10\"} 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("h_bucket{le=\"+Inf\"} 3\n"), std::string::npos) << text;
}

TEST(MetricsDeathTest, RefusesTwoKindsUnderOneName) {
  Metrics metrics;
  metrics.counter("c", "C.");
  EXPECT_DEATH(metrics.gauge("c", "C."), "two kinds");
}

TEST(MetricsDeathTest, RefusesBoundsThatDoNotAscend) { EXPECT_DEATH(Histogram({1, 1}), "ascend"); }

}  // namespace
}  // namespace buri
