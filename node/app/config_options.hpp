#pragma once

#include <string>

#include "accel/engine_options.hpp"
#include "base/result.hpp"
#include "node/app/config.hpp"
#include "node/consensus/engine/machine.hpp"
#include "node/consensus/engine/wal.hpp"
#include "node/consensus/p2p/live_network.hpp"
#include "node/protocol/endpoints/settings.hpp"
#include "node/storage/rocks_database.hpp"

/// What the rooms are told, from what the operator wrote. A configuration that was read cannot fail
/// here; one that a program made up aborts where it breaks a rule of config_fields.cpp.

namespace buri::app {

/// Without a validator, which follows from the signer.
consensus::engine::MachineOptions machine_options(const ConsensusConfig& config);
consensus::engine::WalOptions log_options(const ConsensusConfig& config);
/// Without channels and address book.
consensus::p2p::NetworkOptions network_options(const P2pConfig& config);
/// Errors: a token that would leave this machine in plain text, in one sentence.
Result<protocol::endpoints::Settings, std::string> endpoint_settings(const EndpointsConfig& config);
storage::RocksOptions database_options(const StorageConfig& config, std::string folder);
accel::EngineOptions engine_options(const AccelConfig& config);

}  // namespace buri::app
