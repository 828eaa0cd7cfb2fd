#pragma once

#include <functional>
#include <map>

#include "node/consensus/api/node_view.hpp"

/// The node that answered the recorded transcripts, standing at the last height of chain A.

namespace buri::consensus::api {

/// The recorded chain.
class RecordedView final : public ChainView {
 public:
  /// Reads the chain's file of blocks.
  explicit RecordedView(const std::string& path);

  [[nodiscard]] std::int64_t base() const override { return 1; }
  [[nodiscard]] std::int64_t height() const override { return heights_.rbegin()->first; }
  [[nodiscard]] std::optional<blocks::BlockMeta> meta(std::int64_t height) const override;
  [[nodiscard]] std::optional<std::int64_t> height_of(const Hash256& hash) const override;
  [[nodiscard]] std::optional<engine::Block> block(std::int64_t height) const override;
  [[nodiscard]] std::optional<engine::Commit> seen_commit(std::int64_t height) const override;
  [[nodiscard]] std::optional<engine::Commit> canonical_commit(std::int64_t height) const override;
  [[nodiscard]] std::optional<engine::ValidatorSet> validators(std::int64_t height) const override;
  [[nodiscard]] std::optional<Bytes> results(std::int64_t height) const override;
  [[nodiscard]] modules::consensus::ConsensusParams genesis_params() const override;

 private:
  struct Height {
    engine::Block block;
    blocks::BlockMeta meta;
    Bytes results;
    Bytes seen_commit;
    std::vector<engine::Validator> validators;
  };
  std::map<std::int64_t, Height> heights_;
};

/// The node around it: what the transcript says of node info and key, an empty pool, no peers. What
/// only an application knows is there where one is given.
class RecordedRpcNode final : public NodeView {
 public:
  using Application = std::function<AbciQueryAnswer(const std::string& path, const Bytes& data,
                                                    std::int64_t height, bool prove)>;

  explicit RecordedRpcNode(Application application = {}) : application_(std::move(application)) {}

  [[nodiscard]] NodeStatus status() const override;
  [[nodiscard]] bool is_listening() const override { return true; }
  [[nodiscard]] std::vector<PeerView> peers() const override { return {}; }
  void read_round_state(std::function<void(const engine::RoundState&)> read) override;
  void add_tx(Bytes tx, std::function<void(TxVerdict)> done) override;
  void check_tx(Bytes tx, std::function<void(TxVerdict)> done) override;
  [[nodiscard]] PoolView unconfirmed(std::size_t) const override { return {}; }
  void flush_mempool() override {}
  [[nodiscard]] AppInfo app_info() const override;
  [[nodiscard]] AbciQueryAnswer query_app(const std::string& path, const Bytes& data,
                                          std::int64_t height, bool prove) const override {
    return application_ ? application_(path, data, height, prove) : AbciQueryAnswer{};
  }
  Result<Hash256, std::string> add_evidence(const engine::EvidencePiece&) override {
    return Failure{std::string("no pool")};
  }
  Status<std::string> dial(const DialRequest&) override { return Unit{}; }

 private:
  Application application_;
};

}  // namespace buri::consensus::api
