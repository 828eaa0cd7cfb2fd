#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "node/protocol/bor_chain.hpp"
#include "node/protocol/endpoints/settings.hpp"

/// Bor as an operator's settings name it.

namespace buri::protocol::bor {

/// gRPC if `bor_grpc_flag` is set, for every question, else JSON-RPC. `chain_id` is the Bor chain
/// id of the module chainmanager, where it is known; without it the first endpoint that answers
/// tells it. Connects when first asked. The error, for people, is about TLS.
Result<std::unique_ptr<BorChain>, std::string> connect(const endpoints::Settings& settings,
                                                       std::optional<std::uint64_t> chain_id,
                                                       endpoints::World world, Logger logger);

}  // namespace buri::protocol::bor
