#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/app/tx_runner.hpp"
#include "node/consensus/engine/types.hpp"
#include "node/consensus/engine/validator.hpp"
#include "node/consensus/p2p/node_info.hpp"

/// What REST and gRPC ask of the node beside the application's state.

namespace buri::consensus::api {

/// A stored block as it was decided.
struct ServiceBlock {
  engine::BlockId id;
  engine::Header header;
  Bytes encoded;  ///< tendermint.types.Block
};

/// This node's own key among the validators.
struct OwnValidator {
  Address address;
  std::int64_t power = 0;  ///< 0: it is none
};

/// Thread-safe.
class ServiceNode {
 public:
  virtual ~ServiceNode() = default;

  /// The heights whose blocks are kept; both 0 before the first.
  [[nodiscard]] virtual std::int64_t base() const = 0;
  [[nodiscard]] virtual std::int64_t height() const = 0;
  /// Nothing for a height that is not kept.
  [[nodiscard]] virtual std::optional<ServiceBlock> block(std::int64_t height) const = 0;
  /// The same without the block's content.
  [[nodiscard]] virtual std::optional<engine::Header> header(std::int64_t height) const = 0;
  /// The set that decides a height, in its order.
  [[nodiscard]] virtual std::optional<std::vector<engine::Validator>> validators(
      std::int64_t height) const = 0;

  [[nodiscard]] virtual p2p::NodeInfo node_info() const = 0;
  /// Whether it is still fetching blocks from peers.
  [[nodiscard]] virtual bool is_catching_up() const = 0;
  [[nodiscard]] virtual std::size_t peer_count() const = 0;
  [[nodiscard]] virtual OwnValidator own_validator() const = 0;

  /// Offers a transaction to the mempool and waits for its checks. The error is the mempool's
  /// sentence ("tx already exists in cache", "mempool is full: …", "Tx too large. …").
  virtual Result<app::TxResult, std::string> broadcast(ByteView tx) = 0;
  /// The same without waiting.
  virtual void broadcast_later(ByteView tx) = 0;
};

/// What this software calls itself, and how this node is configured: answers that no state has.
struct ServiceNames {
  std::string app_name = "heimdalld";
  std::string name{};     ///< stock's build leaves it empty
  std::string version{};  ///< "0.10.0"
  std::string git_commit{};
  std::string toolchain{};  ///< stock says "go version go1.26 linux/amd64"
  std::string sdk_version{};
  std::string minimum_gas_price{};
  std::string pruning_keep_recent = "0";
  std::string pruning_interval = "0";
  std::uint64_t halt_height = 0;
};

}  // namespace buri::consensus::api
