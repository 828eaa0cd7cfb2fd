#pragma once

#include "node/consensus/api/abci_query.hpp"
#include "node/consensus/api/service_node.hpp"

/// Transactions over REST and gRPC: broadcast, estimates of gas, encoding and decoding, the decoded
/// transactions of a block (the SDK fork's x/auth/tx/service.go). No node of Heimdall indexes
/// transactions, so that a search answers as stock does without an index.

namespace buri::consensus::api {

/// Registers cosmos.tx.v1beta1.Service. Everything given must outlive the router.
void register_tx_service(runtime::QueryRouter& router, ServiceNode& node, const AbciQueries& abci,
                         const runtime::MessageRegistry& registry);

}  // namespace buri::consensus::api
