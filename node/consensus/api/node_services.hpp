#pragma once

#include "node/consensus/api/abci_query.hpp"
#include "node/consensus/api/service_node.hpp"

/// The services of the node itself: blocks, validator sets, node info, /abci_query over REST and
/// gRPC, the node's configuration, and the parameter subspaces that are left empty (the SDK fork's
/// client/grpc/cmtservice, client/grpc/node, x/params).

namespace buri::consensus::api {

/// Registers cosmos.base.tendermint.v1beta1.Service, cosmos.base.node.v1beta1.Service and
/// cosmos.params.v1beta1.Query. Everything given must outlive the router.
void register_node_services(runtime::QueryRouter& router, const ServiceNode& node,
                            const ServiceNames& names, const AbciQueries& abci);

/// The block of a height as the RPC finds it. Errors: kUnknown with the RPC's sentence.
runtime::QueryResult<ServiceBlock> block_at(const ServiceNode& node, std::int64_t height);

}  // namespace buri::consensus::api
