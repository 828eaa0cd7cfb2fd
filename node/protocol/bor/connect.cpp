#include "node/protocol/bor/connect.hpp"

#include "node/protocol/bor/grpc_chain.hpp"
#include "node/protocol/bor/json_rpc_chain.hpp"
#include "node/protocol/json_rpc/http_transport.hpp"

namespace buri::protocol::bor {

Result<std::unique_ptr<BorChain>, std::string> connect(const endpoints::Settings& settings,
                                                       std::optional<std::uint64_t> chain_id,
                                                       endpoints::World world, Logger logger) {
  const std::size_t count =
      settings.bor_grpc_flag ? settings.bor_grpc.size() : settings.bor_rpc.size();
  const auto times = endpoints::call_times(settings.bor_rpc_timeout, count);
  if (settings.bor_grpc_flag) {
    GrpcOptions options{times, settings.transport, settings.bor_grpc_token};
    ASSIGN_OR_RETURN(auto chain, GrpcChain::create(settings.bor_grpc, options, std::move(world),
                                                   std::move(logger)));
    return std::unique_ptr<BorChain>(std::move(chain));
  }
  ASSIGN_OR_RETURN(auto transport, json_rpc::HttpTransport::create(
                                       settings.bor_rpc, settings.transport, world.clock));
  json_rpc::ClientOptions options;
  options.times = times;
  options.chain_id = chain_id;
  options.limits.max_bytes = settings.transport.max_response_bytes;
  return std::unique_ptr<BorChain>(
      std::make_unique<JsonRpcChain>(std::make_unique<json_rpc::Client>(
          std::move(transport), options, std::move(world), std::move(logger))));
}

}  // namespace buri::protocol::bor
