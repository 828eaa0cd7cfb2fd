#include "tests/ptx/sass/report.hpp"

#include <sstream>

namespace buri::ptx::sass {
namespace {

bool is_worse(const std::string& metric, std::uint64_t before, std::uint64_t now) {
  if (metric == "registers") return false;
  return metric == "warps" ? now < before : now > before;
}

std::string sentence(const FigureKey& key, const std::string& what) {
  return key.architecture + " " + key.subject + " " + key.metric + ": " + what;
}

}  // namespace

void write_report(std::ostream& out, const Report& report) {
  out << "compiler\t" << report.compiler << "\n";
  for (const auto& [key, value] : report.figures) {
    out << key.architecture << "\t" << key.subject << "\t" << key.metric << "\t" << value << "\n";
  }
}

Report read_report(std::istream& in) {
  Report report;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream fields(line);
    FigureKey key;
    std::uint64_t value = 0;
    fields >> key.architecture >> key.subject;
    if (key.architecture == "compiler") {
      report.compiler = key.subject;
    } else if (fields >> key.metric >> value) {
      report.figures[key] = value;
    } else {
      break;
    }
  }
  return report;
}

std::vector<std::string> regressions(const Report& baseline, const Report& measured) {
  std::vector<std::string> result;
  for (const auto& [key, before] : baseline.figures) {
    const auto now = measured.figures.find(key);
    if (now == measured.figures.end()) {
      result.push_back(sentence(key, "no longer measured"));
    } else if (is_worse(key.metric, before, now->second)) {
      result.push_back(
          sentence(key, "was " + std::to_string(before) + ", is " + std::to_string(now->second)));
    }
  }
  for (const auto& [key, value] : measured.figures) {
    if (!baseline.figures.contains(key)) {
      result.push_back(sentence(key, "is " + std::to_string(value) + " but has no baseline"));
    }
  }
  return result;
}

}  // namespace buri::ptx::sass
