#include "node/protocol/ethereum/connect.hpp"

#include "node/protocol/json_rpc/http_transport.hpp"

namespace buri::protocol::ethereum {

Result<std::unique_ptr<Chain>, std::string> connect(const endpoints::Settings& settings,
                                                    endpoints::World world, Logger logger) {
  ASSIGN_OR_RETURN(auto transport, json_rpc::HttpTransport::create(
                                       settings.eth_rpc, settings.transport, world.clock));
  json_rpc::ClientOptions options;
  options.times = endpoints::call_times(settings.eth_rpc_timeout, settings.eth_rpc.size());
  options.chain_id = settings.eth_chain_id;
  options.limits.max_bytes = settings.transport.max_response_bytes;
  return std::make_unique<Chain>(std::make_unique<json_rpc::Client>(
      std::move(transport), options, std::move(world), std::move(logger)));
}

}  // namespace buri::protocol::ethereum
