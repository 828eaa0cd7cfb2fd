#pragma once

#include "base/clock.hpp"
#include "base/json.hpp"
#include "node/consensus/engine/light_client_attack.hpp"
#include "node/consensus/light/provider.hpp"
#include "node/protocol/json_rpc/transport.hpp"

/// A full node asked over CometBFT's RPC: `commit` and `validators` for blocks,
/// `broadcast_evidence` for attacks (spec/cometbft.md 7; 0xPolygon/cometbft v0.3.8-polygon,
/// light/provider/http).

namespace buri::consensus::light {

class RpcProvider final : public Provider {
 public:
  /// `transport` has one endpoint. `crypto` and `clock` must outlive it. Every request may take
  /// `timeout`.
  RpcProvider(std::unique_ptr<protocol::json_rpc::Transport> transport, std::string chain_id,
              accel::Engine& crypto, const Clock& clock, std::chrono::seconds timeout);

  ProvidedBlock light_block(std::int64_t height) override;
  void report(const engine::EvidencePiece& evidence) override;
  [[nodiscard]] std::string name() const override { return transport_->label(0); }

 private:
  Result<JsonValue, ProviderFault> ask(std::string_view method, const std::string& params);
  Result<std::vector<engine::Validator>, ProviderFault> validators(std::int64_t height);

  std::unique_ptr<protocol::json_rpc::Transport> transport_;
  std::string chain_id_;
  accel::Engine& crypto_;
  const Clock& clock_;
  std::chrono::seconds timeout_;
};

/// Evidence as `broadcast_evidence` takes it: the Amino JSON of the stock node.
std::string evidence_json(const engine::LightClientAttack& attack);

}  // namespace buri::consensus::light
