#pragma once

#include "base/clock.hpp"
#include "node/consensus/api/abci_query.hpp"
#include "node/consensus/api/rest_gateway.hpp"
#include "node/consensus/api/service_node.hpp"
#include "node/consensus/app/module_set.hpp"

/// Everything that a Heimdall node answers apart from CometBFT's RPC, put together: the modules'
/// queries, the node's services, the REST gateway over both with the pages /status, /health and
/// /version, and what /abci_query of the RPC asks.

namespace buri::consensus::api {

/// What the answers rest on. All must outlive the api.
struct HeimdallApiParts {
  const app::ModuleSet* modules = nullptr;
  const app::ChainOptions* chain = nullptr;
  iavl::Multistore* stores = nullptr;
  const app::TxRunner* runner = nullptr;  ///< for estimates of gas
  ServiceNode* node = nullptr;
  ServiceNames names;
  const Clock* clock = nullptr;  ///< for the timestamp of /health; null: the machine's
  app::Reporter reporter{};      ///< hears of every query
};

/// Thread-safe. Not movable: its parts point into each other.
class HeimdallApi {
 public:
  explicit HeimdallApi(HeimdallApiParts parts);
  HeimdallApi(const HeimdallApi&) = delete;
  HeimdallApi& operator=(const HeimdallApi&) = delete;

  [[nodiscard]] const StateQueries& queries() const { return queries_; }
  [[nodiscard]] const AbciQueries& abci() const { return abci_; }
  /// For an HttpServer on port 1317, and for gRPC on 9090.
  [[nodiscard]] RestGateway& rest() { return rest_; }

 private:
  [[nodiscard]] HttpResponse status_page() const;
  [[nodiscard]] HttpResponse health_page() const;
  [[nodiscard]] HttpResponse version_page() const;

  HeimdallApiParts parts_;
  runtime::QueryRouter services_;
  StateQueries queries_;
  AbciQueries abci_;
  RestGateway rest_;
};

}  // namespace buri::consensus::api
