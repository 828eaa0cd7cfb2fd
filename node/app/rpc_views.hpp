#pragma once

#include <functional>

#include "node/app/api_services.hpp"
#include "node/consensus/api/abci_query.hpp"
#include "node/consensus/api/node_view.hpp"

/// A running node as CometBFT's RPC sees it.

namespace buri::app {

/// The stores, which must outlive it.
class StoredView final : public consensus::api::ChainView {
 public:
  StoredView(const consensus::blocks::BlockStore& blocks,
             const consensus::blocks::StateStore& states,
             consensus::modules::consensus::ConsensusParams genesis)
      : blocks_(blocks), states_(states), genesis_(std::move(genesis)) {}

  [[nodiscard]] std::int64_t base() const override { return blocks_.base(); }
  [[nodiscard]] std::int64_t height() const override { return blocks_.height(); }
  [[nodiscard]] std::optional<consensus::blocks::BlockMeta> meta(
      std::int64_t height) const override {
    return blocks_.meta(height);
  }
  [[nodiscard]] std::optional<std::int64_t> height_of(const Hash256& hash) const override {
    return blocks_.height_of(hash);
  }
  [[nodiscard]] std::optional<consensus::engine::Block> block(std::int64_t height) const override {
    return blocks_.block(height);
  }
  [[nodiscard]] std::optional<consensus::engine::Commit> seen_commit(
      std::int64_t height) const override {
    const auto commit = blocks_.commit(height);
    if (!commit) return std::nullopt;
    return commit->commit();
  }
  [[nodiscard]] std::optional<consensus::engine::Commit> canonical_commit(
      std::int64_t height) const override {
    return blocks_.canonical_commit(height);
  }
  [[nodiscard]] std::optional<consensus::engine::ValidatorSet> validators(
      std::int64_t height) const override {
    return states_.validators(height);
  }
  [[nodiscard]] std::optional<Bytes> results(std::int64_t height) const override {
    return states_.results(height);
  }
  [[nodiscard]] consensus::modules::consensus::ConsensusParams genesis_params() const override {
    return genesis_;
  }

 private:
  const consensus::blocks::BlockStore& blocks_;
  const consensus::blocks::StateStore& states_;
  const consensus::modules::consensus::ConsensusParams genesis_;
};

/// Thread-safe. Ends before the loop does: read_round_state waits for it.
class LiveView final : public consensus::api::NodeView {
 public:
  /// Both must outlive it.
  LiveView(const ApiServices& services, const consensus::api::AbciQueries& queries)
      : services_(services), queries_(queries) {}

  [[nodiscard]] consensus::api::NodeStatus status() const override;
  [[nodiscard]] bool is_listening() const override;
  [[nodiscard]] std::vector<consensus::api::PeerView> peers() const override;
  void read_round_state(std::function<void(const consensus::engine::RoundState&)> read) override;
  void add_tx(Bytes tx, std::function<void(consensus::api::TxVerdict)> done) override;
  void check_tx(Bytes tx, std::function<void(consensus::api::TxVerdict)> done) override;
  [[nodiscard]] consensus::api::PoolView unconfirmed(std::size_t limit) const override;
  void flush_mempool() override;
  [[nodiscard]] AppInfo app_info() const override;
  [[nodiscard]] consensus::api::AbciQueryAnswer query_app(const std::string& path,
                                                          const Bytes& data, std::int64_t height,
                                                          bool prove) const override;
  Result<Hash256, std::string> add_evidence(const consensus::engine::EvidencePiece& piece) override;
  /// Refused: peers of a running node follow from its configuration alone.
  Status<std::string> dial(const consensus::api::DialRequest& request) override;

 private:
  const ApiServices& services_;
  const consensus::api::AbciQueries& queries_;
};

}  // namespace buri::app
