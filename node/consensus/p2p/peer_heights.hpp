#pragma once

#include <cstdint>
#include <optional>

#include "node/consensus/p2p/peer_key.hpp"

/// What the owners of mempool and evidence ask the owner of the consensus channels.

namespace buri::consensus::p2p {

/// Where peers stand. Thread-safe; answers at once.
class PeerHeights {
 public:
  virtual ~PeerHeights() = default;

  /// The height that the peer said it is deciding; nothing if it has not said so yet.
  [[nodiscard]] virtual std::optional<std::int64_t> height_of(const NodeId& peer) const = 0;
};

}  // namespace buri::consensus::p2p
