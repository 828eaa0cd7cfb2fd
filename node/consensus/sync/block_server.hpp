#pragma once

#include "base/log.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/host/loop.hpp"
#include "node/consensus/p2p/reactor.hpp"

/// The owner of the block sync channel, 0x40, as far as it serves: peers that are behind are told
/// which blocks are here and are given them as they are stored (spec/cometbft.md 5;
/// 0xPolygon/cometbft v0.3.8-polygon, blocksync/reactor.go).

namespace buri::consensus::sync {

/// The network calls from its thread; blocks are read and sent on `executor`, each request holding
/// its share of what its peer may have unprocessed until it is answered.
class BlockServer final : public p2p::Reactor {
 public:
  /// All must outlive this, and what was posted must be done before it goes.
  BlockServer(const blocks::BlockStore& blocks, p2p::PeerNetwork& network, host::Executor& executor,
              Logger logger);

  [[nodiscard]] std::span<const std::uint8_t> channels() const override;
  void peer_added(const p2p::PeerSummary& peer) override;
  void peer_removed(const p2p::NodeId& /*id*/, std::string_view /*reason*/) override {}
  void receive(const p2p::NodeId& from, p2p::IncomingMessage message) override;

 private:
  [[nodiscard]] Bytes status() const;
  [[nodiscard]] Bytes answer(std::int64_t height) const;
  void drop(const p2p::NodeId& id, std::string_view reason);

  const blocks::BlockStore* blocks_;
  p2p::PeerNetwork* network_;
  host::Executor* executor_;
  Logger logger_;
};

}  // namespace buri::consensus::sync
