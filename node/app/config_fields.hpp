#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/app/config.hpp"

/// The one list of all settings: names, bounds and what each means. Reader and printers are
/// visitors of it, so that none of them can know a setting that another does not.

namespace buri::app {

/// A setting's name in the file and what it is, one sentence or two for operators.
struct ConfigField {
  std::string_view key;
  std::string_view about;
  bool is_secret = false;  ///< what was found never gets into an error
};

/// Both ends belong to it.
struct ConfigRange {
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
};

/// Which texts a setting takes.
struct ConfigTextRule {
  std::string_view expected;  ///< "a node id, 40 lower-case hex digits"
  bool (*accepts)(std::string_view text) = nullptr;
};

/// Called with sections in the file's order, and with each section's settings after it.
class ConfigVisitor {
 public:
  virtual ~ConfigVisitor() = default;
  virtual void section(std::string_view name, std::string_view about) = 0;
  virtual void flag(const ConfigField& field, bool& value) = 0;
  virtual void integer(const ConfigField& field, const ConfigRange& range, std::int64_t& value) = 0;
  virtual void text(const ConfigField& field, const ConfigTextRule& rule, std::string& value) = 0;
  /// `rule` is about each of them.
  virtual void texts(const ConfigField& field, const ConfigTextRule& rule,
                     std::vector<std::string>& values) = 0;
};

/// Shows all settings of `config`. A visitor that changes a value leaves one that the field's range
/// or rule admits.
void visit_config(Config& config, ConfigVisitor& visitor);

}  // namespace buri::app
