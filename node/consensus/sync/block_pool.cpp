#include "node/consensus/sync/block_pool.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace buri::consensus::sync {
namespace {

/// The heights that are asked for however little room there is: without two no block is verified.
constexpr std::int64_t kLeastHeights = 2;

/// A list of peers that misbehaved does not grow for ever: ids cost nothing.
constexpr std::size_t kMaxBanned = 4096;

}  // namespace

std::int64_t BlockPool::height_of(const Peer& peer) {
  return peer.lacked != 0 ? std::min(peer.height, peer.lacked - 1) : peer.height;
}

std::int64_t BlockPool::highest_claim() const {
  std::int64_t highest = 0;
  for (const auto& [id, peer] : peers_) highest = std::max(highest, height_of(peer));
  return highest;
}

bool BlockPool::is_caught_up() const { return !peers_.empty() && highest_claim() <= next_height_; }

bool BlockPool::awaits(const p2p::NodeId& id) const {
  const auto peer = peers_.find(id);
  return peer != peers_.end() && !peer->second.pending.empty();
}

void BlockPool::peer_reports(const p2p::NodeId& id, std::int64_t base, std::int64_t height,
                             MonotonicTime now) {
  const auto banned = banned_until_.find(id);
  if (banned != banned_until_.end()) {
    if (now < banned->second) return;
    banned_until_.erase(banned);
  }
  Peer& peer = peers_[id];
  peer.base = base;
  peer.height = height;
  if (peer.lacked != 0 && now >= peer.lacked_until) peer.lacked = 0;
}

void BlockPool::remove_peer(const p2p::NodeId& id) {
  const auto found = peers_.find(id);
  if (found == peers_.end()) return;
  for (const std::int64_t height : found->second.pending) asked_.erase(height);
  peers_.erase(found);
  std::erase_if(held_, [&](const auto& one) {
    if (one.second.from != id) return false;
    held_bytes_ -= one.second.bytes;
    return true;
  });
}

/// Among those that have the block, the one with the fewest requests under way.
std::map<p2p::NodeId, BlockPool::Peer>::iterator BlockPool::peer_for(std::int64_t height) {
  auto best = peers_.end();
  for (auto peer = peers_.begin(); peer != peers_.end(); ++peer) {
    const bool can = peer->second.base <= height && height <= height_of(peer->second) &&
                     peer->second.pending.size() < options_.max_pending_of_peer;
    if (!can) continue;
    if (best == peers_.end() || peer->second.pending.size() < best->second.pending.size()) {
      best = peer;
    }
  }
  return best;
}

bool BlockPool::has_room(std::int64_t height) const {
  if (height < next_height_ + kLeastHeights) return true;
  return held_bytes_ + (asked_.size() + 1) * largest_bytes_ <= options_.max_bytes;
}

std::vector<PoolRequest> BlockPool::requests(MonotonicTime now) {
  std::vector<PoolRequest> requests;
  const std::int64_t end = next_height_ + options_.window_heights;
  for (std::int64_t height = next_height_; height < end && has_room(height); ++height) {
    if (asked_.contains(height) || held_.contains(height)) continue;
    const auto peer = peer_for(height);
    if (peer == peers_.end()) continue;
    if (peer->second.pending.empty()) peer->second.last_delivery = now;
    peer->second.pending.insert(height);
    asked_[height] = peer->first;
    requests.push_back({peer->first, height});
  }
  return requests;
}

void BlockPool::not_sent(const PoolRequest& request) {
  const auto peer = peers_.find(request.peer);
  if (peer != peers_.end() && peer->second.pending.erase(request.height) != 0) {
    asked_.erase(request.height);
  }
}

bool BlockPool::add(const p2p::NodeId& from, BlockResponse response, std::size_t bytes,
                    MonotonicTime now) {
  const std::int64_t height = response.block.header.height;
  const auto peer = peers_.find(from);
  if (peer == peers_.end() || peer->second.pending.erase(height) == 0) return false;
  asked_.erase(height);
  peer->second.last_delivery = now;
  if (height < next_height_) return true;
  held_bytes_ += bytes;
  largest_bytes_ = std::max(largest_bytes_ - largest_bytes_ / 64, bytes);
  held_.insert_or_assign(height, PooledBlock{from, std::move(response), bytes});
  return true;
}

bool BlockPool::lacks(const p2p::NodeId& from, std::int64_t height, MonotonicTime now) {
  const auto peer = peers_.find(from);
  if (peer == peers_.end() || peer->second.pending.erase(height) == 0) return false;
  asked_.erase(height);
  const bool is_lowest = peer->second.lacked == 0 || height < peer->second.lacked;
  if (is_lowest) peer->second.lacked = height;
  peer->second.lacked_until = now + options_.back_off;
  peer->second.last_delivery = now;
  return true;
}

void BlockPool::ban(const p2p::NodeId& id, MonotonicTime now) {
  remove_peer(id);
  std::erase_if(banned_until_, [&](const auto& one) { return one.second <= now; });
  if (banned_until_.size() >= kMaxBanned) banned_until_.erase(banned_until_.begin());
  banned_until_[id] = now + options_.back_off;
}

std::vector<PoolFault> BlockPool::expire(MonotonicTime now) {
  std::vector<PoolFault> late;
  for (const auto& [id, peer] : peers_) {
    if (!peer.pending.empty() && now - peer.last_delivery >= options_.patience) {
      late.push_back({id, "it claims blocks and does not send them"});
    }
  }
  for (const PoolFault& fault : late) ban(fault.peer, now);
  return late;
}

std::vector<const PooledBlock*> BlockPool::ready(std::size_t count) const {
  std::vector<const PooledBlock*> blocks;
  for (auto at = held_.begin(); at != held_.end() && blocks.size() < count; ++at) {
    if (at->first != next_height_ + static_cast<std::int64_t>(blocks.size())) break;
    blocks.push_back(&at->second);
  }
  return blocks;
}

PooledBlock BlockPool::take_first() {
  CHECK(!held_.empty() && held_.begin()->first == next_height_, "the first block is here");
  PooledBlock first = std::move(held_.extract(held_.begin()).mapped());
  held_bytes_ -= first.bytes;
  ++next_height_;
  return first;
}

std::vector<PoolFault> BlockPool::reject_first(MonotonicTime now) {
  const auto both = ready(2);
  CHECK(both.size() == 2, "both blocks are here");
  std::vector<PoolFault> faults{{both[0]->from, "a block that it sent, or its commit, is bad"}};
  if (both[1]->from != both[0]->from) {
    faults.push_back({both[1]->from, "a block that it sent does not prove the one before it"});
  }
  for (const PoolFault& fault : faults) ban(fault.peer, now);
  return faults;
}

void BlockPool::skip_to(std::int64_t next_height) {
  CHECK(next_height >= next_height_, "a chain does not go back");
  next_height_ = next_height;
  while (!held_.empty() && held_.begin()->first < next_height_) {
    held_bytes_ -= held_.begin()->second.bytes;
    held_.erase(held_.begin());
  }
}

}  // namespace buri::consensus::sync
