#pragma once

#include "accel/engine.hpp"
#include "base/log.hpp"
#include "node/consensus/light/rpc_node.hpp"

/// The light client's provider over the RPC of a full node, stock's or ours.

namespace buri::consensus::light {

/// Not thread-safe. `crypto` is borrowed.
class RpcProvider final : public Provider {
 public:
  RpcProvider(RpcNode node, std::string chain_id, accel::Engine& crypto, Logger logger)
      : node_(std::move(node)),
        chain_id_(std::move(chain_id)),
        crypto_(crypto),
        logger_(std::move(logger)) {}

  ProvidedBlock light_block(std::int64_t height) override;
  void report(const engine::EvidencePiece& evidence) override;
  [[nodiscard]] std::string name() const override { return node_.name(); }

 private:
  RpcNode node_;
  std::string chain_id_;
  accel::Engine& crypto_;
  Logger logger_;
};

}  // namespace buri::consensus::light
