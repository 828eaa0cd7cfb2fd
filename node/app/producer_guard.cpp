#include "node/app/producer_guard.hpp"

#include <fmt/format.h>

#include "base/hex.hpp"

namespace buri::app {

Status<std::string> check_own_bor(const protocol::endpoints::Settings& endpoints,
                                  const consensus::app::Application& application,
                                  const Address& validator) {
  if (!endpoints.has_bor_failover()) return Unit{};
  const auto id = application.producer_id(validator);
  if (!id.ok()) {
    return Failure{
        "several endpoints of Bor are configured, and whether this validator produces Bor's "
        "blocks cannot be told: " +
        id.error().log + "; configure one endpoint of Bor, this validator's own"};
  }
  if (!*id) return Unit{};
  const bool by_grpc = endpoints.bor_grpc_flag && endpoints.bor_grpc.size() > 1;
  return Failure{
      fmt::format("endpoints.{}: expected one endpoint, because validator {} (0x{}) produces Bor's "
                  "blocks or may come to and has to vote on the chain that it builds, found {}; "
                  "name this validator's own Bor alone",
                  by_grpc ? "bor_grpc_urls" : "bor_rpc_urls", **id, to_hex(validator),
                  by_grpc ? endpoints.bor_grpc.size() : endpoints.bor_rpc.size())};
}

}  // namespace buri::app
