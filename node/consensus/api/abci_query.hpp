#pragma once

#include <string>

#include "node/consensus/api/rpc_json.hpp"
#include "node/consensus/api/simulation.hpp"
#include "node/consensus/api/state_queries.hpp"
#include "node/consensus/app/tx_runner.hpp"

/// What /abci_query of the RPC asks the application (the SDK fork's baseapp/abci.go): stores with
/// proofs, gRPC methods, /app/simulate and /app/version, /p2p/filter. The stock CLI lives on it.

namespace buri::consensus::api {

/// A question, as ABCI's RequestQuery.
struct AbciQuery {
  std::string path;
  Bytes data;
  std::int64_t height = 0;  ///< 0: the newest
  bool prove = false;
};

/// How much one "/subspace" answer may hold; more is refused.
inline constexpr std::size_t kMaxSubspaceBytes = std::size_t{16} << 20;

/// Thread-safe. `queries`, `runner` and `registry` must outlive it.
class AbciQueries {
 public:
  /// `registry` writes what Anys hold; `version` is what /app/version says.
  AbciQueries(const StateQueries& queries, const app::TxRunner& runner,
              const runtime::MessageRegistry& registry, std::string version)
      : queries_(&queries),
        runner_(&runner),
        anys_(response_json(registry)),
        version_(std::move(version)) {}

  /// Always an answer; refusals are codes in it.
  [[nodiscard]] AbciQueryAnswer answer(const AbciQuery& query) const;

  /// An estimate of a transaction's gas over the newest committed state: its writes are dropped.
  /// A refused transaction is a result with its code. Errors: there is no state yet.
  [[nodiscard]] runtime::Outcome<app::TxResult> simulate(ByteView raw) const;

 private:
  [[nodiscard]] AbciQueryAnswer method(const AbciQuery& query, std::int64_t height) const;
  [[nodiscard]] AbciQueryAnswer application(const std::vector<std::string>& path,
                                            const AbciQuery& query, std::int64_t height) const;
  [[nodiscard]] AbciQueryAnswer store(const std::vector<std::string>& path, const AbciQuery& query,
                                      std::int64_t height) const;
  [[nodiscard]] AbciQueryAnswer key(std::size_t store, const AbciQuery& query,
                                    std::int64_t height) const;
  [[nodiscard]] AbciQueryAnswer subspace(std::size_t store, const AbciQuery& query,
                                         std::int64_t height) const;

  const StateQueries* queries_;
  const app::TxRunner* runner_;
  codec::AnyJson anys_;
  std::string version_;
};

}  // namespace buri::consensus::api
