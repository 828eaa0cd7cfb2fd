#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/host/observer.hpp"
#include "node/consensus/metrics/stock_names.hpp"

/// Decided blocks and their validators as figures.

namespace buri::consensus::metrics {

/// What they rest on; `registry` and `blocks` must outlive them.
struct BlockMetricsParts {
  Metrics* registry = nullptr;
  StockNames names;
  const blocks::BlockStore* blocks = nullptr;
  /// Whether blocks come by block sync; called on the host's loop.
  std::function<bool()> is_syncing;
  /// Whose power and missed blocks are told; nothing for a node that does not vote.
  std::optional<Address> validator;
};

/// Called on the host's loop; what it writes may be read by any thread.
class BlockMetrics final : public host::Observer {
 public:
  /// `chain` is the chain before the next block.
  BlockMetrics(BlockMetricsParts parts, engine::ChainState chain);

  void block_applied(const host::AppliedBlock& applied) override;

 private:
  /// A number of validators and their power.
  struct Group {
    std::int64_t count = 0;
    std::int64_t power = 0;
  };
  struct GroupGauges {
    Gauge& count;
    Gauge& power;
    void set(const Group& group) const;
  };

  void record_synced(const engine::Block& block, double bytes);
  void record_decided(const engine::Block& block, double bytes);
  [[nodiscard]] Group missing_of(const engine::Block& block) const;
  void record_own(const engine::Block& block);
  [[nodiscard]] Group byzantine_of(const engine::Block& block) const;
  [[nodiscard]] bool has_last_signers(const engine::Block& block) const;

  BlockMetricsParts parts_;
  StockInstruments make_;
  std::shared_ptr<const engine::ChainState> before_;  ///< the chain before the next block

  Gauge& latest_height_;
  Gauge& tx_count_;
  Gauge& all_tx_count_;
  Gauge& block_bytes_;
  Counter& chain_bytes_;
  Histogram& interval_seconds_;
  GroupGauges validators_;
  GroupGauges missing_;
  GroupGauges byzantine_;
  Counter& validator_updates_;
  Counter& param_updates_;
  Gauge& synced_tx_count_;
  Gauge& all_synced_tx_count_;
  Gauge& synced_block_bytes_;
  Gauge& synced_height_;
};

}  // namespace buri::consensus::metrics
