#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/app/outside.hpp"
#include "node/consensus/api/service_node.hpp"
#include "node/consensus/metrics/application_metrics.hpp"
#include "node/consensus/metrics/block_metrics.hpp"
#include "node/consensus/metrics/metrics_service.hpp"
#include "node/consensus/metrics/node_figures.hpp"
#include "node/consensus/metrics/round_metrics.hpp"
#include "node/storage/database.hpp"

/// The figures of a whole node: who observes what, and the page they are served on
/// (docs/consensus-metrics.md).

namespace buri::app {

/// Whether and where they are served.
struct MetricsSettings {
  std::optional<consensus::metrics::MetricsServiceOptions> service;
  std::string name_space = "cometbft";
};

/// What is read at each scrape; all must outlive serving.
struct MetricsSources {
  const consensus::p2p::LiveNetwork* network = nullptr;
  const consensus::mempool::TxPool* pool = nullptr;
  const consensus::blocks::BlockStore* blocks = nullptr;
  const Outside* outside = nullptr;
  const storage::Database* application_database = nullptr;
  const storage::Database* block_database = nullptr;
  bool broadcasts_transactions = true;
  bool asks_bor_by_grpc = false;
  std::int64_t kept_blocks = 0;      ///< 0: all
  std::function<bool()> is_syncing;  ///< any thread
  consensus::api::ServiceNames names;
};

/// Made before what it counts and gone after it. Not thread-safe but for what says so.
class NodeMetrics {
 public:
  NodeMetrics(const MetricsSettings& settings, const std::string& chain_id);

  /// Instruments of all parts of the node. Thread-safe.
  [[nodiscard]] Metrics& registry() { return registry_; }
  /// Sizes of transactions that the mempool takes.
  [[nodiscard]] Histogram& tx_bytes() { return tx_bytes_; }
  /// Hears of the application's calls. Thread-safe.
  [[nodiscard]] consensus::app::Observer& application() { return application_; }

  /// Observes consensus from `chain` on. `validator` is whose signatures the node makes.
  void observe(consensus::host::Observers& observers, const consensus::blocks::BlockStore& blocks,
               const consensus::engine::ChainState& chain, std::optional<Address> validator,
               std::function<bool()> is_syncing);
  /// Serves, where the settings say so. The error is a sentence.
  Status<std::string> serve(MetricsSources sources, const Logger& logger);
  /// Nobody is answered any more.
  void stop() { service_ = nullptr; }
  /// 0 where nothing is served.
  [[nodiscard]] std::uint16_t port() const {
    return service_ ? service_->port() : std::uint16_t{0};
  }

 private:
  [[nodiscard]] std::string gather() const;
  void add_node(MetricsPage& page) const;
  void add_stores(MetricsPage& page) const;
  void add_databases(MetricsPage& page) const;

  MetricsSettings settings_;
  consensus::metrics::StockNames names_;
  Metrics registry_;
  Histogram& tx_bytes_;
  consensus::metrics::ApplicationMetrics application_;
  consensus::metrics::RoundMetrics rounds_;
  std::unique_ptr<consensus::metrics::BlockMetrics> blocks_;
  MetricsSources sources_;
  std::unique_ptr<consensus::metrics::MetricsService> service_;
};

}  // namespace buri::app
