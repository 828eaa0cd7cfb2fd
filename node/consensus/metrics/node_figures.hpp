#pragma once

#include "base/metrics_page.hpp"
#include "node/consensus/mempool/tx_pool.hpp"
#include "node/consensus/metrics/stock_names.hpp"
#include "node/consensus/p2p/live_network.hpp"

/// Figures that their owners keep anyway, read when somebody asks.

namespace buri::consensus::metrics {

/// Peers, and messages by peer, channel and kind. Of peers that are gone only the sums over all
/// peers stay, so that the page is no longer than this node has peers.
void add_network(MetricsPage& page, const StockNames& names, const p2p::LiveNetwork& network,
                 bool broadcasts_transactions);
/// The pool's contents and what became of transactions.
void add_pool(MetricsPage& page, const StockNames& names, const mempool::TxPool& pool);

}  // namespace buri::consensus::metrics
