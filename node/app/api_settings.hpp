#pragma once

#include <optional>

#include "node/consensus/api/event_bus.hpp"
#include "node/consensus/api/grpc_server.hpp"
#include "node/consensus/api/http_server.hpp"
#include "node/consensus/api/rpc_methods.hpp"
#include "node/consensus/api/service_node.hpp"

namespace buri::app {

/// Which of REST, gRPC and RPC are served, and where.
struct ApiSettings {
  std::optional<consensus::api::HttpServerOptions> rest;
  std::optional<consensus::api::GrpcServerOptions> grpc;
  std::optional<consensus::api::HttpServerOptions> rpc;
  consensus::api::RpcOptions rpc_methods;
  consensus::api::EventBusLimits events;
  consensus::api::ServiceNames names;
};

}  // namespace buri::app
