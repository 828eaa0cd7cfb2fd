#include <fstream>

#include "tests/bench/harness.hpp"
#include "tests/ptx/sass/report.hpp"

/// sass.*: machine instructions of the device's field and point operations, as sass-measure counted
/// them in this build. Counts, not speeds: no GPU takes part.

namespace buri::bench {
namespace {

constexpr const char* kArchitecture = "sm_90";

struct Goal {
  const char* operation;
  double instructions;
};
constexpr Goal kGoals[] = {{"mul", 150}, {"sqr", 115}, {"double", 950}, {"add", 1450}};

std::vector<Figure> run_sass(const Options&) {
  std::ifstream file(BURI_SASS_REPORT);
  const ptx::sass::Report report = ptx::sass::read_report(file);
  std::vector<Figure> figures;
  for (const Goal& goal : kGoals) {
    Figure figure;
    figure.name = std::string("sass.") + goal.operation;
    figure.peer = std::string("instructions on ") + kArchitecture + ", nvcc " + report.compiler;
    figure.goal = goal.instructions;
    figure.goal_is_upper_bound = true;
    figure.rounds = 1;
    const auto found = report.figures.find({kArchitecture, goal.operation, "instructions"});
    if (found == report.figures.end()) {
      figure.skipped = "this build has no CUDA compiler";
    } else {
      figure.ratio = static_cast<double>(found->second);
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

const Registration kSass("sass", run_sass);

}  // namespace
}  // namespace buri::bench
