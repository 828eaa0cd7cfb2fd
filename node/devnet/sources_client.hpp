#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "node/devnet/root_chain_checkpoints.hpp"
#include "node/protocol/json_rpc/http_transport.hpp"

namespace buri::devnet {

/// What the stand-in for Ethereum has, by its own word.
struct RootChainView {
  std::uint64_t validators = 0;  ///< in the network's genesis
  std::uint64_t final_block = 0;
  std::vector<ScriptedCheckpoint> checkpoints;
};

/// Asks the stand-ins for Ethereum and Bor. Used by one thread. Errors are words on why there is no
/// answer.
class SourcesClient {
 public:
  /// Of 127.0.0.1.
  explicit SourcesClient(std::uint16_t port);

  [[nodiscard]] Result<RootChainView, std::string> root_chain() const;
  /// The root of a checkpoint over these blocks of Bor.
  [[nodiscard]] Result<Hash256, std::string> bor_root(std::uint64_t first,
                                                      std::uint64_t last) const;

 private:
  const std::uint16_t port_;
  std::unique_ptr<protocol::json_rpc::HttpTransport> bor_;
};

}  // namespace buri::devnet
