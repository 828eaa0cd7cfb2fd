#pragma once

#include <memory>

#include "node/app/api_services.hpp"
#include "node/app/api_settings.hpp"
#include "node/app/rpc_views.hpp"
#include "node/consensus/api/grpc_server.hpp"
#include "node/consensus/api/heimdall_api.hpp"
#include "node/consensus/api/http_server.hpp"
#include "node/consensus/api/rpc_service.hpp"
#include "node/consensus/api/stored_service_node.hpp"

/// REST, gRPC and RPC of a running node.

namespace buri::app {

/// Serves from its making to its end.
class ApiServers {
 public:
  /// The error is a sentence.
  static Result<std::unique_ptr<ApiServers>, std::string> start(const ApiSettings& settings,
                                                                ApiServices services,
                                                                const Logger& logger);
  [[nodiscard]] consensus::api::HeimdallApi& api() { return api_; }
  /// 0 where it is not served.
  [[nodiscard]] std::uint16_t rest_port() const { return rest_ ? rest_->port() : std::uint16_t{0}; }
  [[nodiscard]] std::uint16_t grpc_port() const { return grpc_ ? grpc_->port() : std::uint16_t{0}; }
  [[nodiscard]] std::uint16_t rpc_port() const { return rpc_ ? rpc_->port() : std::uint16_t{0}; }

 private:
  ApiServers(ApiServices services, const ApiSettings& settings);

  ApiServices services_;
  consensus::tx::SignatureMemory signatures_;  ///< of estimates alone, which check none
  consensus::app::AnteChain ante_;
  consensus::app::TxRunner runner_;
  consensus::api::StoredServiceNode node_;
  consensus::api::HeimdallApi api_;
  StoredView chain_view_;
  LiveView live_view_;
  consensus::api::RpcService rpc_service_;
  std::unique_ptr<consensus::api::HttpServer> rest_;
  std::unique_ptr<consensus::api::HttpServer> rpc_;
  std::unique_ptr<consensus::api::GrpcServer> grpc_;
};

}  // namespace buri::app
