#pragma once

#include <memory>

#include "node/protocol/bor_chain.hpp"
#include "node/protocol/json_rpc/client.hpp"

/// Bor over its JSON-RPC.

namespace buri::protocol::bor {

/// kMissing: Bor says null or an error that is not its fault. kUnavailable: no endpoint gave a
/// sound answer in time. Thread-safe.
class JsonRpcChain final : public BorChain {
 public:
  explicit JsonRpcChain(std::unique_ptr<json_rpc::Client> client) : client_(std::move(client)) {}

  Result<BorBlock, FactError> head() override;
  Result<BorBlock, FactError> block(std::uint64_t number) override;
  Result<Address, FactError> author(std::uint64_t number) override;
  /// One batch of headers, total difficulties and authors, as heimdalld asks it.
  Result<std::vector<BorBlockInfo>, FactError> blocks(std::uint64_t first,
                                                      std::uint64_t last) override;
  Result<Hash256, FactError> root_hash(std::uint64_t first, std::uint64_t last) override;

 private:
  template <class T, class Read>
  Result<T, FactError> ask(std::string_view method, std::string params, Read read);

  std::unique_ptr<json_rpc::Client> client_;
};

}  // namespace buri::protocol::bor
