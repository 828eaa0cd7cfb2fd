#include "node/cli/report.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "node/cli/commands.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;

/// Long values of passed checks are cut in the middle; failures are shown in full.
std::string shortened(const std::string& text) {
  if (text.empty()) return "nothing";
  constexpr std::size_t kLongest = 40;
  constexpr std::size_t kKept = 12;
  if (text.size() <= kLongest) return text;
  return text.substr(0, kKept) + "..." + text.substr(text.size() - kKept);
}

void print_line(const Check& check) {
  const std::string place = check.index ? " [" + std::to_string(*check.index) + "]" : "";
  const auto show = [&](const std::string& text) {
    return check.passed || text.empty() ? shortened(text) : text;
  };
  std::printf("%-7s %s  %s%s: expected %s, found %s\n", check.passed ? "ok" : "INVALID",
              check.subject.c_str(), check.rule.c_str(), place.c_str(),
              show(check.expected).c_str(), show(check.found).c_str());
}

json::object to_json(const Check& check) {
  json::object object{{"subject", check.subject},
                      {"rule", check.rule},
                      {"passed", check.passed},
                      {"expected", check.expected},
                      {"found", check.found}};
  if (check.index) object["index"] = *check.index;
  return object;
}

int print_unusable(const Unusable& unusable, bool as_json) {
  const auto& [input, problem, advice] = unusable;
  if (as_json) {
    const json::object error{{"input", input},
                             {"field", problem.path},
                             {"expected", problem.expected},
                             {"found", problem.found},
                             {"advice", advice}};
    std::cout << json::serialize(json::object{{"error", error}}) << "\n";
  } else {
    std::fprintf(stderr, "buri verify: %s: %s; %s\n", input.c_str(), describe(problem).c_str(),
                 advice.c_str());
  }
  return kExitUnusable;
}

}  // namespace

bool Report::compare(std::string subject, std::string rule, std::string expected,
                     std::string found) {
  const bool passed = expected == found;
  add({std::move(subject), std::move(rule), passed, std::move(expected), std::move(found), {}});
  return passed;
}

void Report::confirm(std::string subject, std::string rule, std::string value) {
  add({std::move(subject), std::move(rule), true, value, std::move(value), {}});
}

void Report::append(Report other) {
  std::move(other.checks_.begin(), other.checks_.end(), std::back_inserter(checks_));
}

bool Report::valid() const {
  return !checks_.empty() &&
         std::all_of(checks_.begin(), checks_.end(), [](const Check& c) { return c.passed; });
}

int print(const Outcome& outcome, bool as_json, const std::function<json::object()>& speed) {
  if (!outcome.ok()) return print_unusable(outcome.error(), as_json);
  const Report& report = outcome.value();
  if (as_json) {
    json::array checks;
    for (const Check& check : report.checks()) checks.push_back(to_json(check));
    json::object object{{"valid", report.valid()}, {"checks", checks}};
    if (speed && report.valid()) object["speed"] = speed();
    std::cout << json::serialize(object) << std::endl;
  } else {
    for (const Check& check : report.checks()) print_line(check);
    const auto failed = std::count_if(report.checks().begin(), report.checks().end(),
                                      [](const Check& check) { return !check.passed; });
    std::printf("%s: %zu checks, %td failed\n", report.valid() ? "valid" : "INVALID",
                report.checks().size(), failed);
  }
  if (std::fflush(stdout) != 0) {
    std::fprintf(stderr, "buri verify: standard output: the report cannot be written\n");
    return kExitUnusable;
  }
  return report.valid() ? kExitOk : kExitInvalid;
}

}  // namespace buri::cli
