#include "node/app/stock_config.hpp"

#include <algorithm>

#include "base/toml.hpp"
#include "node/app/stock_rules.hpp"

namespace buri::app {
namespace {

StockValue value_of(const toml::node& node) {
  if (const auto flag = node.value_exact<bool>()) return *flag;
  if (const auto number = node.value_exact<std::int64_t>()) return *number;
  if (const toml::array* array = node.as_array()) {
    std::vector<std::string> texts;
    for (const toml::node& one : *array) texts.push_back(one.value<std::string>().value_or(""));
    return texts;
  }
  return node.value<std::string>().value_or("");
}

/// In the order of the file, with their paths.
using Entries = std::vector<std::pair<std::string, const toml::node*>>;

void list_entries(const toml::table& table, const std::string& prefix, Entries& entries) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      list_entries(*inner, path + ".", entries);
    } else {
      entries.emplace_back(path, &node);
    }
  }
}

Result<toml::table, std::string> parse(std::string_view text, const std::string& file) {
  auto document = parse_toml(text);
  if (document.ok()) return std::move(document).value();
  const TomlFault& place = document.error();
  const std::string line = file + ", line " + std::to_string(place.line);
  if (!place.is_ascii) {
    return Failure{line + ": expected ASCII, found " + place.found + "; replace it"};
  }
  // What was found may be a secret, so it is left out.
  return Failure{line + ": expected TOML, found something else; correct the line"};
}

const StockRule* rule_of(const std::vector<StockRule>& rules, std::string_view path) {
  const auto rule = std::ranges::find_if(rules, [&](const StockRule& one) {
    if (!one.key.ends_with('*')) return one.key == path;
    return path.starts_with(one.key.substr(0, one.key.size() - 1));
  });
  return rule == rules.end() ? nullptr : &*rule;
}

StockRemark remark(const StockRule* rule, const std::string& setting, const StockValue& value) {
  if (rule == nullptr) {
    return {setting, "heimdalld v0.10.0 has no such setting, so nothing was made of it.", true};
  }
  const bool matters = rule->harmless && as_word(value) != *rule->harmless;
  return {setting, std::string(rule->sentence), matters};
}

Status<std::string> read_file(std::string_view text, const std::string& file,
                              const std::vector<StockRule>& rules, StockConfig& target) {
  ASSIGN_OR_RETURN(const toml::table table, parse(text, file));
  Entries entries;
  list_entries(table, "", entries);
  StockSettings all;
  for (const auto& [path, node] : entries) all.emplace(path, value_of(*node));
  std::ranges::sort(entries, {}, [](const auto& entry) {
    const auto& place = entry.second->source().begin;
    return std::pair(place.line, place.column);
  });
  for (const auto& [path, node] : entries) {
    const StockRule* rule = rule_of(rules, path);
    const StockValue& value = all.find(path)->second;
    if (rule == nullptr || !rule->take) {
      target.remarks.push_back(remark(rule, file + ": " + path, value));
      continue;
    }
    if (const auto expected = rule->take(all, value, target)) {
      return Failure{file + ", line " + std::to_string(node->source().begin.line) + ": " + path +
                     ": expected " + std::string(*expected) + ", found another value; correct it"};
    }
    ++target.taken;
  }
  return Unit{};
}

}  // namespace

Result<StockConfig, std::string> read_stock_config(std::string_view config_toml,
                                                   std::string_view app_toml) {
  StockConfig target;
  RETURN_IF_ERROR(read_file(config_toml, "config.toml", stock_comet_rules(), target));
  RETURN_IF_ERROR(read_file(app_toml, "app.toml", stock_app_rules(), target));
  std::vector<StockRemark> ordered;
  for (const bool matters : {true, false}) {
    for (const StockRemark& one : target.remarks) {
      if (one.matters == matters) ordered.push_back(one);
    }
  }
  target.remarks = std::move(ordered);
  return target;
}

}  // namespace buri::app
