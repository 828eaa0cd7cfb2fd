#pragma once

#include <string>

#include "node/consensus/engine/message.hpp"
#include "node/consensus/engine/wal_record.hpp"

/// What the host wants said to peers: implemented by the consensus reactor
/// (consensus_reactor.hpp), or by a simulated network.

namespace buri::consensus::host {

/// Called on the host's loop.
class PeersSide {
 public:
  virtual ~PeersSide() = default;
  virtual void announce(const engine::Message& message) = 0;
  virtual void answer(const std::string& peer_id, const engine::Message& message) = 0;
  virtual void erred(const std::string& peer_id, const std::string& reason, bool is_fatal) = 0;
  /// A proposal, part or vote was counted, so that others may be sent it; the node's own have no
  /// peer id and are in a hurry.
  virtual void counted(const engine::MessageArrived& arrived) = 0;
};

}  // namespace buri::consensus::host
