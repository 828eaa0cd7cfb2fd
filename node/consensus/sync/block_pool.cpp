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

std::optional<std::int64_t> BlockPool::lowest_above_gap() const {
  std::optional<std::int64_t> lowest;
  for (const auto& [id, peer] : peers_) {
    if (height_of(peer) < next_height_) continue;
    if (peer.base <= next_height_) return std::nullopt;
    lowest = std::min(lowest.value_or(peer.base), peer.base);
  }
  return held_.contains(next_height_) ? std::nullopt : lowest;
}

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

std::optional<BlockPool::Request> BlockPool::end_request(Peers::iterator peer,
                                                         std::int64_t height) {
  const auto found = peer->second.pending.extract(height);
  if (found.empty()) return std::nullopt;
  const auto asked = asked_.find(height);
  std::erase(asked->second, peer->first);
  if (asked->second.empty()) asked_.erase(asked);
  return found.mapped();
}

void BlockPool::remove_peer(const p2p::NodeId& id) {
  const auto found = peers_.find(id);
  if (found == peers_.end()) return;
  while (!found->second.pending.empty()) end_request(found, found->second.pending.begin()->first);
  peers_.erase(found);
  std::erase_if(held_, [&](const auto& one) {
    if (one.second.from != id) return false;
    held_bytes_ -= one.second.bytes;
    return true;
  });
}

/// Among those that have the block, the one with the fewest requests under way; not `but`.
BlockPool::Peers::iterator BlockPool::peer_for(std::int64_t height, const p2p::NodeId* but) {
  auto best = peers_.end();
  for (auto peer = peers_.begin(); peer != peers_.end(); ++peer) {
    const bool can = peer->second.base <= height && height <= height_of(peer->second) &&
                     peer->second.pending.size() < options_.max_pending_of_peer;
    if (!can || (but != nullptr && peer->first == *but)) continue;
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

std::chrono::nanoseconds BlockPool::time_for(std::size_t bytes) const {
  const double seconds =
      static_cast<double>(bytes) / static_cast<double>(options_.least_bytes_per_second);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(seconds));
}

/// The time runs from now on; what the peer has to send before it is allowed for at the least rate.
PoolRequest BlockPool::ask(Peers::iterator peer, std::int64_t height, MonotonicTime now) {
  std::size_t before = 0;
  for (const auto& [other, request] : peer->second.pending) before += request.expected_bytes;
  Request request{++requests_, largest_bytes_, now, now + options_.patience};
  request.deadline += time_for(before + request.expected_bytes);
  peer->second.pending.emplace(height, request);
  asked_[height].push_back(peer->first);
  return {peer->first, height};
}

bool BlockPool::is_late(const p2p::NodeId& peer, std::int64_t height, MonotonicTime now) const {
  return now - peers_.at(peer).pending.at(height).asked >= options_.second_after;
}

std::vector<PoolRequest> BlockPool::requests(MonotonicTime now) {
  std::vector<PoolRequest> requests;
  const std::int64_t end = next_height_ + options_.window_heights;
  for (std::int64_t height = next_height_; height < end && has_room(height); ++height) {
    if (held_.contains(height)) continue;
    const auto asked = asked_.find(height);
    const p2p::NodeId* first = nullptr;
    if (asked != asked_.end()) {
      first = &asked->second.front();
      const bool is_urgent = height < next_height_ + options_.urgent_heights;
      if (!is_urgent || asked->second.size() > 1 || !is_late(*first, height, now)) continue;
    }
    const auto peer = peer_for(height, first);
    if (peer != peers_.end()) requests.push_back(ask(peer, height, now));
  }
  return requests;
}

void BlockPool::not_sent(const PoolRequest& request) {
  const auto peer = peers_.find(request.peer);
  if (peer != peers_.end()) end_request(peer, request.height);
}

/// A block that was larger than expected delays those that were asked for after it, no others: a
/// peer gains no time for one block by sending another first.
void BlockPool::allow_for(Peer& peer, const Request& answered, std::size_t bytes) const {
  if (bytes <= answered.expected_bytes) return;
  const auto more = time_for(bytes - answered.expected_bytes);
  for (auto& [height, request] : peer.pending) {
    if (request.number > answered.number) request.deadline += more;
  }
}

/// Whether there is room for a block; higher ones make it, and are asked for again later.
bool BlockPool::make_room(std::int64_t height, std::size_t bytes) {
  while (held_bytes_ + bytes > options_.max_bytes && !held_.empty()) {
    const auto highest = std::prev(held_.end());
    if (highest->first < height || highest->first < next_height_ + kLeastHeights) break;
    held_bytes_ -= highest->second.bytes;
    held_.erase(highest);
  }
  return held_bytes_ + bytes <= options_.max_bytes || height < next_height_ + kLeastHeights;
}

bool BlockPool::add(const p2p::NodeId& from, BlockResponse response, std::size_t bytes) {
  const std::int64_t height = response.block.header.height;
  const auto peer = peers_.find(from);
  if (peer == peers_.end()) return false;
  const auto answered = end_request(peer, height);
  if (!answered) return false;
  allow_for(peer->second, *answered, bytes);
  largest_bytes_ = std::max(largest_bytes_ - largest_bytes_ / 64, bytes);
  if (height < next_height_ || held_.contains(height) || !make_room(height, bytes)) return true;
  held_bytes_ += bytes;
  held_.emplace(height, PooledBlock{from, std::move(response), bytes, {}, {}, {}});
  return true;
}

bool BlockPool::lacks(const p2p::NodeId& from, std::int64_t height, MonotonicTime now) {
  const auto peer = peers_.find(from);
  if (peer == peers_.end() || !end_request(peer, height)) return false;
  const bool is_lowest = peer->second.lacked == 0 || height < peer->second.lacked;
  if (is_lowest) peer->second.lacked = height;
  peer->second.lacked_until = now + options_.back_off;
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
    const bool has_expired = std::ranges::any_of(
        peer.pending, [&](const auto& one) { return now >= one.second.deadline; });
    if (has_expired) late.push_back({id, "it claims a block and does not send it in time"});
  }
  for (const PoolFault& fault : late) ban(fault.peer, now);
  return late;
}

std::vector<PooledBlock*> BlockPool::ready(std::size_t count) {
  std::vector<PooledBlock*> blocks;
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

std::vector<PoolFault> BlockPool::reject_first(Blame blame, MonotonicTime now) {
  const auto both = ready(2);
  CHECK(both.size() == 2, "both blocks are here");
  std::vector<PoolFault> faults;
  if (blame == Blame::kFirst || blame == Blame::kBoth) {
    faults.push_back({both[0]->from, "a block that it sent, or its commit, is bad"});
  }
  if (blame == Blame::kSecond || blame == Blame::kBoth) {
    const bool is_same = !faults.empty() && both[1]->from == both[0]->from;
    if (!is_same) {
      faults.push_back({both[1]->from, "a block that it sent does not prove the one before it"});
    }
  }
  for (const PoolFault& fault : faults) ban(fault.peer, now);
  return faults;
}

}  // namespace buri::consensus::sync
