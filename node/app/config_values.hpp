#pragma once

#include <string>
#include <string_view>

#include "node/app/config.hpp"
#include "node/app/config_fields.hpp"

/// Texts that settings hold and what is behind them. Private to config_fields.cpp and its
/// neighbours.

namespace buri::app {

ConfigTextRule any_text();
ConfigTextRule path_text();              ///< a path, not empty
ConfigTextRule optional_path_text();     ///< a path, or nothing
ConfigTextRule listen_text();            ///< HOST:PORT with a numeric host, or nothing
ConfigTextRule external_address_text();  ///< HOST:PORT, or nothing
ConfigTextRule peer_text();              ///< ID@HOST:PORT
ConfigTextRule node_id_text();
ConfigTextRule public_key_text();  ///< 04 and 128 hex digits, or nothing
ConfigTextRule url_text();         ///< http:// or https://
ConfigTextRule grpc_address_text();
ConfigTextRule log_level_text();
ConfigTextRule metrics_name_text();

std::string_view log_level_name(LogLevel level);

}  // namespace buri::app
