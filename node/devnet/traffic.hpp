#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "node/devnet/layout.hpp"
#include "node/devnet/node_client.hpp"

/// `buri devnet traffic`: life on a devnet. Coins are sent at a rate, events of the root chain are
/// reported, checkpoints proposed and acknowledged, all by transactions that validators sign.

namespace buri::devnet {

struct TrafficOptions {
  std::vector<NodeAddress> nodes;
  std::uint16_t sources_port = 0;
  std::vector<Account> accounts;
  double sends_per_second = 2;  ///< of coins, from all accounts together
  std::uint64_t seed = 1;       ///< of receivers and amounts
  std::int64_t heights = 0;     ///< end after so many; 0: when told
  bool as_json = false;         ///< one object at the end and no lines
};

/// Nodes, sources and accounts of the devnet that runs in a folder. The error is a sentence.
Status<std::string> find_devnet(const Layout& layout, TrafficOptions& options);

/// Runs until the heights are reached or SIGINT or SIGTERM comes. To be called once, in the
/// process's first thread and before others. The error is a sentence.
Status<std::string> run_traffic(TrafficOptions options, std::ostream& out);

}  // namespace buri::devnet
