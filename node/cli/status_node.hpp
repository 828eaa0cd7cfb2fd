#pragma once

#include <optional>

#include "base/clock.hpp"
#include "node/cli/status_part.hpp"
#include "node/protocol/json_rpc/transport.hpp"

/// What a node says of itself at its RPC, be it burid or heimdalld.

namespace buri::cli {

/// Asks the first endpoint of `rpc`: chain, heights, peers, age of the last block, validator,
/// versions. The ages are by `clock`. Unavailable if nobody answers in some seconds.
boost::json::object ask_node(protocol::json_rpc::Transport& rpc, const Clock& clock);

/// The same from `text`: the answers to `status`, `net_info`, `consensus_state`,
/// `num_unconfirmed_txs` and `abci_info`, one JSON array of them; what is missing in it is left
/// out. Nothing if it holds no status.
std::optional<boost::json::object> node_facts(std::string_view text, WallTime now);

/// How far a node is behind the network, as far as can be told: by the age of its last block, and
/// in heights where `network` (facts of another node) is given.
boost::json::object lag_of(const boost::json::object& node, const boost::json::object* network);

}  // namespace buri::cli
