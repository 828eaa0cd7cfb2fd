#include "node/consensus/sync/block_server.hpp"

#include "node/consensus/p2p/channels.hpp"
#include "node/consensus/sync/block_message.hpp"

namespace buri::consensus::sync {

BlockServer::BlockServer(const blocks::BlockStore& blocks, p2p::PeerNetwork& network,
                         host::Executor& executor)
    : blocks_(&blocks), network_(&network), executor_(&executor) {}

void BlockServer::tell_status(const p2p::NodeId& to) {
  network_->send(to, p2p::kBlockSyncChannel,
                 encode_block_message(StatusResponse{blocks_->height(), blocks_->base()}));
}

void BlockServer::serve(const p2p::NodeId& to, std::int64_t height, p2p::MessageHold hold) {
  executor_->post([this, to, height, hold = std::move(hold)] {
    network_->send(to, p2p::kBlockSyncChannel, answer(height));
  });
}

/// A block whose extensions are not here is no use to its receiver where they are enabled, and one
/// without them none where they are not: the store knows which it is.
Bytes BlockServer::answer(std::int64_t height) const {
  const auto block = blocks_->encoded_block(height);
  if (!block) return encode_block_message(NoBlockResponse{height});
  return encode_block_response(*block, blocks_->encoded_extended_commit(height).value_or(Bytes{}));
}

}  // namespace buri::consensus::sync
