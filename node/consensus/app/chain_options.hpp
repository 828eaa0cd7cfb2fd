#pragma once

#include <string>

#include "node/consensus/modules/stake/module.hpp"
#include "node/protocol/heimdall_forks.hpp"

namespace buri::consensus::app {

/// What never changes while a chain lives.
struct ChainOptions {
  std::string chain_id;
  protocol::HeimdallForks forks;
  modules::stake::GenesisRules genesis_rules = modules::stake::GenesisRules::kWithoutPenultimate;
};

}  // namespace buri::consensus::app
