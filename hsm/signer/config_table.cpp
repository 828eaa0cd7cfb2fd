#include "hsm/signer/config_table.hpp"

namespace buri::hsm::signer {

std::string ConfigTable::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void ConfigTable::fail(std::string_view key, std::string_view expected) {
  if (!error_.empty()) return;
  const toml::node* node = table_.get(key);
  const auto line = node != nullptr ? node->source().begin.line : table_.source().begin.line;
  error_ =
      "line " + std::to_string(line) + ": " + path_of(key) + ": expected " + std::string(expected);
}

const toml::node* ConfigTable::find(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

std::string ConfigTable::text(std::string_view key) {
  const toml::node* node = find(key);
  const auto value = node != nullptr ? node->value_exact<std::string>() : std::nullopt;
  if (!value || value->empty()) fail(key, "a text");
  return value.value_or("");
}

std::string ConfigTable::text_or(std::string_view key, std::string otherwise) {
  return find(key) == nullptr ? std::move(otherwise) : text(key);
}

bool ConfigTable::flag_or(std::string_view key, bool otherwise) {
  const toml::node* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->value_exact<bool>();
  if (!value) fail(key, "true or false");
  return value.value_or(otherwise);
}

std::int64_t ConfigTable::integer_or(std::string_view key, std::int64_t otherwise,
                                     std::int64_t lowest, std::int64_t highest) {
  const toml::node* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->value_exact<std::int64_t>();
  if (value && lowest <= *value && *value <= highest) return *value;
  fail(key, "an integer from " + std::to_string(lowest) + " to " + std::to_string(highest));
  return otherwise;
}

std::vector<std::string> ConfigTable::texts(std::string_view key, bool is_required) {
  const toml::node* node = find(key);
  if (node == nullptr && !is_required) return {};
  const toml::array* array = node != nullptr ? node->as_array() : nullptr;
  std::vector<std::string> values;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const auto value = array->get(i)->value_exact<std::string>();
    if (!value) fail(key, "a list of texts");
    values.push_back(value.value_or(""));
  }
  if (array == nullptr || (is_required && values.empty())) fail(key, "a list of texts");
  return values;
}

const toml::table* ConfigTable::table(std::string_view key, bool is_required) {
  const toml::node* node = find(key);
  if (node == nullptr && !is_required) return nullptr;
  const toml::table* found = node != nullptr ? node->as_table() : nullptr;
  if (found == nullptr) fail(key, "a section");
  return found;
}

std::vector<const toml::table*> ConfigTable::tables(std::string_view key, bool is_required) {
  const toml::node* node = find(key);
  if (node == nullptr && !is_required) return {};
  const toml::array* array = node != nullptr ? node->as_array() : nullptr;
  std::vector<const toml::table*> found;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const toml::table* one = array->get(i)->as_table();
    if (one != nullptr) found.push_back(one);
  }
  if (found.empty() || found.size() != array->size()) fail(key, "one section or more");
  return found;
}

void ConfigTable::refuse_others() {
  for (const auto& [key, value] : table_) {
    if (!known_.contains(key.str())) fail(key.str(), "no setting of this name");
  }
}

}  // namespace buri::hsm::signer
