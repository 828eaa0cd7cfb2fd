#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/metrics.hpp"

/// How stock nodes name their figures, and into which buckets they count (0xPolygon/cometbft
/// v0.3.8-polygon, */metrics.gen.go). tests/golden/metrics/stock.txt has all names.

namespace buri::consensus::metrics {

/// The part of CometBFT's names and labels that all of them share. A value.
struct StockNames {
  std::string name_space = "cometbft";  ///< may be empty
  std::string chain_id;

  /// "cometbft_consensus_height" of "consensus_height".
  [[nodiscard]] std::string name(std::string_view rest) const {
    return name_space.empty() ? std::string(rest) : name_space + "_" + std::string(rest);
  }
  /// Those of the figure and the chain's.
  [[nodiscard]] MetricLabels labels(MetricLabels own = {}) const {
    own.emplace("chain_id", chain_id);
    return own;
  }
};

/// Makes instruments of those names. `registry` must outlive it; help texts are literals.
class StockInstruments {
 public:
  StockInstruments(Metrics& registry, StockNames names)
      : registry_(&registry), names_(std::move(names)) {}

  Counter& counter(std::string_view rest, std::string_view help, MetricLabels own = {}) {
    return registry_->counter(names_.name(rest), help, names_.labels(std::move(own)));
  }
  Gauge& gauge(std::string_view rest, std::string_view help, MetricLabels own = {}) {
    return registry_->gauge(names_.name(rest), help, names_.labels(std::move(own)));
  }
  Histogram& histogram(std::string_view rest, std::string_view help, std::vector<double> bounds,
                       MetricLabels own = {}) {
    return registry_->histogram(names_.name(rest), help, std::move(bounds),
                                names_.labels(std::move(own)));
  }

 private:
  Metrics* registry_;
  StockNames names_;
};

/// Of rounds and steps: eight bounds from 0.1 to 100 seconds, each the same factor above the last.
std::vector<double> round_second_bounds();
/// Prometheus' own default, which blocks are counted into.
std::vector<double> default_second_bounds();
/// Of calls of the application.
std::vector<double> call_second_bounds();
/// Of executing a block, in milliseconds.
std::vector<double> block_millisecond_bounds();
/// Of transactions, in bytes.
std::vector<double> tx_byte_bounds();

/// An address as labels have it: upper-case hex.
std::string address_label(const Address& address);

}  // namespace buri::consensus::metrics
