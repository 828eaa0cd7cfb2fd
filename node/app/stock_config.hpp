#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "node/app/config.hpp"

/// The settings of a heimdalld (v0.10.0; CometBFT v0.3.8-polygon) as those of burid.

namespace buri::app {

/// A setting of stock's that burid does not have.
struct StockRemark {
  std::string setting;   ///< "app.toml: custom.amqp_url"; values may be secrets and are not told
  std::string sentence;  ///< why, or what to do instead
  /// Whether it is set to something that burid does not do; false where burid does that anyway.
  bool matters = false;

  friend bool operator==(const StockRemark&, const StockRemark&) = default;
};

/// Paths as stock's settings have them: relative to its home unless they begin with '/'.
struct StockFiles {
  std::string genesis = "config/genesis.json";
  std::string node_key = "config/node_key.json";
  std::string address_book = "config/addrbook.json";
  std::string validator_key = "config/priv_validator_key.json";
  std::string sign_state = "data/priv_validator_state.json";
};

/// What both files of stock come to.
struct StockConfig {
  Config config;  ///< without a signer; paths are burid's defaults
  StockFiles files;
  std::size_t taken = 0;             ///< settings that stand in `config` now
  std::vector<StockRemark> remarks;  ///< those that matter first, else in the order of the files
};

/// Reads the texts of config/config.toml and config/app.toml. What they do not set has stock's
/// defaults, which are burid's. The error is a sentence that names file and setting, never a value.
Result<StockConfig, std::string> read_stock_config(std::string_view config_toml,
                                                   std::string_view app_toml);

}  // namespace buri::app
