#pragma once

#include <memory>
#include <string>

#include "base/log.hpp"
#include "node/protocol/endpoints/settings.hpp"
#include "node/protocol/ethereum/chain.hpp"

/// Ethereum as an operator's settings name it.

namespace buri::protocol::ethereum {

/// Connects when first asked. The error, for people, is that the file with authorities cannot be
/// read.
Result<std::unique_ptr<Chain>, std::string> connect(const endpoints::Settings& settings,
                                                    endpoints::World world, Logger logger);

}  // namespace buri::protocol::ethereum
