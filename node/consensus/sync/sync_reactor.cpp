#include "node/consensus/sync/sync_reactor.hpp"

#include "node/consensus/p2p/channels.hpp"

namespace buri::consensus::sync {

SyncReactor::SyncReactor(const blocks::BlockStore& blocks, p2p::PeerNetwork& network,
                         host::Executor& executor, Logger logger)
    : server_(blocks, network, executor), network_(&network), logger_(std::move(logger)) {}

std::span<const std::uint8_t> SyncReactor::channels() const {
  static constexpr std::uint8_t kChannels[] = {p2p::kBlockSyncChannel};
  return kChannels;
}

void SyncReactor::peer_added(const p2p::PeerSummary& peer) { server_.tell_status(peer.id); }

void SyncReactor::peer_removed(const p2p::NodeId& id, std::string_view /*reason*/) {
  static_cast<void>(answers_.put(id, Answer::Removed{}));
}

void SyncReactor::receive(const p2p::NodeId& from, p2p::IncomingMessage incoming) {
  const auto has_block = holds_block(incoming.bytes);
  if (!has_block.ok()) return drop(from, codec::describe(has_block.error()));
  if (*has_block) {
    return keep(from, Answer::Encoded{std::move(incoming.bytes), std::move(incoming.hold)});
  }
  auto message = decode_block_message(incoming.bytes);
  if (!message.ok()) return drop(from, codec::describe(message.error()));
  const auto basic = check_basic(*message);
  if (!basic.ok()) return drop(from, basic.error().field);
  if (const auto* status = std::get_if<StatusResponse>(&*message)) {
    keep(from, *status);
  } else if (const auto* lack = std::get_if<NoBlockResponse>(&*message)) {
    keep(from, *lack);
  } else if (const auto* request = std::get_if<BlockRequest>(&*message)) {
    server_.serve(from, request->height, std::move(incoming.hold));
  } else {
    server_.tell_status(from);
  }
}

void SyncReactor::keep(const p2p::NodeId& from, Answer::Content content) {
  const auto put = answers_.put(from, std::move(content));
  if (put == AnswerBox::Put::kTooMany) drop(from, "more answers than it was asked for");
}

void SyncReactor::drop(const p2p::NodeId& id, std::string_view reason) {
  logger_.warning("peer dropped", {{"peer", ByteView(id)}, {"reason", reason}});
  network_->disconnect(id, p2p::Refusal::kUnwanted);
}

}  // namespace buri::consensus::sync
