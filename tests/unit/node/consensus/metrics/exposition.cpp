#include "tests/unit/node/consensus/metrics/exposition.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "tests/unit/node/golden.hpp"

namespace buri::testing {
namespace {

std::set<std::string> split(const std::string& list) {
  std::set<std::string> parts;
  std::istringstream rest(list == "-" ? "" : list);
  for (std::string part; std::getline(rest, part, ',');) parts.insert(part);
  return parts;
}

/// The labels' names of `{a="1",b="2"}`. Values hold no quote.
std::set<std::string> label_names(std::string_view text) {
  std::set<std::string> names;
  while (!text.empty()) {
    const std::size_t equals = text.find("=\"");
    if (equals == std::string_view::npos) break;
    names.emplace(text.substr(0, equals));
    text.remove_prefix(text.find('"', equals + 2) + 1);
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  names.erase("quantile");
  names.erase("le");
  return names;
}

/// The family of a sample: a histogram's and a summary's samples have endings.
ExposedFamily* family_of(std::map<std::string, ExposedFamily>& families, const std::string& name) {
  auto found = families.find(name);
  for (const char* ending : {"_bucket", "_sum", "_count"}) {
    if (found != families.end()) break;
    if (!name.ends_with(ending)) continue;
    found = families.find(name.substr(0, name.size() - std::string_view(ending).size()));
  }
  return found == families.end() ? nullptr : &found->second;
}

}  // namespace

std::map<std::string, ExposedFamily> exposed_families(std::string_view page) {
  std::map<std::string, ExposedFamily> families;
  std::istringstream lines{std::string(page)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    std::string second;
    std::string name;
    if (line.starts_with("# HELP ")) continue;
    if (line.starts_with("# TYPE ")) {
      std::string type;
      words >> first >> second >> name >> type;
      EXPECT_TRUE(families.emplace(name, ExposedFamily{type, {}}).second) << name << " twice";
      continue;
    }
    const std::size_t open = line.find('{');
    const std::size_t close = line.rfind('}');
    name = line.substr(0, std::min(open, line.find(' ')));
    ExposedFamily* family = family_of(families, name);
    EXPECT_NE(family, nullptr) << line;
    if (family == nullptr || open == std::string::npos) continue;
    family->labels.merge(label_names(std::string_view(line).substr(open + 1, close - open - 1)));
  }
  return families;
}

std::optional<double> sample(std::string_view page, std::string_view name_and_labels) {
  const std::string start = "\n" + std::string(name_and_labels) + " ";
  const std::size_t at = page.find(start);
  if (at == std::string_view::npos) return std::nullopt;
  return std::strtod(std::string(page.substr(at + start.size(), 40)).c_str(), nullptr);
}

std::vector<StockFigure> stock_figures() {
  std::vector<StockFigure> figures;
  std::istringstream lines(golden_text("metrics/stock.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string labels;
    StockFigure figure;
    words >> figure.name >> figure.type >> labels >> figure.when;
    figure.labels = split(labels);
    figures.push_back(std::move(figure));
  }
  return figures;
}

void expect_served(std::string_view page, const std::vector<StockFigure>& figures) {
  const auto families = exposed_families(page);
  for (const StockFigure& figure : figures) {
    const auto found = families.find(figure.name);
    if (found == families.end()) {
      ADD_FAILURE() << figure.name << " is not served";
      continue;
    }
    EXPECT_EQ(found->second.type, figure.type) << figure.name;
    EXPECT_EQ(found->second.labels, figure.labels) << figure.name;
  }
}

}  // namespace buri::testing
