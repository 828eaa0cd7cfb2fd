#include <algorithm>
#include <charconv>
#include <utility>

#include "node/app/stock_rules.hpp"
#include "node/protocol/endpoints/settings.hpp"

namespace buri::app {

using std::chrono::milliseconds;

std::optional<bool> as_flag(const StockValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && *text == "true") return true;
  if (text != nullptr && *text == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> as_integer(const StockValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const char* end = text->data() + text->size();
  const auto [last, fault] = std::from_chars(text->data(), end, number);
  if (fault != std::errc() || last != end) return std::nullopt;
  return number;
}

std::optional<std::string> as_word(const StockValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  const auto& list = std::get<std::vector<std::string>>(value);
  std::string all;
  for (const std::string& one : list) all += (all.empty() ? "" : ",") + one;
  return all;
}

std::optional<std::chrono::nanoseconds> as_duration(const StockValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  return protocol::endpoints::parse_duration(*text);
}

std::optional<std::vector<std::string>> as_list(const StockValue& value) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return *list;
  if (const auto* text = std::get_if<std::string>(&value)) {
    return protocol::endpoints::split_list(*text);
  }
  return std::nullopt;
}

std::optional<ListenAddress> as_listen(const StockValue& value) {
  constexpr std::string_view kScheme = "tcp://";
  constexpr std::string_view kLocal = "localhost:";
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  std::string address = text->starts_with(kScheme) ? text->substr(kScheme.size()) : *text;
  if (address.starts_with(':')) address = "0.0.0.0" + address;
  if (address.starts_with(kLocal)) address = "127.0.0.1:" + address.substr(kLocal.size());
  return ListenAddress::from_text(address);
}

StockTake take_flag(std::function<bool&(Config&)> field) {
  return [field = std::move(field)](const StockSettings&, const StockValue& value,
                                    StockConfig& target) -> std::optional<std::string_view> {
    const auto flag = as_flag(value);
    if (!flag) return "true or false";
    field(target.config) = *flag;
    return std::nullopt;
  };
}

StockTake take_integer(std::function<std::int64_t&(Config&)> field) {
  return [field = std::move(field)](const StockSettings&, const StockValue& value,
                                    StockConfig& target) -> std::optional<std::string_view> {
    const auto number = as_integer(value);
    if (!number) return "an integer";
    field(target.config) = *number;
    return std::nullopt;
  };
}

StockTake take_integer(std::function<std::int64_t&(Config&)> field, std::int64_t for_zero) {
  return
      [field = std::move(field), for_zero](const StockSettings&, const StockValue& value,
                                           StockConfig& target) -> std::optional<std::string_view> {
        const auto number = as_integer(value);
        if (!number) return "an integer";
        field(target.config) = *number == 0 ? for_zero : *number;
        return std::nullopt;
      };
}

StockTake take_milliseconds(std::function<milliseconds&(Config&)> field) {
  return [field = std::move(field)](const StockSettings&, const StockValue& value,
                                    StockConfig& target) -> std::optional<std::string_view> {
    const auto time = as_duration(value);
    if (!time) return "a duration such as \"1s\"";
    field(target.config) = std::chrono::ceil<milliseconds>(*time);
    return std::nullopt;
  };
}

StockTake take_word(std::function<std::string&(StockConfig&)> field) {
  return [field = std::move(field)](const StockSettings&, const StockValue& value,
                                    StockConfig& target) -> std::optional<std::string_view> {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return "a text";
    if (!text->empty()) field(target) = *text;
    return std::nullopt;
  };
}

StockTake take_list(std::function<std::vector<std::string>&(Config&)> field) {
  return [field = std::move(field)](const StockSettings&, const StockValue& value,
                                    StockConfig& target) -> std::optional<std::string_view> {
    auto list = as_list(value);
    if (!list) return "a list, or a text with commas";
    field(target.config) = *std::move(list);
    return std::nullopt;
  };
}

StockTake take_listen(std::function<std::optional<ListenAddress>&(Config&)> field,
                      std::string switch_key) {
  return [field = std::move(field), switch_key = std::move(switch_key)](
             const StockSettings& all, const StockValue& value,
             StockConfig& target) -> std::optional<std::string_view> {
    const auto found = all.find(switch_key);
    const bool is_on =
        switch_key.empty() || (found != all.end() && as_flag(found->second).value_or(false));
    const auto* text = std::get_if<std::string>(&value);
    if (!is_on || (text != nullptr && text->empty())) {
      field(target.config) = std::nullopt;
      return std::nullopt;
    }
    const auto address = as_listen(value);
    if (!address) return "HOST:PORT with a numeric host, or localhost";
    field(target.config) = *address;
    return std::nullopt;
  };
}

StockTake taken_elsewhere() {
  return [](const StockSettings&, const StockValue&, StockConfig&) {
    return std::optional<std::string_view>();
  };
}

}  // namespace buri::app
