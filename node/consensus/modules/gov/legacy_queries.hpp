#pragma once

#include "node/consensus/runtime/query_router.hpp"

namespace buri::consensus::modules::gov {

/// Registers cosmos.gov.v1beta1.Query, whose answers are those of v1 in their old form (the SDK
/// fork's x/gov/keeper/grpc_query.go and x/gov/migrations/v3/convert.go). REQUIRES: v1's methods
/// are registered in the same router, which outlives the calls.
void register_legacy_queries(runtime::QueryRouter& router);

}  // namespace buri::consensus::modules::gov
