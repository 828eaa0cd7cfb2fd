#pragma once

#include "node/consensus/sync/answer_box.hpp"
#include "node/consensus/sync/block_server.hpp"

/// The owner of the block sync channel, 0x40: requests of peers are served from the stored blocks,
/// their answers wait for block sync (0xPolygon/cometbft v0.3.8-polygon, blocksync/reactor.go).

namespace buri::consensus::sync {

class SyncReactor final : public p2p::Reactor {
 public:
  /// All must outlive this. `executor` is where blocks are read for peers.
  SyncReactor(const blocks::BlockStore& blocks, p2p::PeerNetwork& network, host::Executor& executor,
              Logger logger);

  /// What peers answered, for whoever syncs.
  [[nodiscard]] AnswerBox& answers() { return answers_; }

  [[nodiscard]] std::span<const std::uint8_t> channels() const override;
  void peer_added(const p2p::PeerSummary& peer) override;
  void peer_removed(const p2p::NodeId& id, std::string_view reason) override;
  /// Blocks are not decoded here: this is the network's thread.
  void receive(const p2p::NodeId& from, p2p::IncomingMessage incoming) override;

 private:
  void keep(const p2p::NodeId& from, Answer::Content content);
  void drop(const p2p::NodeId& id, std::string_view reason);

  BlockServer server_;
  AnswerBox answers_;
  p2p::PeerNetwork* network_;
  Logger logger_;
};

}  // namespace buri::consensus::sync
