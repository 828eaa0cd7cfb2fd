#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

/// What `buri verify` finds: a line per check, or one sentence why an input cannot be used.

namespace buri::cli {

/// One rule applied to one thing.
struct Check {
  std::string subject;  ///< file, and the part of it: "mainnet-rotation.json 54595178"
  std::string rule;     ///< "header hash"
  bool passed = false;
  std::string expected;
  std::string found;
  std::optional<std::size_t> index;  ///< entry, path step or node at fault
};

/// Checks in the order they were made.
class Report {
 public:
  void add(Check check) { checks_.push_back(std::move(check)); }
  /// Adds a check that passes when both texts are equal; returns whether it did.
  bool compare(std::string subject, std::string rule, std::string expected, std::string found);
  /// Adds a check that has passed: what was computed is `value`, as it must be.
  void confirm(std::string subject, std::string rule, std::string value);
  void append(Report other);

  [[nodiscard]] const std::vector<Check>& checks() const { return checks_; }
  [[nodiscard]] bool valid() const;

 private:
  std::vector<Check> checks_;
};

/// Why an input cannot be used: exit code 2.
struct Unusable {
  std::string input;  ///< file name, "standard input" or an option
  JsonError problem;
  std::string advice;  ///< what to do about it
};

/// A report, or the reason there is none.
using Outcome = Result<Report, Unusable>;

/// Prints lines for people, or one JSON object, to standard output (a reason for Unusable goes to
/// standard error, as JSON to standard output when asked so), and returns the exit code. If all is
/// valid, the JSON object ends with what `speed` measures, if given.
int print(const Outcome& outcome, bool as_json,
          const std::function<boost::json::object()>& speed = nullptr);

}  // namespace buri::cli
