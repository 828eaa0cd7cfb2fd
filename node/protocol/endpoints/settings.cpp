#include "node/protocol/endpoints/settings.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "base/toml.hpp"

namespace buri::protocol::endpoints {
namespace {

constexpr std::string_view kEthDefault = "http://localhost:9545";
constexpr std::string_view kBorDefault = "http://localhost:8545";
constexpr std::string_view kBorGrpcDefault = "localhost:3131";
constexpr std::int64_t kMinResponseBytes = 1 << 16;
constexpr std::int64_t kMaxResponseBytes = std::int64_t{1} << 30;
constexpr std::size_t kMaxBudgetedEndpoints = 3;

/// Typed reading of one table; the first error stays.
class Table {
 public:
  Table(const toml::table* table, std::string name, std::string& error)
      : table_(table), name_(std::move(name)), error_(error) {}

  /// The text under `key`; `otherwise` if it is missing or empty, as heimdalld takes it.
  std::string text(std::string_view key, std::string_view otherwise) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::string(otherwise);
    const auto value = node->value_exact<std::string>();
    if (!value) fail(key, "expected a text");
    return value && !value->empty() ? *value : std::string(otherwise);
  }
  /// A boolean, or the text of one: heimdalld's template writes "false" in quotes.
  bool flag(std::string_view key, bool otherwise) {
    const toml::node* node = find(key);
    if (node == nullptr) return otherwise;
    if (const auto value = node->value_exact<bool>()) return *value;
    const auto text = node->value_exact<std::string>();
    if (text != "true" && text != "false") fail(key, "expected true or false");
    return text == "true";
  }
  std::chrono::nanoseconds duration(std::string_view key, std::chrono::nanoseconds otherwise) {
    const std::string written = text(key, "");
    if (written.empty()) return otherwise;
    const auto value = parse_duration(written);
    if (!value) fail(key, "expected a duration like \"1s\"");
    return value && value->count() > 0 ? *value : otherwise;
  }
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t lowest,
                                      std::int64_t highest) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<std::int64_t>();
    if (value && lowest <= *value && *value <= highest) return value;
    fail(key,
         "expected an integer from " + std::to_string(lowest) + " to " + std::to_string(highest));
    return std::nullopt;
  }
  /// Each part of a comma-separated list through `parse`.
  template <class Item, class Parse>
  std::vector<Item> list(std::string_view key, std::string_view otherwise, Parse parse) {
    std::vector<Item> items;
    for (const std::string& part : split_list(text(key, otherwise))) {
      auto item = parse(part);
      if (!item.ok()) {
        fail(key, describe(item.error()));
        return {};
      }
      items.push_back(std::move(item).value());
    }
    if (items.empty()) fail(key, "expected at least one address");
    return items;
  }
  void refuse_others(std::initializer_list<std::string_view> known) {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
      if (std::ranges::find(known, key.str()) == known.end()) fail(key.str(), "unknown key");
    }
  }
  void fail(std::string_view key, std::string_view what) {
    if (!error_.empty()) return;
    const toml::node* node = find(key);
    const auto line = node != nullptr ? node->source().begin.line : 0;
    error_ = "line " + std::to_string(line) + ": " + name_ + "." + std::string(key) + ": " +
             std::string(what);
  }

 private:
  const toml::node* find(std::string_view key) const {
    return table_ == nullptr ? nullptr : table_->get(key);
  }

  const toml::table* table_;
  const std::string name_;
  std::string& error_;
};

void read_custom(Table& custom, Settings& settings) {
  settings.eth_rpc = custom.list<Url>("eth_rpc_url", kEthDefault, parse_url);
  settings.eth_rpc_timeout = custom.duration("eth_rpc_timeout", settings.eth_rpc_timeout);
  settings.bor_rpc = custom.list<Url>("bor_rpc_url", kBorDefault, parse_url);
  settings.bor_rpc_timeout = std::min<std::chrono::nanoseconds>(
      custom.duration("bor_rpc_timeout", settings.bor_rpc_timeout), kMaxBorRpcTimeout);
  settings.bor_grpc_token = custom.text("bor_grpc_token", "");
  settings.bor_grpc_flag = custom.flag("bor_grpc_flag", false);
  if (!settings.bor_grpc_flag) return;
  const bool has_token = !settings.bor_grpc_token.empty();
  settings.bor_grpc = custom.list<GrpcAddress>(
      "bor_grpc_url", kBorGrpcDefault,
      [has_token](const std::string& text) { return parse_grpc_address(text, has_token); });
}

void read_endpoints(Table& own, Settings& settings) {
  own.refuse_others({"eth_chain_id", "max_response_bytes", "tls_authority_file", "tls_verify"});
  if (const auto id = own.integer("eth_chain_id", 1, INT64_MAX)) {
    settings.eth_chain_id = static_cast<std::uint64_t>(*id);
  }
  if (const auto bytes = own.integer("max_response_bytes", kMinResponseBytes, kMaxResponseBytes)) {
    settings.transport.max_response_bytes = static_cast<std::uint64_t>(*bytes);
  }
  settings.transport.tls_authority_file = own.text("tls_authority_file", "");
  settings.transport.tls_verify = own.flag("tls_verify", true);
}

struct DurationUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// Longer names first, so that "ms" is not read as "m".
constexpr std::array<DurationUnit, 6> kUnits{{{"ns", 1},
                                              {"us", 1'000},
                                              {"ms", 1'000'000},
                                              {"s", 1'000'000'000},
                                              {"m", 60'000'000'000},
                                              {"h", 3'600'000'000'000}}};

/// Takes "12.5ms" off the front of `text`; nothing if no such part stands there.
std::optional<std::int64_t> take_part(std::string_view& text) {
  constexpr std::int64_t kMaxWhole = INT64_MAX / 3'600'000'000'000 - 1;
  std::int64_t whole = 0;
  std::int64_t fraction = 0;
  std::int64_t scale = 1;
  std::size_t digits = 0;
  bool is_fraction = false;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (c == '.' && !is_fraction) {
      is_fraction = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    ++digits;
    if (!is_fraction) {
      whole = whole * 10 + (c - '0');
      if (whole > 9'000'000'000'000'000) return std::nullopt;
    } else if (scale < 1'000'000) {
      fraction = fraction * 10 + (c - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  for (const auto& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    if (whole > kMaxWhole * (3'600'000'000'000 / unit.nanoseconds)) return std::nullopt;
    return whole * unit.nanoseconds + fraction * (unit.nanoseconds / scale) +
           fraction * (unit.nanoseconds % scale) / scale;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part || *part > INT64_MAX - total) return std::nullopt;
    total += *part;
  }
  return std::chrono::nanoseconds(total);
}

CallTimes call_times(std::chrono::nanoseconds timeout, std::size_t count) {
  CallTimes times;
  times.attempt = timeout;
  times.whole =
      timeout * static_cast<std::int64_t>(std::clamp<std::size_t>(count, 1, kMaxBudgetedEndpoints));
  return times;
}

Result<Settings, std::string> read_settings(std::string_view toml) {
  const auto document = parse_toml(toml);
  if (!document.ok()) {
    // What was found may be a secret, so it is left out.
    const TomlFault& place = document.error();
    return Failure{"line " + std::to_string(place.line) +
                   (place.is_ascii ? ": no valid TOML" : ": expected ASCII")};
  }
  Settings settings;
  std::string error;
  for (const std::string_view name : {"custom", "endpoints"}) {
    const toml::node* node = document->get(name);
    if (node == nullptr || node->is_table()) continue;
    return Failure{"line " + std::to_string(node->source().begin.line) + ": " + std::string(name) +
                   ": expected a table"};
  }
  Table custom(document.value()["custom"].as_table(), "custom", error);
  Table own(document.value()["endpoints"].as_table(), "endpoints", error);
  read_custom(custom, settings);
  read_endpoints(own, settings);
  if (!error.empty()) return Failure{std::move(error)};
  return settings;
}

}  // namespace buri::protocol::endpoints
