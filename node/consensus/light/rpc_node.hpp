#pragma once

#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "node/consensus/api/rpc_json.hpp"
#include "node/consensus/light/provider.hpp"
#include "node/protocol/json_rpc/message.hpp"
#include "node/protocol/json_rpc/transport.hpp"

/// What a light client asks of one full node over CometBFT's RPC: `commit`, `validators`, `status`,
/// `broadcast_evidence` (spec/cometbft.md 7; 0xPolygon/cometbft v0.3.8-polygon,
/// light/provider/http). Answers are bounded, and read strictly where they are believed.

namespace buri::consensus::light {

/// Patience with a node.
struct RpcTimes {
  std::chrono::nanoseconds attempt{std::chrono::seconds(5)};
  /// Attempts at one call; an error that the node itself gives ends them.
  unsigned attempts = 3;
  /// Before the second attempt, twice as long before the third, and so on.
  std::chrono::nanoseconds pause{std::chrono::milliseconds(500)};
};

/// What the calls stand on. What is borrowed must outlive the node.
struct RpcWorld {
  const Clock* clock;
  std::function<void(std::chrono::nanoseconds)> sleep;
};

/// What a node says of itself. Nothing here is proved.
struct NodeStatus {
  std::string chain_id;
  std::int64_t latest_height = 0;
  std::int64_t earliest_height = 0;
};

/// Bytes of the largest answer that is read: a commit of 10,000 signatures takes 4 MB.
inline constexpr std::uint64_t kMaxRpcAnswerBytes = std::uint64_t{8} << 20;

/// One endpoint of a transport. Blocks on the network. One thread at a time.
class RpcNode {
 public:
  template <class T>
  using Answered = Result<T, ProviderFault>;

  RpcNode(std::shared_ptr<protocol::json_rpc::Transport> transport, std::size_t endpoint,
          RpcTimes times, RpcWorld world);

  /// The header of a height, 0 for the latest, with the commit for it.
  Answered<api::SignedHeader> signed_header(std::int64_t height);
  /// The members of the set that decides `height`, of all pages, in the order they came.
  Answered<std::vector<engine::Validator>> validators(std::int64_t height);
  Answered<NodeStatus> status();
  /// Hands in evidence; the answer is that the node took it.
  Status<ProviderFault> broadcast_evidence(const engine::EvidencePiece& evidence);

  /// Scheme, host and port.
  [[nodiscard]] std::string name() const { return transport_->label(endpoint_); }

 private:
  /// The result of a call, attempts included.
  Answered<JsonValue> call(std::string_view method, std::string params);
  Answered<api::ValidatorsPage> page(std::int64_t height, std::size_t number);

  std::shared_ptr<protocol::json_rpc::Transport> transport_;
  std::size_t endpoint_;
  RpcTimes times_;
  RpcWorld world_;
  std::uint64_t next_id_ = 1;
};

}  // namespace buri::consensus::light
