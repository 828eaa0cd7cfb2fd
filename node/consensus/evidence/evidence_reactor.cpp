#include "node/consensus/evidence/evidence_reactor.hpp"

#include <array>

#include "base/hex.hpp"
#include "node/consensus/evidence/evidence_message.hpp"
#include "node/consensus/p2p/channels.hpp"

namespace buri::consensus::evidence {
namespace {

constexpr std::array kEvidenceChannels{p2p::kEvidenceChannel};

}  // namespace

EvidenceReactor::EvidenceReactor(EvidenceReactorServices services, Logger logger)
    : services_(services), logger_(std::move(logger)) {
  services_.pool->on_added([this] { gossip(); });
}

std::span<const std::uint8_t> EvidenceReactor::channels() const { return kEvidenceChannels; }

void EvidenceReactor::peer_added(const p2p::PeerSummary& peer) {
  {
    const std::lock_guard lock(mutex_);
    peers_[peer.id] = {};
  }
  gossip();
}

void EvidenceReactor::peer_removed(const p2p::NodeId& id, std::string_view /*reason*/) {
  const std::lock_guard lock(mutex_);
  peers_.erase(id);
}

void EvidenceReactor::refuse(const p2p::NodeId& id, std::string_view reason) {
  logger_.info("A peer is hung up on for its evidence.",
               {{"peer", to_hex(id)}, {"reason", reason}});
  services_.network->disconnect(id, p2p::Refusal::kUnwanted);
}

void EvidenceReactor::receive(const p2p::NodeId& from, p2p::IncomingMessage message) {
  auto pieces = decode_evidence_message(message.bytes);
  if (!pieces.ok()) {
    refuse(from, codec::describe(pieces.error()));
    return;
  }
  std::shared_ptr<std::size_t> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto peer = peers_.find(from);
    if (peer == peers_.end() || *peer->second.waiting == kMaxWaitingOfPeer) return;
    waiting = peer->second.waiting;
    ++*waiting;
  }
  services_.worker->post([this, from, waiting, pieces = *std::move(pieces), hold = message.hold] {
    judge(from, pieces);
    const std::lock_guard lock(mutex_);
    --*waiting;
  });
}

void EvidenceReactor::judge(const p2p::NodeId& from, std::vector<engine::EvidencePiece> pieces) {
  for (engine::EvidencePiece& piece : pieces) {
    const auto added = services_.pool->add(std::move(piece));
    if (added.ok()) continue;
    if (added.error().is_invalid) {
      refuse(from, added.error().reason);
      return;
    }
    logger_.debug("Evidence cannot be judged.",
                  {{"peer", to_hex(from)}, {"reason", added.error().reason}});
  }
}

bool EvidenceReactor::is_for(const p2p::NodeId& id, std::int64_t evidence_height) const {
  const auto height = services_.heights->height_of(id);
  return height && *height > evidence_height &&
         *height - evidence_height <= services_.pool->max_age_blocks();
}

void EvidenceReactor::gossip_to(const p2p::NodeId& id, Peer& peer) {
  const MonotonicTime now = services_.clock->monotonic();
  if (now >= peer.next_pass) {
    peer.place = 0;
    peer.next_pass = now + kRepeat;
  }
  while (const auto next = services_.pool->next_after(peer.place)) {
    if (is_for(id, next->height) &&
        !services_.network->send(id, p2p::kEvidenceChannel, encode_evidence_message(next->piece))) {
      return;
    }
    peer.place = next->place;
  }
}

void EvidenceReactor::gossip() {
  const std::lock_guard lock(mutex_);
  for (auto& [id, peer] : peers_) gossip_to(id, peer);
}

}  // namespace buri::consensus::evidence
