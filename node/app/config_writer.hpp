#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "node/app/config.hpp"

/// A configuration as text.

namespace buri::app {

/// A commented config.toml that parse_config() reads back to the same values. It holds what may be
/// secret: fit for a file of mode 0640.
std::string config_toml(const Config& config);

/// Sections of settings. Values that may be secret are replaced by "(hidden)" unless they are the
/// defaults.
boost::json::object config_json(const Config& config);

}  // namespace buri::app
