#include "node/app/api_servers.hpp"

#include "node/app/tx_checks.hpp"

namespace buri::app {
namespace {

using namespace consensus;

/// Submits where the application works, as everything does that asks it.
api::LiveNode live_node(const ApiServices& services) {
  api::LiveNode live;
  live.node_info = services.node_info;
  live.is_catching_up = services.is_catching_up;
  live.peer_count = services.peer_count;
  live.own_address = services.own_address;
  live.add_tx = [pool = services.transactions, worker = services.worker](
                    Bytes tx, std::function<void(TxVerdict)> done) {
    submit_tx(*worker, *pool, std::move(tx), std::move(done));
  };
  return live;
}

}  // namespace

ApiServers::ApiServers(ApiServices services, const ApiSettings& settings)
    : services_(std::move(services)),
      signatures_(*services_.crypto),
      ante_(services_.application->modules().registry(), signatures_),
      runner_(services_.application->modules().registry(), ante_),
      node_(*services_.blocks, *services_.states, live_node(services_)),
      api_(api::HeimdallApiParts{.modules = &services_.application->modules(),
                                 .chain = &services_.chain,
                                 .stores = services_.stores,
                                 .runner = &runner_,
                                 .node = &node_,
                                 .names = settings.names,
                                 .reporter = services_.reporter}),
      chain_view_(*services_.blocks, *services_.states, services_.genesis_params),
      live_view_(services_, api_.abci()),
      rpc_service_(
          {chain_view_, live_view_, *services_.events, *services_.crypto,
           [loop = services_.loop](std::chrono::nanoseconds delay, std::function<void()> work) {
             loop->after(delay, std::move(work));
           }},
          settings.rpc_methods, system_clock()) {
  consensus::app::ModuleSet::extend(ante_);
}

Result<std::unique_ptr<ApiServers>, std::string> ApiServers::start(const ApiSettings& settings,
                                                                   ApiServices services,
                                                                   const Logger& logger) {
  std::unique_ptr<ApiServers> made(new ApiServers(std::move(services), settings));
  if (settings.rest) {
    ASSIGN_OR_RETURN(made->rest_,
                     api::HttpServer::start(*settings.rest, made->api_.rest(), {}, logger));
  }
  if (settings.rpc) {
    api::WebSocketAcceptor accept = [service = &made->rpc_service_](
                                        const api::HttpRequest& request,
                                        std::shared_ptr<api::WebSocketChannel> channel) {
      return service->accept(request, std::move(channel));
    };
    ASSIGN_OR_RETURN(made->rpc_, api::HttpServer::start(*settings.rpc, made->rpc_service_,
                                                        std::move(accept), logger));
  }
  if (settings.grpc) {
    ASSIGN_OR_RETURN(made->grpc_, api::GrpcServer::start(*settings.grpc, made->api_.queries()));
  }
  return made;
}

}  // namespace buri::app
