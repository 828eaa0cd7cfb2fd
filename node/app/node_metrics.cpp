#include "node/app/node_metrics.hpp"

#include "node/consensus/metrics/process_figures.hpp"

namespace buri::app {

using namespace consensus;

NodeMetrics::NodeMetrics(const MetricsSettings& settings, const std::string& chain_id)
    : settings_(settings),
      names_{settings.name_space, chain_id},
      tx_bytes_(registry_.histogram(names_.name("mempool_tx_size_bytes"),
                                    "Size of transactions that the mempool took.",
                                    metrics::tx_byte_bounds(), names_.labels())),
      application_(registry_, names_),
      rounds_(registry_, names_, system_clock()) {}

void NodeMetrics::observe(host::Observers& observers, const blocks::BlockStore& blocks,
                          const engine::ChainState& chain, std::optional<Address> validator,
                          std::function<bool()> is_syncing) {
  blocks_ = std::make_unique<metrics::BlockMetrics>(
      metrics::BlockMetricsParts{&registry_, names_, &blocks, std::move(is_syncing), validator},
      chain);
  observers.add(*blocks_);
  observers.add(rounds_);
}

Status<std::string> NodeMetrics::serve(MetricsSources sources, const Logger& logger) {
  if (!settings_.service) return Unit{};
  sources_ = std::move(sources);
  ASSIGN_OR_RETURN(service_, metrics::MetricsService::start(
                                 *settings_.service, [this] { return gather(); }, logger));
  return Unit{};
}

/// In the service's thread.
std::string NodeMetrics::gather() const {
  MetricsPage page;
  application_.add_to(page);
  metrics::add_network(page, names_, *sources_.network, sources_.broadcasts_transactions);
  metrics::add_pool(page, names_, *sources_.pool);
  add_stores(page);
  add_databases(page);
  add_node(page);
  metrics::add_process(page, metrics::read_process(), __VERSION__);
  return registry_.expose() + page.text();
}

void NodeMetrics::add_stores(MetricsPage& page) const {
  const std::int64_t base = sources_.blocks->base();
  const auto gauge = [&](std::string_view name, std::string_view help, std::int64_t value) {
    page.gauge(names_.name(name), help, static_cast<double>(value), names_.labels());
  };
  gauge("state_block_store_base_height", "The first block that is stored.", base);
  gauge("state_abciresults_base_height", "The first block whose results are stored.", base);
  if (sources_.kept_blocks > 0) {
    const std::int64_t oldest = sources_.blocks->height() - sources_.kept_blocks + 1;
    gauge("state_application_block_retain_height", "Blocks below this may be removed.",
          std::max<std::int64_t>(oldest, 0));
  }
  gauge("blocksync_syncing", "1 while blocks are fetched and consensus waits, else 0.",
        sources_.is_syncing() ? 1 : 0);
  gauge("statesync_syncing", "0: a node begins with a snapshot file or the first block.", 0);
}

void NodeMetrics::add_databases(MetricsPage& page) const {
  const auto add = [&](const char* name, const storage::Database& database) {
    const storage::MemoryUse use = database.memory_use();
    const auto gauge = [&](std::string_view what, std::string_view help, std::size_t bytes) {
      page.gauge(what, help, static_cast<double>(bytes), {{"database", name}});
    };
    gauge("buri_database_cache_bytes",
          "Memory of the cache: blocks, filters, indices, and the write buffers' share.",
          use.cache_bytes);
    gauge("buri_database_write_buffer_bytes",
          "What is written to the log and not yet to a file; the cache counts it.",
          use.write_buffer_bytes);
    gauge("buri_database_table_reader_bytes", "Memory of open files that the cache does not count.",
          use.table_reader_bytes);
  };
  add("application", *sources_.application_database);
  add("blocks", *sources_.block_database);
}

void NodeMetrics::add_node(MetricsPage& page) const {
  page.gauge("heimdallv2_info", "Version and commit of this program, which is Buri.", 1,
             {{"version", "buri " BURI_VERSION}, {"commit", sources_.names.git_commit}});
  constexpr const char* kBridge = "0: the bridge that heals gaps does not run in this process.";
  for (const char* what : {"stake_events", "state_syncs", "checkpoint_acks"}) {
    page.counter("heimdallv2_self_healing_" + std::string(what) + "_processed_total", kBridge, 0);
  }
  const auto& bor = sources_.outside->bor_figures();
  const MetricLabels labels{{"transport", sources_.asks_bor_by_grpc ? "grpc" : "http"}};
  page.counter("heimdallv2_bor_failover_switches_total",
               "Answers of another endpoint of Bor than the one before.",
               static_cast<double>(bor.switches), labels);
  page.counter("heimdallv2_bor_failover_proactive_switches_total",
               "0: endpoints are tried when something is asked, not beforehand.", 0, labels);
  page.gauge("heimdallv2_bor_failover_active_index",
             "The endpoint of Bor that answered last, 0 for the first of the list.",
             static_cast<double>(bor.active), labels);
  page.gauge("heimdallv2_bor_failover_healthy_endpoints",
             "Endpoints of Bor that are not given a rest after failures.",
             static_cast<double>(bor.awake), labels);
}

}  // namespace buri::app
