#pragma once

#include <chrono>

#include "node/consensus/api/service_node.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/blocks/state_store.hpp"

namespace buri::consensus::api {

/// What a running node adds to its stores. Functions are thread-safe.
struct LiveNode {
  std::function<p2p::NodeInfo()> node_info;
  std::function<bool()> is_catching_up;
  std::function<std::size_t()> peer_count;
  Address own_address;  ///< of the key that this node signs with
  /// Offers a transaction to the mempool, which answers once, from any thread: the application's
  /// result or the sentence by which the mempool itself refuses.
  std::function<void(Bytes tx, std::function<void(Result<app::TxResult, std::string>)> done)>
      add_tx;
  /// How long a broadcast waits for that.
  std::chrono::milliseconds patience{10'000};
};

/// The node's stores and its live parts as REST and gRPC see them. Thread-safe; the stores must
/// outlive it.
class StoredServiceNode final : public ServiceNode {
 public:
  StoredServiceNode(const blocks::BlockStore& blocks, const blocks::StateStore& states,
                    LiveNode live)
      : blocks_(&blocks), states_(&states), live_(std::move(live)) {}

  [[nodiscard]] std::int64_t base() const override { return blocks_->base(); }
  [[nodiscard]] std::int64_t height() const override { return blocks_->height(); }
  [[nodiscard]] std::optional<ServiceBlock> block(std::int64_t height) const override;
  [[nodiscard]] std::optional<engine::Header> header(std::int64_t height) const override;
  [[nodiscard]] std::optional<std::vector<engine::Validator>> validators(
      std::int64_t height) const override;
  [[nodiscard]] p2p::NodeInfo node_info() const override { return live_.node_info(); }
  [[nodiscard]] bool is_catching_up() const override { return live_.is_catching_up(); }
  [[nodiscard]] std::size_t peer_count() const override { return live_.peer_count(); }
  [[nodiscard]] OwnValidator own_validator() const override;
  Result<app::TxResult, std::string> broadcast(ByteView tx) override;
  void broadcast_later(ByteView tx) override;

 private:
  const blocks::BlockStore* blocks_;
  const blocks::StateStore* states_;
  LiveNode live_;
};

}  // namespace buri::consensus::api
