#include "node/app/config_reader.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <set>

#include "base/toml.hpp"
#include "node/app/config_fields.hpp"

namespace buri::app {
namespace {

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxShownCharacters = 80;
/// So different a name is not what somebody meant.
constexpr std::size_t kMaxTypingErrors = 3;

using KeyNames = std::set<std::string, std::less<>>;

/// How many letters must be typed to make one of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string nearest(const KeyNames& known, std::string_view name) {
  std::string best;
  std::size_t least = kMaxTypingErrors + 1;
  for (const std::string& one : known) {
    const std::size_t errors = distance(one, name);
    if (errors < least) {
      least = errors;
      best = one;
    }
  }
  return best;
}

/// What stands there, for people: its type, and the value of a simple one.
std::string shown(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) {
    return "the text \"" + text->substr(0, kMaxShownCharacters) + "\"";
  }
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
  if (node.is_array()) return "a list";
  if (node.is_table()) return "a section";
  return node.is_floating_point() ? "a number with a fraction" : "a date or time";
}

/// Fills the configuration section by section; the first error stays.
class Reader final : public ConfigVisitor {
 public:
  Reader(const toml::table& root, std::string_view name) : root_(root), name_(name) {}

  void section(std::string_view name, std::string_view /*about*/) override {
    section_ = name;
    table_ = nullptr;
    known_[section_];
    const toml::node* node = root_.get(name);
    if (node == nullptr) return;
    table_ = node->as_table();
    if (table_ == nullptr) {
      complain(*node, section_, "expected a section, found " + shown(*node),
               "write [" + section_ + "] on a line of its own and its settings below");
    }
  }
  void flag(const ConfigField& field, bool& value) override {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    const auto found = node->value_exact<bool>();
    if (found) {
      value = *found;
    } else {
      wrong(field, *node, "true or false", value ? "true" : "false");
    }
  }
  void integer(const ConfigField& field, const ConfigRange& range, std::int64_t& value) override {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::int64_t>();
    if (found && range.lowest <= *found && *found <= range.highest) {
      value = *found;
    } else {
      wrong(field, *node,
            "an integer from " + std::to_string(range.lowest) + " to " +
                std::to_string(range.highest),
            std::to_string(value));
    }
  }
  void text(const ConfigField& field, const ConfigTextRule& rule, std::string& value) override {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::string>();
    if (found && rule.accepts(*found)) {
      value = *found;
    } else {
      wrong(field, *node, rule.expected, "\"" + value + "\"");
    }
  }
  void texts(const ConfigField& field, const ConfigTextRule& rule,
             std::vector<std::string>& values) override {
    const toml::node* node = find(field);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    const std::string expected = "a list [\"...\"] of texts, each " + std::string(rule.expected);
    if (array == nullptr) return wrong(field, *node, expected, "[]");
    std::vector<std::string> found;
    for (const toml::node& one : *array) {
      auto item = one.value_exact<std::string>();
      if (!item || !rule.accepts(*item)) return wrong(field, one, expected, "[]");
      found.push_back(std::move(*item));
    }
    values = std::move(found);
  }

  /// Complains of what no call asked for.
  void refuse_others() {
    KeyNames sections;
    for (const auto& [name, keys] : known_) sections.insert(name);
    for (const auto& [key, node] : root_) {
      const auto keys = known_.find(key.str());
      if (keys == known_.end()) {
        unknown(key, node, std::string(key.str()), "section", sections);
        continue;
      }
      if (!node.is_table()) continue;
      for (const auto& [inner, value] : *node.as_table()) {
        if (keys->second.contains(inner.str())) continue;
        unknown(inner, value, keys->first + "." + std::string(inner.str()), "setting",
                keys->second);
      }
    }
  }

  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  const toml::node* find(const ConfigField& field) {
    known_[section_].emplace(field.key);
    return table_ == nullptr ? nullptr : table_->get(field.key);
  }
  void complain(const toml::node& node, const std::string& setting, const std::string& what,
                const std::string& fix) {
    complain(node.source().begin.line, setting, what, fix);
  }
  void complain(toml::source_index line, const std::string& setting, const std::string& what,
                const std::string& fix) {
    if (!error_.empty()) return;
    error_ = name_ + ", line " + std::to_string(line) + ": " + setting + ": " + what + "; " + fix;
  }
  void wrong(const ConfigField& field, const toml::node& node, std::string_view expected,
             const std::string& otherwise) {
    const std::string found = field.is_secret && node.is_string() ? "another text" : shown(node);
    complain(node, section_ + "." + std::string(field.key),
             "expected " + std::string(expected) + ", found " + found,
             "correct it, or remove the line for the default " + otherwise);
  }
  void unknown(const toml::key& key, const toml::node& node, const std::string& path,
               std::string_view kind, const KeyNames& names) {
    const std::string meant = nearest(names, key.str());
    const auto line =
        key.source().begin.line != 0 ? key.source().begin.line : node.source().begin.line;
    complain(
        line, path,
        "expected a " + std::string(kind) +
            " that `buri config show --defaults` lists, found "
            "an unknown one",
        meant.empty() ? "remove it" : "write \"" + meant + "\" if that was meant, or remove it");
  }

  const toml::table& root_;
  const std::string name_;
  std::string section_;
  const toml::table* table_ = nullptr;
  std::map<std::string, KeyNames, std::less<>> known_;
  std::string error_;
};

/// What holds between settings; empty if all does.
std::string contradiction(const Config& config) {
  const SignerConfig& signer = config.signer;
  if (!signer.socket.empty() && !signer.insecure_development_key_file.empty()) {
    return "signer: expected one source of signatures, found socket and "
           "insecure_development_key_file; remove one of them";
  }
  if (!signer.socket.empty() && signer.public_key.empty()) {
    return "signer.public_key: expected the validator's public key, because signer.socket is set, "
           "found nothing; copy it from the [key] section of the signer's configuration";
  }
  for (const auto& [name, is_empty] :
       {std::pair("eth_rpc_urls", config.endpoints.eth_rpc_urls.empty()),
        std::pair("bor_rpc_urls", config.endpoints.bor_rpc_urls.empty()),
        std::pair("bor_grpc_urls",
                  config.endpoints.bor_grpc && config.endpoints.bor_grpc_urls.empty())}) {
    if (is_empty) {
      return "endpoints." + std::string(name) +
             ": expected at least one address, found none; name one, or remove the line for the "
             "default";
    }
  }
  if (config.mempool.max_transaction_bytes > config.mempool.max_bytes) {
    return "mempool.max_bytes: expected at least max_transaction_bytes (" +
           std::to_string(config.mempool.max_transaction_bytes) + "), found " +
           std::to_string(config.mempool.max_bytes) + "; raise it";
  }
  if (config.consensus.log_max_file_bytes > config.consensus.log_max_total_bytes) {
    return "consensus.log_max_total_bytes: expected at least log_max_file_bytes (" +
           std::to_string(config.consensus.log_max_file_bytes) + "), found " +
           std::to_string(config.consensus.log_max_total_bytes) + "; raise it";
  }
  return "";
}

}  // namespace

Result<Config, std::string> parse_config(std::string_view text, std::string_view name) {
  const std::string file(name);
  const auto document = parse_toml(text);
  if (!document.ok()) {
    const TomlFault& place = document.error();
    const std::string line = file + ", line " + std::to_string(place.line);
    if (!place.is_ascii) {
      return Failure{line + ": expected ASCII, found " + place.found + "; replace it"};
    }
    // What was found may be a secret, so it is left out.
    return Failure{line + ", column " + std::to_string(place.column) +
                   ": expected TOML (key = value, texts in quotes, each key once), found something "
                   "else; correct the line"};
  }
  Config config;
  Reader reader(document.value(), name);
  visit_config(config, reader);
  reader.refuse_others();
  if (!reader.error().empty()) return Failure{reader.error()};
  const std::string conflict = contradiction(config);
  if (!conflict.empty()) return Failure{file + ": " + conflict};
  return config;
}

Result<std::string, std::string> read_small_file(const std::string& path, std::size_t max_bytes) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return Failure{path + " cannot be read: " + std::strerror(errno)};  // NOLINT(*-mt-unsafe)
  std::string text(max_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) return Failure{path + " cannot be read to its end"};
  if (text.size() > max_bytes) {
    return Failure{path + " is longer than " + std::to_string(max_bytes) + " bytes"};
  }
  return text;
}

Result<Config, std::string> read_config(const std::string& path) {
  auto text = read_small_file(path, kMaxConfigBytes);
  if (!text.ok()) return Failure{text.error()};
  return parse_config(*text, path);
}

}  // namespace buri::app
