#include "node/app/config_writer.hpp"

#include <boost/json/array.hpp>
#include <map>

#include "node/app/config_fields.hpp"

namespace buri::app {
namespace {

constexpr std::size_t kLineCharacters = 100;

/// A TOML basic string. REQUIRES: printable ASCII, as all rules of texts demand.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

/// Lines of a comment, broken at blanks.
std::string comment(std::string_view text) {
  std::string out;
  std::string line = "#";
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    if (line.size() + 1 + blank > kLineCharacters) {
      out += line + "\n";
      line = "#";
    }
    line += " " + std::string(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return out + line + "\n";
}

class TomlWriter final : public ConfigVisitor {
 public:
  void section(std::string_view name, std::string_view about) override {
    if (!out_.empty()) out_ += "\n";
    out_ += comment(about) + "[" + std::string(name) + "]\n";
  }
  void flag(const ConfigField& field, bool& value) override {
    put(field, value ? "true" : "false");
  }
  void integer(const ConfigField& field, const ConfigRange& /*range*/,
               std::int64_t& value) override {
    put(field, std::to_string(value));
  }
  void text(const ConfigField& field, const ConfigTextRule& /*rule*/, std::string& value) override {
    put(field, quoted(value));
  }
  void texts(const ConfigField& field, const ConfigTextRule& /*rule*/,
             std::vector<std::string>& values) override {
    std::string list;
    for (const std::string& one : values) list += (list.empty() ? "" : ", ") + quoted(one);
    put(field, "[" + list + "]");
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void put(const ConfigField& field, const std::string& value) {
    out_ += comment(field.about) + std::string(field.key) + " = " + value + "\n";
  }

  std::string out_;
};

class JsonWriter final : public ConfigVisitor {
 public:
  void section(std::string_view name, std::string_view /*about*/) override {
    section_ = &(facts_[name] = boost::json::object()).as_object();
  }
  void flag(const ConfigField& field, bool& value) override { put(field, value); }
  void integer(const ConfigField& field, const ConfigRange& /*range*/,
               std::int64_t& value) override {
    put(field, value);
  }
  void text(const ConfigField& field, const ConfigTextRule& /*rule*/, std::string& value) override {
    put(field, boost::json::value(value));
  }
  void texts(const ConfigField& field, const ConfigTextRule& /*rule*/,
             std::vector<std::string>& values) override {
    put(field, boost::json::array(values.begin(), values.end()));
  }
  /// The secret settings, to be told apart from the defaults.
  std::vector<std::pair<std::string, std::string>> secrets;
  boost::json::object take() { return std::move(facts_); }

 private:
  void put(const ConfigField& field, boost::json::value value) {
    if (field.is_secret) secrets.emplace_back(last_section(), field.key);
    (*section_)[field.key] = std::move(value);
  }
  std::string last_section() const { return std::string((facts_.end() - 1)->key()); }

  boost::json::object facts_;
  boost::json::object* section_ = nullptr;
};

}  // namespace

std::string config_toml(const Config& config) {
  Config copy = config;
  TomlWriter writer;
  visit_config(copy, writer);
  return writer.take();
}

boost::json::object config_json(const Config& config) {
  Config copy = config;
  Config defaults;
  JsonWriter ours;
  JsonWriter otherwise;
  visit_config(copy, ours);
  visit_config(defaults, otherwise);
  const auto secrets = ours.secrets;
  boost::json::object facts = ours.take();
  boost::json::object usual = otherwise.take();
  for (const auto& [section, key] : secrets) {
    boost::json::value& value = facts[section].as_object()[key];
    if (value != usual[section].as_object()[key]) value = "(hidden)";
  }
  return facts;
}

}  // namespace buri::app
