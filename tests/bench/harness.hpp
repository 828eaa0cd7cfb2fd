#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Benchmarks as programs: ratios against a named peer, both measured in one interleaved run.
/// Absolute times are worthless on shared machines; the ratio of neighbours in time is not.

namespace buri::bench {

/// One side of a comparison: does its whole work once per call.
struct Subject {
  std::string name;
  std::function<void()> work;
  double items = 1;  ///< results per call of `work`, so that sides may differ in batch size
};

/// What a benchmark reports.
struct Figure {
  std::string name;     ///< as in the table of goals: "recover.ifma"
  std::string peer;     ///< what it is compared with, library and version
  double ratio = 0;     ///< ours / peer in items per second (or a count where the goal is a count)
  double spread = 0;    ///< (90th - 10th percentile) / median of the per-round ratios
  unsigned rounds = 0;  ///< interleaved rounds measured
  double ours_per_second = 0;        ///< 0 where the figure is no rate
  std::optional<double> goal;        ///< the ratio to reach on this machine, if one is set
  bool goal_is_upper_bound = false;  ///< true for counts and slowdowns
  std::string skipped;               ///< why it could not be measured here; empty when it was
};

struct Options {
  unsigned rounds = 40;
  double round_seconds = 0.004;  ///< each side repeats its work until this much time has passed
};

/// Runs both sides in turn, `options.rounds` times, after one unmeasured round; pins nothing. The
/// ratio is the median of the per-round ratios.
Figure compare(std::string name, const Subject& ours, const Subject& peer, const Options& options);

/// A benchmark under a name; it returns one or more figures.
struct Benchmark {
  std::string_view name;
  std::vector<Figure> (*run)(const Options&);
};

/// The list that main() walks. Each file registers itself with a static Registration.
std::vector<Benchmark>& benchmarks();
struct Registration {
  Registration(std::string_view name, std::vector<Figure> (*run)(const Options&)) {
    benchmarks().push_back({name, run});
  }
};

}  // namespace buri::bench
