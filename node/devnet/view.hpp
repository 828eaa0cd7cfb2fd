#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "node/devnet/network.hpp"

/// How a devnet is shown: to programs as JSON, to people as a table.

namespace buri::devnet {

/// {"chain_id", "height", "validators": [{"number", "height", "round", "peers", "node", "signer",
/// "rpc", "rest", "grpc", "p2p", …}]}.
boost::json::object status_json(const Network& network,
                                const std::vector<ValidatorStatus>& statuses);

/// The table of that object: a heading and a line for every validator, without colours.
std::vector<std::string> status_lines(const boost::json::object& status);

/// One line for a log: "height 12 to 13, 4 of 4 validators run, 4 signers ACTIVE".
std::string summary_line(const boost::json::object& status);

}  // namespace buri::devnet
