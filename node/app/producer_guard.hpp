#pragma once

#include <string>

#include "node/consensus/app/application.hpp"
#include "node/protocol/endpoints/settings.hpp"

/// A check at the start of a node that heimdalld makes as well.

namespace buri::app {

/// Refuses several Bor endpoints to a validator that produces Bor's blocks or may come to: its
/// votes have to speak of the chain that it builds, not of whichever Bor answers. The error is a
/// sentence. REQUIRES: the application has its genesis (0xPolygon/heimdall-v2 v0.10.0,
/// app/bor_failover_guard.go).
Status<std::string> check_own_bor(const protocol::endpoints::Settings& endpoints,
                                  const consensus::app::Application& application,
                                  const Address& validator);

}  // namespace buri::app
