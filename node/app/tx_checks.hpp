#pragma once

#include <functional>

#include "node/consensus/api/node_view.hpp"
#include "node/consensus/host/application_thread.hpp"
#include "node/consensus/mempool/tx_pool.hpp"

/// How clients' transactions reach the application: in its thread, behind what consensus waits for.

namespace buri::app {

using consensus::api::TxVerdict;

/// Runs `check` where the application works and gives what comes of it to `done`, once, from any
/// thread. Refused at once if too many wait already.
void in_application(consensus::host::ApplicationExecutor& worker, std::function<TxVerdict()> check,
                    std::function<void(TxVerdict)> done);

/// Offers a transaction to the mempool, which gossips it if it is good; as in_application().
void submit_tx(consensus::host::ApplicationExecutor& worker, consensus::mempool::TxPool& pool,
               Bytes tx, std::function<void(TxVerdict)> done);

}  // namespace buri::app
