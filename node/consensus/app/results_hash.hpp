#pragma once

#include <span>

#include "node/consensus/app/tx_runner.hpp"

namespace buri::consensus::app {

/// What the next header's last_results_hash holds: a tree over code, data and both gas figures of
/// every result (spec/heimdall.md 2).
Hash256 results_hash(accel::Engine& crypto, std::span<const TxResult> results);

}  // namespace buri::consensus::app
