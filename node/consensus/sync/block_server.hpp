#pragma once

#include "base/log.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/host/loop.hpp"
#include "node/consensus/p2p/reactor.hpp"

/// Serves block sync: peers that are behind are told which blocks are here and are given them as
/// they are stored (spec/cometbft.md 5; 0xPolygon/cometbft v0.3.8-polygon, blocksync/reactor.go).

namespace buri::consensus::sync {

/// Called from the network's thread; blocks are read and sent on `executor`.
class BlockServer {
 public:
  /// All must outlive this, and what was posted must be done before it goes.
  BlockServer(const blocks::BlockStore& blocks, p2p::PeerNetwork& network,
              host::Executor& executor);

  /// Tells a peer which blocks are here.
  void tell_status(const p2p::NodeId& to);
  /// Sends a block, or that it is not here. `hold` is the request's share of what its peer may have
  /// unprocessed, kept until it is answered.
  void serve(const p2p::NodeId& to, std::int64_t height, p2p::MessageHold hold);

 private:
  [[nodiscard]] Bytes answer(std::int64_t height) const;

  const blocks::BlockStore* blocks_;
  p2p::PeerNetwork* network_;
  host::Executor* executor_;
};

}  // namespace buri::consensus::sync
