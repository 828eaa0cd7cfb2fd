#include <algorithm>

#include "node/consensus/p2p/channels.hpp"
#include "node/consensus/p2p/pex_message.hpp"
#include "node/consensus/p2p/switch.hpp"

/// The half of the switch that deals in addresses: whom to call, whom to ask, what to tell.

namespace buri::consensus::p2p {
namespace {

using std::chrono::seconds;

/// Answers are unasked for only this often (minReceiveRequestInterval of the fork).
constexpr seconds kMinRequestInterval{10};
constexpr int kSeedBias = 30;
constexpr seconds kMinCrawlInterval{120};
constexpr std::chrono::hours kCrawlMemory{24};

}  // namespace

void Switch::ensure_peers(Ensure reason) {
  const std::size_t taken = count(Direction::kOutbound) + dialing_.size();
  if (taken >= options_.max_outbound) return;
  const std::size_t dialed = dial_picked(options_.max_outbound - taken);
  if (book_.needs_more()) book_.reinstate(clock_.wall());
  if (!book_.needs_more()) return;
  if (!peers_.empty() && reason == Ensure::kPeriodic) {
    auto asked = peers_.begin();
    std::advance(asked, static_cast<std::ptrdiff_t>(random_.below(peers_.size())));
    request_addresses(asked->second);
  }
  if (dialed > 0) return;
  seeds_to_try_ = options_.seeds;
  for (std::size_t i = seeds_to_try_.size(); i > 1; --i) {
    std::swap(seeds_to_try_[i - 1], seeds_to_try_[random_.below(i)]);
  }
  dial_next_seed();
}

std::size_t Switch::dial_picked(std::size_t wanted) {
  // The more peers there are, the more the choice tends to those that nobody has tried.
  constexpr std::size_t kMostBias = 8;
  const int bias = static_cast<int>(std::min(count(Direction::kOutbound), kMostBias)) * 10 + 10;
  const std::size_t before = dialing_.size();
  for (std::size_t i = 0; i < wanted * 3 && dialing_.size() - before < wanted; ++i) {
    if (const auto address = book_.pick(bias)) dial_from_book(*address);
  }
  std::erase_if(attempts_, [&](const auto& entry) { return !book_.contains(entry.first); });
  return dialing_.size() - before;
}

void Switch::dial_next_seed() {
  while (!seeds_to_try_.empty()) {
    const PeerAddress seed = seeds_to_try_.back();
    seeds_to_try_.pop_back();
    if (peers_.contains(seed.id) || dialing_.contains(seed.id)) return;
    dial(seed);
    return;
  }
}

void Switch::crawl() {
  const MonotonicTime now = clock_.monotonic();
  for (const auto& [id, peer] : peers_) {
    const bool is_over = now - peer.since >= options_.seed_disconnect_wait;
    if (is_over && !is_persistent(id)) close(id, Refusal::kServed, true);
  }
  if (book_.size() == 0) {
    seeds_to_try_ = options_.seeds;
    dial_next_seed();
  }
  for (const NetAddress& address : book_.selection()) {
    const auto [last, is_new] = crawled_.try_emplace(address.id, now);
    if (!is_new && now - last->second < kMinCrawlInterval) continue;
    last->second = now;
    dial_from_book(address);
  }
  std::erase_if(crawled_, [&](const auto& entry) { return now - entry.second > kCrawlMemory; });
}

void Switch::request_addresses(SwitchPeer& peer) {
  const auto& channels = peer.info.channels;
  const bool speaks = std::ranges::find(channels, kPexChannel) != channels.end();
  if (!speaks || peer.awaits_addresses) return;
  peer.awaits_addresses = true;
  effects_.emplace_back(SendPex{peer.connection, encode(PexRequest{})});
}

SwitchEffects Switch::receive_pex(ConnectionId connection, ByteView bytes) {
  const auto found = find(connection);
  if (found == peers_.end()) return {};
  const NodeId id = found->first;
  const auto message = decode_pex_message(bytes);
  if (!message.ok()) {
    if (message.error() == PexError::kAddress) ban(id);
    close(id, Refusal::kPeerExchange, false);
  } else if (const auto* told = std::get_if<PexAddresses>(&message.value())) {
    take_addresses(id, found->second, told->addresses);
  } else {
    answer_request(id, found->second);
  }
  return take_effects();
}

bool Switch::asks_too_often(SwitchPeer& peer) {
  const MonotonicTime now = clock_.monotonic();
  // The first two are free: one at the start, one of the routine that follows.
  const bool is_early = peer.requests >= 2 && now - peer.last_request < kMinRequestInterval;
  if (!is_early && peer.requests >= 1) peer.last_request = now;
  ++peer.requests;
  return is_early;
}

void Switch::answer_request(const NodeId& id, SwitchPeer& peer) {
  if (options_.seed_mode && peer.direction == Direction::kInbound) {
    if (peer.requests++ > 0) return;
    effects_.emplace_back(
        SendPex{peer.connection, encode(PexAddresses{book_.selection(kSeedBias)})});
    close(id, Refusal::kServed, true);
    return;
  }
  if (asks_too_often(peer)) {
    ban(id);
    close(id, Refusal::kPeerExchange, false);
    return;
  }
  effects_.emplace_back(SendPex{peer.connection, encode(PexAddresses{book_.selection()})});
}

void Switch::take_addresses(const NodeId& id, SwitchPeer& peer,
                            const std::vector<NetAddress>& told) {
  if (!peer.awaits_addresses) {
    ban(id);
    close(id, Refusal::kPeerExchange, false);
    return;
  }
  peer.awaits_addresses = false;
  const NetAddress socket{id, peer.ip, 0};
  const NetAddress source = listening_address(id, peer.info.listen_address).value_or(socket);
  for (const NetAddress& address : told) book_.add(address, source, clock_.wall());
  const bool is_seed =
      std::ranges::any_of(options_.seeds, [&](const PeerAddress& seed) { return seed.id == id; });
  if (is_seed && !options_.seed_mode) ensure_peers(Ensure::kSeedAnswered);
}

}  // namespace buri::consensus::p2p
