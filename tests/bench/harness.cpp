#include "tests/bench/harness.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace buri::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

/// Items per second of one side, repeated until `at_least_seconds` have passed.
double rate(const Subject& subject, double at_least_seconds) {
  const auto start = SteadyClock::now();
  double calls = 0;
  double elapsed = 0;
  do {
    subject.work();
    ++calls;
    elapsed = seconds_since(start);
  } while (elapsed < at_least_seconds);
  return calls * subject.items / elapsed;
}

double quantile(std::vector<double> values, double q) {
  const auto index =
      static_cast<std::size_t>(std::lround(q * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index),
                   values.end());
  return values[index];
}

}  // namespace

Figure compare(std::string name, const Subject& ours, const Subject& peer, const Options& options) {
  std::vector<double> ratios;
  std::vector<double> rates;
  ours.work();
  peer.work();
  for (unsigned round = 0; round < options.rounds; ++round) {
    // Alternating the order cancels a drift of the clock within a round.
    const bool ours_first = round % 2 == 0;
    const double first = rate(ours_first ? ours : peer, options.round_seconds);
    const double second = rate(ours_first ? peer : ours, options.round_seconds);
    const double our_rate = ours_first ? first : second;
    ratios.push_back(our_rate / (ours_first ? second : first));
    rates.push_back(our_rate);
  }
  Figure figure;
  figure.name = std::move(name);
  figure.peer = peer.name;
  figure.ratio = quantile(ratios, 0.5);
  figure.spread = (quantile(ratios, 0.9) - quantile(ratios, 0.1)) / figure.ratio;
  figure.rounds = options.rounds;
  figure.ours_per_second = quantile(rates, 0.5);
  return figure;
}

std::vector<Benchmark>& benchmarks() {
  static std::vector<Benchmark> list;
  return list;
}

}  // namespace buri::bench
