#pragma once

#include <chrono>
#include <deque>
#include <memory>

#include "node/devnet/root_chain_script.hpp"
#include "node/devnet/sources_client.hpp"
#include "node/devnet/traffic_sender.hpp"

/// What a bridge does on a live network, for a devnet: events of the root chain are reported,
/// checkpoints proposed and acknowledged.

namespace buri::devnet {

/// Reports every event once, those of stakes one after the other, for their nonces follow on each
/// other. What is not taken over in time is sent again. Used by one thread.
class EventDuty {
 public:
  /// One round: a few events at a time.
  void work(const NodeClient& client, const RootChainView& view, TrafficSender& sender,
            TrafficCount& count, Account::Time now);

 private:
  struct Report {
    ScriptedEvent event;
    std::optional<Account::Time> sent_at;
  };

  void fill(const NodeClient& client, const RootChainView& view);

  std::deque<Report> reports_;
  std::uint64_t next_place_ = 0;
};

/// Proposes a checkpoint of the average length as soon as a milestone covers it, in the name of the
/// proposer whom the chain names, and acknowledges what the root chain has taken. Used by one
/// thread.
class CheckpointDuty {
 public:
  void work(const NodeClient& client, const SourcesClient& sources, const RootChainView& view,
            TrafficSender& sender, TrafficCount& count, Account::Time now);

 private:
  void acknowledge(const ScriptedCheckpoint& taken, std::uint64_t number, TrafficSender& sender,
                   Account::Time now);
  void propose(const NodeClient& client, const SourcesClient& sources, const RootChainView& view,
               TrafficSender& sender, Account::Time now);

  /// Takes notice of what came since the last round.
  void notice(std::uint64_t acknowledged, std::uint64_t taken, TrafficCount& count);

  std::uint64_t acknowledged_ = 0;
  std::uint64_t taken_ = 0;  ///< by the root chain
  bool is_begun_ = false;
  std::optional<Account::Time> sent_at_;
};

}  // namespace buri::devnet
