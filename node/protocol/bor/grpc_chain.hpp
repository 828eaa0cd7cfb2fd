#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "node/protocol/bor_chain.hpp"
#include "node/protocol/endpoints/caller.hpp"
#include "node/protocol/endpoints/settings.hpp"

/// Bor over its gRPC service (bor.BorApi): the one adapter around gRPC, whose types and statuses
/// stop here.

namespace buri::protocol::bor {

struct GrpcOptions {
  endpoints::CallTimes times;
  endpoints::Transport transport;
  std::string token;  ///< sent as "authorization: Bearer TOKEN"; empty: none
};

/// Before an endpoint is used, and again after it failed, it must have the genesis block of the
/// first endpoint of the list (the service tells no chain id), and the hash of its newest block's
/// parent, computed from its fields, must be the one that the newest block names: servers older
/// than the whole header leave fields out.
///
/// kMissing: Bor says that it has no such thing, or refuses the question. kUnavailable: no endpoint
/// gave a sound answer in time. Thread-safe.
class GrpcChain final : public BorChain {
 public:
  /// Connects when first asked. The error, for people, is about TLS: a file with authorities that
  /// cannot be read, or servers that shall not be verified, which gRPC does not offer.
  /// REQUIRES: addresses is not empty.
  static Result<std::unique_ptr<GrpcChain>, std::string> create(
      const std::vector<endpoints::GrpcAddress>& addresses, const GrpcOptions& options,
      endpoints::World world, Logger logger);
  ~GrpcChain() override;

  Result<BorBlock, FactError> head() override;
  Result<BorBlock, FactError> block(std::uint64_t number) override;
  Result<Address, FactError> author(std::uint64_t number) override;
  Result<std::vector<BorBlockInfo>, FactError> blocks(std::uint64_t first,
                                                      std::uint64_t last) override;
  Result<Hash256, FactError> root_hash(std::uint64_t first, std::uint64_t last) override;

 private:
  struct State;
  explicit GrpcChain(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace buri::protocol::bor
