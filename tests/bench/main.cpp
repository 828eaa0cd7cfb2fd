#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

#include "accel/cpu.hpp"
#include "tests/bench/harness.hpp"

/// buri-bench: prints every figure of the goals table with its peer and ratio.

namespace buri::bench {
namespace {

boost::json::object to_json(const Figure& figure) {
  boost::json::object object{{"name", figure.name}, {"peer", figure.peer}};
  if (!figure.skipped.empty()) {
    object["skipped"] = figure.skipped;
    return object;
  }
  object["ratio"] = figure.ratio;
  object["spread"] = figure.spread;
  object["rounds"] = figure.rounds;
  if (figure.ours_per_second > 0) object["ours_per_second"] = figure.ours_per_second;
  if (figure.goal) object["goal"] = *figure.goal;
  return object;
}

bool reached(const Figure& figure) {
  return figure.goal_is_upper_bound ? figure.ratio <= *figure.goal : figure.ratio >= *figure.goal;
}

void print_line(const Figure& figure) {
  if (!figure.skipped.empty()) {
    std::printf("%-24s skipped: %s\n", figure.name.c_str(), figure.skipped.c_str());
    return;
  }
  std::printf("%-24s %9.2f  spread %4.1f %%  %12.0f/s  vs %s", figure.name.c_str(), figure.ratio,
              100 * figure.spread, figure.ours_per_second, figure.peer.c_str());
  if (figure.goal) {
    std::printf("  goal %s %.2f: %s", figure.goal_is_upper_bound ? "<=" : ">=", *figure.goal,
                reached(figure) ? "reached" : "NOT reached");
  }
  std::printf("\n");
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  CLI::App app(
      "Measures Buri's batch crypto beside the libraries a user would otherwise use.\n"
      "Example: buri-bench recover --rounds 60");
  std::string filter;
  bool json = false;
  Options options;
  app.add_option("filter", filter, "Run only benchmarks whose name contains this text");
  app.add_flag("--json", json, "Print one JSON object instead of lines");
  app.add_option("--rounds", options.rounds, "Interleaved rounds per figure")
      ->check(CLI::Range(1u, 100000u));
  app.add_option("--round-seconds", options.round_seconds, "Shortest time of one side of a round")
      ->check(CLI::Range(1e-6, 60.0));
  CLI11_PARSE(app, argc, argv);

  std::sort(benchmarks().begin(), benchmarks().end(),
            [](const Benchmark& a, const Benchmark& b) { return a.name < b.name; });
  boost::json::array results;
  for (const Benchmark& benchmark : benchmarks()) {
    if (benchmark.name.find(filter) == std::string_view::npos) continue;
    for (const Figure& figure : benchmark.run(options)) {
      if (json) {
        results.push_back(to_json(figure));
      } else {
        print_line(figure);
      }
    }
  }
  if (json) {
    const boost::json::object machine{{"cpu", accel::cpu_features().model},
                                      {"cores", std::thread::hardware_concurrency()}};
    std::cout << boost::json::serialize(
                     boost::json::object{{"machine", machine}, {"results", results}})
              << "\n";
  }
  return 0;
}

}  // namespace
}  // namespace buri::bench

int main(int argc, char** argv) { return buri::bench::run(argc, argv); }
