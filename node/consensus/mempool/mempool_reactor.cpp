#include "node/consensus/mempool/mempool_reactor.hpp"

#include <algorithm>
#include <array>

#include "base/hex.hpp"
#include "node/consensus/mempool/tx_message.hpp"
#include "node/consensus/p2p/channels.hpp"

namespace buri::consensus::mempool {
namespace {

constexpr std::array kMempoolChannels{p2p::kMempoolChannel};

}  // namespace

MempoolReactor::MempoolReactor(MempoolServices services, bool broadcasts, Logger logger)
    : services_(services), broadcasts_(broadcasts), logger_(std::move(logger)) {
  services_.pool->on_added([this] { gossip(); });
}

std::span<const std::uint8_t> MempoolReactor::channels() const { return kMempoolChannels; }

void MempoolReactor::peer_added(const p2p::PeerSummary& peer) {
  {
    const std::lock_guard lock(mutex_);
    peers_[peer.id] = {.number = ++last_number_};
  }
  gossip();
}

void MempoolReactor::peer_removed(const p2p::NodeId& id, std::string_view /*reason*/) {
  const std::lock_guard lock(mutex_);
  peers_.erase(id);
}

void MempoolReactor::receive(const p2p::NodeId& from, p2p::IncomingMessage message) {
  auto txs = decode_tx_message(message.bytes);
  if (!txs.ok()) {
    logger_.info("A peer is hung up on for its transactions.",
                 {{"peer", to_hex(from)}, {"reason", describe(txs.error())}});
    services_.network->disconnect(from, p2p::Refusal::kUnwanted);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    const auto peer = peers_.find(from);
    if (peer == peers_.end() || txs->empty() || peer->second.waiting == kMaxWaitingOfPeer) return;
    ++peer->second.waiting;
    // A vector keeps its storage when it moves, so that the views stay good.
    jobs_.push_back({from, peer->second.number, std::move(message), *std::move(txs)});
  }
  begin_work();
}

void MempoolReactor::begin_work() {
  {
    const std::lock_guard lock(mutex_);
    if (is_working_ || jobs_.empty()) return;
    is_working_ = true;
  }
  if (services_.application->post_later([this] { work(); })) return;
  // Too much waits for the application; the next message or the next round of gossip tries again.
  const std::lock_guard lock(mutex_);
  is_working_ = false;
}

std::vector<MempoolReactor::Job> MempoolReactor::take_jobs() {
  const std::lock_guard lock(mutex_);
  std::vector<Job> jobs;
  std::size_t txs = 0;
  while (!jobs_.empty() && (jobs.empty() || txs + jobs_.front().txs.size() <= kBatchTxs)) {
    txs += jobs_.front().txs.size();
    jobs.push_back(std::move(jobs_.front()));
    jobs_.pop_front();
    const auto peer = peers_.find(jobs.back().from);
    // It may have gone and come back meanwhile.
    if (peer != peers_.end() && peer->second.number == jobs.back().sender) --peer->second.waiting;
  }
  return jobs;
}

void MempoolReactor::work() {
  const std::vector<Job> jobs = take_jobs();
  std::vector<Submission> submissions;
  for (const Job& job : jobs) {
    for (const ByteView tx : job.txs) submissions.push_back({tx, job.sender});
  }
  for (const SubmitResult& result : services_.pool->submit_all(submissions)) {
    if (result.ok() || result.error().error != SubmitError::kApplication) continue;
    logger_.error("The application cannot check transactions.",
                  {{"reason", describe(result.error())}});
  }
  {
    const std::lock_guard lock(mutex_);
    is_working_ = false;
  }
  // In a piece of its own: others get their turn with the application.
  begin_work();
}

bool MempoolReactor::gossip_to(const p2p::NodeId& id, Peer& peer) {
  while (const auto next = services_.pool->next_for(peer.number, peer.place)) {
    if (!next->is_from_peer) {
      const auto height = services_.heights->height_of(id);
      if (!height || *height < next->tx.height - 1) return true;
      if (!services_.network->can_send(id, p2p::kMempoolChannel) ||
          !services_.network->send(id, p2p::kMempoolChannel, encode_tx_message(*next->tx.bytes))) {
        return false;
      }
    }
    peer.place = next->tx.place;
  }
  return true;
}

std::chrono::milliseconds MempoolReactor::gossip() {
  begin_work();
  if (!broadcasts_) return kCatchUpPause;
  const std::lock_guard lock(mutex_);
  bool has_room = true;
  for (auto& [id, peer] : peers_) has_room = gossip_to(id, peer) && has_room;
  return has_room ? kCatchUpPause : kFullPause;
}

}  // namespace buri::consensus::mempool
