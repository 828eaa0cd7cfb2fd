#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Pages of figures taken apart, and the names that stock nodes show.

namespace buri::testing {

/// One family of a page.
struct ExposedFamily {
  std::string type;
  std::set<std::string> labels;  ///< names, without a summary's quantile and a histogram's le
};
/// By name. A line that is none of the text format fails the test.
std::map<std::string, ExposedFamily> exposed_families(std::string_view page);

/// The value of the sample with that name and labels as written, e.g. `a{x="1"}`; nothing if it is
/// not there.
std::optional<double> sample(std::string_view page, std::string_view name_and_labels);

/// A line of tests/golden/metrics/stock.txt.
struct StockFigure {
  std::string name;
  std::string type;
  std::set<std::string> labels;
  std::string when;  ///< "validating", "event" or "unused"
};
std::vector<StockFigure> stock_figures();

/// Fails the test for each of `figures` that the page does not have, or has otherwise.
void expect_served(std::string_view page, const std::vector<StockFigure>& figures);

}  // namespace buri::testing
