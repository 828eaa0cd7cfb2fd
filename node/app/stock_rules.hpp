#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "node/app/stock_config.hpp"

/// What becomes of each setting of stock's: data, one list per file. Private to stock_config.cpp.

namespace buri::app {

using StockValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;
/// By path: "p2p.laddr".
using StockSettings = std::map<std::string, StockValue, std::less<>>;

/// Values as stock reads them, whatever their type in the file ("1000" for 1000); nothing for
/// others.
std::optional<bool> as_flag(const StockValue& value);
std::optional<std::int64_t> as_integer(const StockValue& value);
std::optional<std::string> as_word(const StockValue& value);
/// "1m30s".
std::optional<std::chrono::nanoseconds> as_duration(const StockValue& value);
/// A list, or a text with commas.
std::optional<std::vector<std::string>> as_list(const StockValue& value);
/// "tcp://localhost:1317", ":26660", "0.0.0.0:9090".
std::optional<ListenAddress> as_listen(const StockValue& value);

struct StockRule {
  /// The path, or its beginning and '*'.
  std::string_view key;
  /// Sets what burid has for it; returns what was expected if the value is another. Null: burid has
  /// nothing.
  std::function<std::optional<std::string_view>(const StockSettings& all, const StockValue& value,
                                                StockConfig& target)>
      take;
  std::string_view sentence = {};  ///< of a setting that is not taken
  /// The value, as text, with which burid does the same; empty texts and lists are "".
  std::optional<std::string_view> harmless = std::nullopt;
};

const std::vector<StockRule>& stock_comet_rules();  ///< of config.toml
const std::vector<StockRule>& stock_app_rules();    ///< of app.toml

/// Rules for what has one value in both. `field` gives the place in the configuration.
using StockTake = decltype(StockRule::take);
StockTake take_flag(std::function<bool&(Config&)> field);
StockTake take_integer(std::function<std::int64_t&(Config&)> field);
/// Where stock's 0 stands for something else.
StockTake take_integer(std::function<std::int64_t&(Config&)> field, std::int64_t for_zero);
StockTake take_milliseconds(std::function<std::chrono::milliseconds&(Config&)> field);
StockTake take_word(std::function<std::string&(StockConfig&)> field);
StockTake take_list(std::function<std::vector<std::string>&(Config&)> field);
/// An address that is listened on if the flag at `switch_key` says so, or always if that is empty.
StockTake take_listen(std::function<std::optional<ListenAddress>&(Config&)> field,
                      std::string switch_key);
/// Nothing to set: another rule reads it.
StockTake taken_elsewhere();

}  // namespace buri::app
