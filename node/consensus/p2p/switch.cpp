#include "node/consensus/p2p/switch.hpp"

#include <algorithm>

namespace buri::consensus::p2p {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kSavePeriod{120};
constexpr std::chrono::hours kBan{24};
constexpr unsigned kMaxAttempts = 16;
/// Calls to a persistent peer: at first evenly, then at intervals that grow threefold.
constexpr unsigned kEvenAttempts = 20;
constexpr seconds kEvenInterval{5};
constexpr unsigned kBackOffBase = 3;

}  // namespace

std::string_view describe(Refusal refusal) {
  switch (refusal) {
    case Refusal::kDuplicateId:
      return "the node is connected already";
    case Refusal::kDuplicateIp:
      return "another peer has the same IP address";
    case Refusal::kTooManyInbound:
      return "there are as many callers as the settings allow";
    case Refusal::kBanned:
      return "the node is banned for a day";
    case Refusal::kPeerExchange:
      return "the peer broke a rule of peer exchange";
    case Refusal::kMisbehaved:
      return "the peer misbehaved";
    case Refusal::kUnwanted:
      return "the peer is not wanted any more";
    case Refusal::kServed:
      return "the peer got its addresses";
    case Refusal::kStopping:
      return "this node stops";
  }
  return "unknown reason";
}

Switch::Switch(SwitchOptions options, AddressBook& book, Random& random, const Clock& clock)
    : options_(std::move(options)), book_(book), random_(random), clock_(clock) {
  for (const NodeId& id : options_.private_ids) book_.add_private(id);
  for (const PeerAddress& address : options_.persistent_peers) {
    persistent_[address.id].address = address;
  }
}

milliseconds Switch::jitter(milliseconds most) {
  return milliseconds(random_.below(static_cast<std::uint64_t>(most.count()) + 1));
}

SwitchEffects Switch::start() {
  const MonotonicTime now = clock_.monotonic();
  for (auto& [id, persistent] : persistent_) {
    persistent.next_dial = now + jitter(options_.dial_jitter);
    // As stock: they are told to others unless they are private.
    const auto address = persistent.address.numeric();
    if (address && options_.pex) book_.add(*address, *address, clock_.wall());
  }
  if (options_.pex) {
    // Nodes that start together do not ask together, unless there is nobody else to turn to.
    next_ensure_ = persistent_.empty() ? now : now + jitter(options_.dial_jitter);
    next_save_ = now + kSavePeriod;
  }
  return poll();
}

SwitchEffects Switch::poll() {
  const MonotonicTime now = clock_.monotonic();
  for (auto& [id, persistent] : persistent_) {
    if (!persistent.next_dial || now < *persistent.next_dial) continue;
    persistent.next_dial.reset();
    if (!peers_.contains(id) && !dialing_.contains(id)) dial(persistent.address);
  }
  if (next_ensure_ && now >= *next_ensure_) {
    constexpr seconds kEnsurePeriod{30};
    next_ensure_ = now + kEnsurePeriod;
    options_.seed_mode ? crawl() : ensure_peers(Ensure::kPeriodic);
  }
  if (next_save_ && now >= *next_save_) {
    next_save_ = now + kSavePeriod;
    effects_.emplace_back(SaveBook{});
  }
  return take_effects();
}

MonotonicTime Switch::next_deadline() const {
  MonotonicTime next = clock_.monotonic() + kSavePeriod;
  const auto consider = [&](const std::optional<MonotonicTime>& time) {
    if (time) next = std::min(next, *time);
  };
  for (const auto& [id, persistent] : persistent_) consider(persistent.next_dial);
  consider(next_ensure_);
  consider(next_save_);
  return next;
}

std::size_t Switch::count(Direction direction) const {
  return static_cast<std::size_t>(std::ranges::count_if(peers_, [&](const auto& entry) {
    return entry.second.direction == direction && !is_unconditional(entry.first);
  }));
}

bool Switch::is_busy(const NetAddress& address) const {
  if (peers_.contains(address.id) || dialing_.contains(address.id)) return true;
  return !options_.allow_duplicate_ip && std::ranges::any_of(peers_, [&](const auto& entry) {
    return entry.second.ip == address.ip;
  });
}

std::map<NodeId, SwitchPeer>::iterator Switch::find(ConnectionId connection) {
  return std::ranges::find_if(
      peers_, [&](const auto& entry) { return entry.second.connection == connection; });
}

std::optional<Refusal> Switch::refusal_of(const Newcomer& newcomer) const {
  if (peers_.contains(newcomer.id)) return Refusal::kDuplicateId;
  if (is_trusted(newcomer.id)) return std::nullopt;
  if (book_.is_banned(newcomer.id, clock_.wall())) return Refusal::kBanned;
  const bool is_duplicate = std::ranges::any_of(
      peers_, [&](const auto& entry) { return entry.second.ip == newcomer.ip; });
  if (is_duplicate && !options_.allow_duplicate_ip) return Refusal::kDuplicateIp;
  if (newcomer.direction == Direction::kInbound &&
      count(Direction::kInbound) >= options_.max_inbound) {
    return Refusal::kTooManyInbound;
  }
  return std::nullopt;
}

SwitchEffects Switch::newcomer(const Newcomer& newcomer) {
  const NodeId& id = newcomer.id;
  if (newcomer.direction == Direction::kOutbound) {
    dialing_.erase(id);
    attempts_.erase(id);
  }
  if (const auto refusal = refusal_of(newcomer)) {
    effects_.emplace_back(ClosePeer{newcomer.connection, *refusal, false});
    return take_effects();
  }
  SwitchPeer& peer = peers_[id];
  peer.connection = newcomer.connection;
  peer.direction = newcomer.direction;
  peer.ip = newcomer.ip;
  peer.info = newcomer.info;
  peer.since = clock_.monotonic();
  if (const auto found = persistent_.find(id); found != persistent_.end()) {
    found->second.failures = 0;
    found->second.next_dial.reset();
  }
  effects_.emplace_back(AdmitPeer{newcomer.connection});
  if (options_.pex) welcome(id, peer);
  return take_effects();
}

void Switch::welcome(const NodeId& id, SwitchPeer& peer) {
  if (peer.direction == Direction::kOutbound) {
    if (options_.seed_mode || book_.needs_more()) request_addresses(peer);
  } else if (const auto address = listening_address(id, peer.info.listen_address)) {
    book_.add(*address, *address, clock_.wall());
  }
}

void Switch::dial(const PeerAddress& address) {
  dialing_.emplace(address.id, address);
  effects_.emplace_back(DialPeer{address});
}

void Switch::dial_from_book(const NetAddress& address) {
  // Persistent peers have a timetable of their own.
  if (is_persistent(address.id) || is_busy(address)) return;
  if (const auto found = attempts_.find(address.id); found != attempts_.end()) {
    const Attempts& attempts = found->second;
    if (attempts.count > kMaxAttempts) {
      book_.ban(address.id, kBan, clock_.wall());
      attempts_.erase(found);
      return;
    }
    const auto pause = seconds(std::int64_t{1} << attempts.count) + jitter(seconds(1));
    if (clock_.monotonic() - attempts.last < pause) return;
  }
  dial(PeerAddress::of(address));
}

void Switch::put_off_persistent(Persistent& persistent) {
  ++persistent.failures;
  milliseconds pause = kEvenInterval;
  const milliseconds longest = options_.persistent_max_dial_period;
  for (unsigned i = kEvenAttempts; i < persistent.failures && pause < longest; ++i) {
    pause = i == kEvenAttempts ? seconds(kBackOffBase) : pause * kBackOffBase;
  }
  persistent.next_dial =
      clock_.monotonic() + std::min(pause, longest) + jitter(options_.dial_jitter);
}

SwitchEffects Switch::dial_failed(const NodeId& id, DialFailure failure) {
  const auto called = dialing_.find(id);
  if (called == dialing_.end()) return {};
  const PeerAddress address = called->second;
  dialing_.erase(called);
  if (failure == DialFailure::kSelf) {
    book_.remove(id);
    if (const auto own = address.numeric()) book_.add_own(*own);
    return {};
  }
  book_.mark_attempt(id, clock_.wall());
  const bool is_seed = std::ranges::find(options_.seeds, address) != options_.seeds.end();
  if (const auto found = persistent_.find(id); found != persistent_.end()) {
    put_off_persistent(found->second);
  } else if (is_seed) {
    dial_next_seed();
  } else {
    Attempts& attempts = attempts_[id];
    ++attempts.count;
    attempts.last = clock_.monotonic();
  }
  return take_effects();
}

SwitchEffects Switch::lost(ConnectionId connection) {
  const auto found = find(connection);
  if (found == peers_.end()) return {};
  const auto persistent = persistent_.find(found->first);
  if (persistent != persistent_.end()) {
    persistent->second.next_dial = clock_.monotonic() + jitter(options_.dial_jitter);
  }
  peers_.erase(found);
  return take_effects();
}

void Switch::close(const NodeId& id, Refusal reason, bool flush) {
  // The peer counts as connected until its connection has ended.
  effects_.emplace_back(ClosePeer{peers_.at(id).connection, reason, flush});
}

void Switch::ban(const NodeId& id) {
  if (!is_trusted(id)) book_.ban(id, kBan, clock_.wall());
}

SwitchEffects Switch::disconnect(const NodeId& id, Refusal reason) {
  if (reason == Refusal::kMisbehaved) ban(id);
  if (peers_.contains(id)) close(id, reason, reason != Refusal::kMisbehaved);
  return take_effects();
}

}  // namespace buri::consensus::p2p
