#include "node/consensus/sync/block_server.hpp"

#include "node/consensus/p2p/channels.hpp"
#include "node/consensus/sync/block_message.hpp"

namespace buri::consensus::sync {

BlockServer::BlockServer(const blocks::BlockStore& blocks, p2p::PeerNetwork& network,
                         host::Executor& executor, Logger logger)
    : blocks_(&blocks), network_(&network), executor_(&executor), logger_(std::move(logger)) {}

std::span<const std::uint8_t> BlockServer::channels() const {
  static constexpr std::uint8_t kChannels[] = {p2p::kBlockSyncChannel};
  return kChannels;
}

void BlockServer::peer_added(const p2p::PeerSummary& peer) {
  network_->send(peer.id, p2p::kBlockSyncChannel, status());
}

void BlockServer::receive(const p2p::NodeId& from, p2p::IncomingMessage incoming) {
  const auto message = decode_block_message(incoming.bytes);
  if (!message.ok()) return drop(from, codec::describe(message.error()));
  const auto basic = check_basic(*message);
  if (!basic.ok()) return drop(from, basic.error().field);
  if (std::holds_alternative<StatusRequest>(*message)) {
    network_->send(from, p2p::kBlockSyncChannel, status());
  } else if (const auto* request = std::get_if<BlockRequest>(&*message)) {
    executor_->post([this, from, height = request->height, hold = std::move(incoming.hold)] {
      network_->send(from, p2p::kBlockSyncChannel, answer(height));
    });
  }
}

Bytes BlockServer::status() const {
  return encode_block_message(StatusResponse{blocks_->height(), blocks_->base()});
}

/// A block whose extensions are not here is no use to its receiver where they are enabled, and one
/// without them none where they are not: the store knows which it is.
Bytes BlockServer::answer(std::int64_t height) const {
  const auto block = blocks_->encoded_block(height);
  if (!block) return encode_block_message(NoBlockResponse{height});
  return encode_block_response(*block, blocks_->encoded_extended_commit(height).value_or(Bytes{}));
}

void BlockServer::drop(const p2p::NodeId& id, std::string_view reason) {
  logger_.warning("peer dropped", {{"peer", ByteView(id)}, {"reason", reason}});
  network_->disconnect(id, p2p::Refusal::kUnwanted);
}

}  // namespace buri::consensus::sync
