#include <algorithm>
#include <set>
#include <sstream>

#include "base/hex.hpp"
#include "base/toml.hpp"
#include "hsm/rules/heimdall_messages.hpp"
#include "hsm/rules/policy_settings.hpp"

namespace buri::hsm::rules {
namespace {

constexpr std::size_t kMaxTextBytes = 64;
constexpr std::size_t kMaxListEntries = 64;

std::string shown(const toml::node& node) {
  std::ostringstream text;
  node.visit([&](const auto& value) {
    if constexpr (toml::is_value<decltype(value)>) {
      text << value;
    } else {
      text << value.type();
    }
  });
  return text.str().substr(0, kMaxTextBytes);
}

/// Fills a policy from a table; keeps the first error.
class Reader {
 public:
  explicit Reader(const toml::table& root) : table_(&root) {}

  template <class Body>
  void section(std::string_view name, const Body& body) {
    const toml::node* node = enter(name);
    if (node == nullptr) return;
    if (!node->is_table()) return fail(*node, name, "a table");
    const toml::table* const outer = std::exchange(table_, node->as_table());
    const std::set<std::string_view> outer_known = std::exchange(known_, {});
    path_ = std::string(name) + ".";
    body();
    refuse_unknown();
    path_.clear();
    table_ = outer;
    known_ = outer_known;
  }

  void flag(std::string_view name, bool& value) {
    const toml::node* node = enter(name);
    if (node == nullptr) return;
    if (!node->is_boolean()) return fail(*node, name, "true or false");
    value = node->as_boolean()->get();
  }
  void guard(std::string_view name, bool& value) { flag(name, value); }

  void limit(std::string_view name, std::uint64_t& value, std::uint64_t lowest,
             std::uint64_t highest) {
    const toml::node* node = enter(name);
    if (node == nullptr) return;
    const auto* integer = node->as_integer();
    const bool fine = integer != nullptr && integer->get() >= 0 &&
                      static_cast<std::uint64_t>(integer->get()) >= lowest &&
                      static_cast<std::uint64_t>(integer->get()) <= highest;
    if (!fine) {
      return fail(*node, name,
                  "an integer from " + std::to_string(lowest) + " to " + std::to_string(highest));
    }
    value = static_cast<std::uint64_t>(integer->get());
  }
  void floor(std::string_view name, std::uint64_t& value, std::uint64_t lowest,
             std::uint64_t highest) {
    limit(name, value, lowest, highest);
  }
  void exact(std::string_view name, std::uint64_t& value) { limit(name, value, 0, kMaxSetting); }

  void text(std::string_view name, std::string& value) {
    const toml::node* node = enter(name);
    if (node == nullptr) return;
    const auto text = printable(*node);
    if (!text || text->empty()) return fail(*node, name, "a short printable text");
    value = *text;
  }

  template <class Choice, std::size_t N>
  void choice(std::string_view name, Choice& value, const std::array<std::string_view, N>& names) {
    const toml::node* node = enter(name);
    if (node == nullptr) return;
    const auto found = std::find(names.begin(), names.end(), printable(*node).value_or(""));
    if (found == names.end()) {
      std::string expected = "one of";
      for (const std::string_view one : names) expected += " \"" + std::string(one) + "\"";
      return fail(*node, name, expected);
    }
    value = static_cast<Choice>(found - names.begin());
  }

  void amount(std::string_view name, U256& value) {
    const toml::node* node = enter(name);
    if (node == nullptr) return;
    const auto amount = U256::from_decimal(printable(*node, 78).value_or(""));
    if (!amount) return fail(*node, name, "a text of decimal digits");
    value = *amount;
  }

  void messages(std::string_view name, std::vector<std::string>& values) {
    const toml::node* node = enter(name);
    if (node == nullptr) return;
    values.clear();
    for_each(*node, name, [&](const toml::node& entry) {
      const auto text = printable(entry);
      if (!text || !is_known_message(*text)) {
        return fail(entry, name, "type URLs of messages that the signer can read");
      }
      values.push_back(*text);
    });
    sort_unique(*node, name, values);
  }

  void calls(std::string_view name, std::vector<AllowedCall>& values) {
    const toml::node* node = enter(name);
    if (node == nullptr) return;
    values.clear();
    for_each(*node, name, [&](const toml::node& entry) {
      if (!entry.is_table()) return fail(entry, name, "tables");
      const toml::table* const outer = std::exchange(table_, entry.as_table());
      const std::set<std::string_view> outer_known = std::exchange(known_, {});
      const std::string outer_path = std::exchange(path_, path_ + std::string(name) + ".");
      AllowedCall& call = values.emplace_back();
      bytes("to", call.to);
      bytes("selector", call.selector);
      amount("max_value_wei", call.max_value_wei);
      flag("needs_approval", call.needs_approval);
      refuse_unknown();
      table_ = outer;
      known_ = outer_known;
      path_ = outer_path;
    });
    const auto same = [](const AllowedCall& a, const AllowedCall& b) {
      return a.to == b.to && a.selector == b.selector;
    };
    std::sort(values.begin(), values.end());
    if (std::adjacent_find(values.begin(), values.end(), same) != values.end()) {
      fail(*node, name, "each contract and selector once");
    }
  }

  /// The setting must be there.
  void require(std::string_view name) {
    if (table_->get(name) == nullptr) missing(name);
  }
  /// The setting is absent or empty, and there is no default.
  void missing(std::string_view name) {
    fail_at(table_->source(), name, "a value: it has no default", "none");
  }
  /// Whatever is in the current table and was not visited is an error.
  void refuse_unknown() {
    for (const auto& [key, node] : *table_) {
      if (known_.contains(key.str())) continue;
      fail_at(key.source(), key.str(), "a setting of this section", "an unknown one");
    }
  }

  [[nodiscard]] const std::optional<PolicyError>& error() const { return error_; }

 private:
  void fail(const toml::node& node, std::string_view name, std::string expected) {
    fail_at(node.source(), name, std::move(expected), shown(node));
  }

  const toml::node* enter(std::string_view name) {
    known_.insert(name);
    return error_ ? nullptr : table_->get(name);
  }

  void fail_at(const toml::source_region& at, std::string_view name, std::string expected,
               std::string found) {
    if (error_) return;
    error_ = PolicyError{at.begin.line, at.begin.column, path_ + std::string(name),
                         std::move(expected), std::move(found)};
  }

  static std::optional<std::string> printable(const toml::node& node,
                                              std::size_t max_bytes = kMaxTextBytes) {
    if (!node.is_string()) return std::nullopt;
    const std::string& text = node.as_string()->get();
    const bool fine = text.size() <= max_bytes && std::all_of(text.begin(), text.end(), [](char c) {
                        return c >= 0x20 && c < 0x7f;
                      });
    return fine ? std::optional(text) : std::nullopt;
  }

  template <std::size_t N>
  void bytes(std::string_view name, FixedBytes<N>& value) {
    require(name);
    const toml::node* node = enter(name);
    if (node == nullptr) return;
    const std::string text = printable(*node).value_or("");
    const auto read = fixed_from_hex<N>(text);
    if (!read || !text.starts_with("0x")) {
      return fail(*node, name, "\"0x\" and " + std::to_string(2 * N) + " hex digits");
    }
    value = *read;
  }

  template <class Each>
  void for_each(const toml::node& node, std::string_view name, const Each& each) {
    const toml::array* array = node.as_array();
    if (array == nullptr || array->size() > kMaxListEntries) {
      return fail(node, name, "an array of at most " + std::to_string(kMaxListEntries));
    }
    for (const toml::node& entry : *array) each(entry);
  }

  void sort_unique(const toml::node& node, std::string_view name,
                   std::vector<std::string>& values) {
    std::sort(values.begin(), values.end());
    if (std::adjacent_find(values.begin(), values.end()) != values.end()) {
      fail(node, name, "each entry once");
    }
  }

  const toml::table* table_;
  std::set<std::string_view> known_;
  std::string path_;
  std::optional<PolicyError> error_;
};

/// What an enabled purpose cannot do without.
void require_identities(Reader& reader, const Policy& policy) {
  const auto need = [&](bool missing, std::string_view setting) {
    if (missing) reader.missing(setting);
  };
  const ConsensusPolicy& consensus = policy.consensus;
  need((consensus.proposals || consensus.votes) && consensus.chain_id.empty(),
       "consensus.chain_id");
  need(policy.checkpoint.enabled && policy.checkpoint.bor_chain_id == 0, "checkpoint.bor_chain_id");
  need(policy.bor_header.enabled && policy.bor_header.chain_id == 0, "bor_header.chain_id");
  need(policy.heimdall_transaction.enabled && policy.heimdall_transaction.chain_id.empty(),
       "heimdall_transaction.chain_id");
  need(policy.root_chain_transaction.enabled && policy.root_chain_transaction.chain_id == 0,
       "root_chain_transaction.chain_id");
}

}  // namespace

std::string describe(const PolicyError& error) {
  return std::to_string(error.line) + ":" + std::to_string(error.column) + ": " + error.setting +
         ": expected " + error.expected + ", found " + error.found;
}

Result<Policy, PolicyError> parse_policy(std::string_view text) {
  if (text.size() > kMaxPolicyBytes) {
    return Failure{PolicyError{0, 0, "file",
                               "at most " + std::to_string(kMaxPolicyBytes) + " bytes",
                               std::to_string(text.size()) + " bytes"}};
  }
  const auto parsed = parse_toml(text);
  if (!parsed.ok()) {
    const TomlFault& at = parsed.error();
    return Failure{
        PolicyError{at.line, at.column, "file", at.is_ascii ? "TOML" : "ASCII", at.found}};
  }
  const toml::table& root = parsed.value();
  Reader reader(root);
  Policy policy;
  std::uint64_t version = 0;
  reader.require("version");
  reader.limit("version", version, kPolicyVersion, kPolicyVersion);
  settings(reader, policy);
  reader.refuse_unknown();
  require_identities(reader, policy);
  if (reader.error()) return Failure{*reader.error()};
  return policy;
}

}  // namespace buri::hsm::rules
