#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/toml.hpp"

/// Strict reading of TOML tables: every key must be asked for, the first error wins.

namespace buri::hsm::signer {

/// One table of a configuration file. Borrows the table and the error text.
class ConfigTable {
 public:
  ConfigTable(const toml::table& table, std::string path, std::string& error)
      : table_(table), path_(std::move(path)), error_(error) {}

  /// The text under `key`; an error if it is missing, no text or empty.
  std::string text(std::string_view key);
  std::string text_or(std::string_view key, std::string otherwise);
  bool flag_or(std::string_view key, bool otherwise);
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise, std::int64_t lowest,
                          std::int64_t highest);
  std::vector<std::string> texts(std::string_view key, bool is_required);
  /// The table under `key`, or null; an error if it is something else or missing and required.
  const toml::table* table(std::string_view key, bool is_required);
  /// The tables of an array of tables; an error if it is something else, or missing and required.
  std::vector<const toml::table*> tables(std::string_view key, bool is_required);
  /// An error if there is a key that nobody asked for.
  void refuse_others();

  [[nodiscard]] std::string path_of(std::string_view key) const;
  void fail(std::string_view key, std::string_view expected);

 private:
  const toml::node* find(std::string_view key);

  const toml::table& table_;
  const std::string path_;
  std::string& error_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace buri::hsm::signer
