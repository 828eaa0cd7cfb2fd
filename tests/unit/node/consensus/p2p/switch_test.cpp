#include "node/consensus/p2p/switch.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>

#include "base/hex.hpp"
#include "node/consensus/p2p/pex_message.hpp"

namespace buri::consensus::p2p {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const WallTime kStart{seconds(1'790'000'000)};

NodeId node(std::uint32_t number) {
  NodeId id;
  std::memcpy(id.data(), &number, sizeof number);
  return id;
}

IpAddress ip_of(std::uint32_t number) {
  return IpAddress::from_text("5." + std::to_string(number / 250) + "." +
                              std::to_string(number % 250) + ".7")
      .value();
}

NetAddress address_of(std::uint32_t number) { return {node(number), ip_of(number), 26656}; }

NodeInfo info_of(std::uint32_t number) {
  NodeInfo info;
  info.id = to_hex(node(number));
  info.listen_address = "tcp://" + ip_of(number).to_text() + ":26656";
  info.channels = {0x00, 0x20};
  return info;
}

/// A switch, and what it was last told to do.
class Rules {
 public:
  explicit Rules(SwitchOptions options, std::uint32_t own = 0xffff, std::uint64_t seed = 7)
      : random_(seed),
        book_(node(own), true, random_),
        switch_(std::move(options), book_, random_, clock_) {}

  Switch& operator*() { return switch_; }
  Switch* operator->() { return &switch_; }
  AddressBook& book() { return book_; }
  ManualClock& clock() { return clock_; }

  SwitchEffects pass(std::chrono::nanoseconds time) {
    clock_.advance(time);
    return switch_.poll();
  }
  SwitchEffects arrive(std::uint32_t number, Direction direction = Direction::kInbound,
                       ConnectionId connection = 0) {
    return switch_.newcomer({connection == 0 ? number : connection, direction, node(number),
                             ip_of(number), info_of(number)});
  }

 private:
  ManualClock clock_{kStart};
  SeededRandom random_;
  AddressBook book_;
  Switch switch_;
};

template <class Effect>
std::vector<Effect> only(const SwitchEffects& effects) {
  std::vector<Effect> found;
  for (const SwitchEffect& effect : effects) {
    if (const auto* one = std::get_if<Effect>(&effect)) found.push_back(*one);
  }
  return found;
}

std::optional<Refusal> refusal(const SwitchEffects& effects) {
  const auto closed = only<ClosePeer>(effects);
  return closed.empty() ? std::nullopt : std::optional(closed.front().reason);
}

TEST(Switch, AdmitsCallersUpToItsLimit) {
  Rules rules({.max_inbound = 2});
  EXPECT_EQ(only<AdmitPeer>(rules.arrive(1)), std::vector{AdmitPeer{1}});
  EXPECT_EQ(only<AdmitPeer>(rules.arrive(2)).size(), 1U);
  EXPECT_EQ(refusal(rules.arrive(3)), Refusal::kTooManyInbound);
  rules->lost(2);
  EXPECT_EQ(refusal(rules.arrive(3)), std::nullopt);
}

TEST(Switch, AdmitsTrustedPeersBeyondLimitsAndBans) {
  Rules rules({.persistent_peers = {PeerAddress::of(address_of(8))},
               .unconditional_ids = {node(9)},
               .max_inbound = 0});
  EXPECT_EQ(refusal(rules.arrive(1)), Refusal::kTooManyInbound);
  EXPECT_EQ(refusal(rules.arrive(8)), std::nullopt);
  rules->disconnect(node(9), Refusal::kMisbehaved);
  EXPECT_EQ(refusal(rules.arrive(9)), std::nullopt);
  EXPECT_EQ(rules->count(Direction::kInbound), 1U);  // the unconditional one does not count
}

TEST(Switch, RefusesANodeOrAnIpTwice) {
  Rules rules({});
  rules.arrive(1);
  EXPECT_EQ(refusal(rules.arrive(1, Direction::kInbound, 99)), Refusal::kDuplicateId);
  const Newcomer neighbour{5, Direction::kInbound, node(5), ip_of(1), info_of(5)};
  EXPECT_EQ(refusal(rules->newcomer(neighbour)), Refusal::kDuplicateIp);
  Rules lenient({.allow_duplicate_ip = true});
  lenient.arrive(1);
  EXPECT_EQ(refusal(lenient->newcomer(neighbour)), std::nullopt);
}

TEST(Switch, BansMisbehavingPeersForADay) {
  Rules rules({});
  rules.arrive(1);
  EXPECT_EQ(refusal(rules->disconnect(node(1), Refusal::kMisbehaved)), Refusal::kMisbehaved);
  rules->lost(1);
  EXPECT_EQ(refusal(rules.arrive(1, Direction::kInbound, 2)), Refusal::kBanned);
  rules.clock().advance(hours(24));
  EXPECT_EQ(refusal(rules.arrive(1, Direction::kInbound, 3)), std::nullopt);
}

TEST(Switch, CallsPersistentPeersForEver) {
  const PeerAddress address = PeerAddress::of(address_of(8));
  Rules rules({.persistent_peers = {address}, .pex = false, .dial_jitter = milliseconds(0)});
  EXPECT_EQ(only<DialPeer>(rules->start()), std::vector{DialPeer{address}});
  std::vector<seconds> pauses;
  for (int i = 0; i < 40; ++i) {
    rules->dial_failed(node(8), DialFailure::kUnreachable);
    const auto before = rules.clock().monotonic();
    SwitchEffects effects;
    while (only<DialPeer>(effects).empty()) {
      effects = rules.pass(rules->next_deadline() - rules.clock().monotonic());
    }
    pauses.push_back(std::chrono::duration_cast<seconds>(rules.clock().monotonic() - before));
  }
  EXPECT_EQ(pauses[0], seconds(5));
  EXPECT_EQ(pauses[19], seconds(5));
  EXPECT_EQ(pauses[20], seconds(3));
  EXPECT_EQ(pauses[22], seconds(27));
  EXPECT_EQ(pauses[39], seconds(600));
}

TEST(Switch, CallsAPersistentPeerAgainWhenItIsLost) {
  const PeerAddress address = PeerAddress::of(address_of(8));
  Rules rules({.persistent_peers = {address}, .pex = false, .dial_jitter = milliseconds(0)});
  rules->start();
  rules.arrive(8, Direction::kOutbound);
  EXPECT_TRUE(only<DialPeer>(rules.pass(minutes(10))).empty());
  rules->lost(8);
  EXPECT_EQ(only<DialPeer>(rules.pass(milliseconds(1))), std::vector{DialPeer{address}});
}

TEST(Switch, ForgetsItsOwnAddressWhenItAnswersItself) {
  Rules rules({.dial_jitter = milliseconds(0)});
  rules.book().add(address_of(1), address_of(1), kStart);
  ASSERT_EQ(only<DialPeer>(rules->start()).size(), 1U);
  rules->dial_failed(node(1), DialFailure::kSelf);
  EXPECT_FALSE(rules.book().contains(node(1)));
  EXPECT_EQ(rules.book().add(address_of(1), address_of(2), kStart), BookVerdict::kOwn);
}

TEST(Switch, PutsOffAddressesThatDoNotAnswerAndGivesUp) {
  Rules rules({.max_outbound = 1});
  rules.book().add(address_of(1), address_of(1), kStart);
  rules->start();
  int calls = 1;
  for (int i = 0; i < 24 * 60 * 2 * 4; ++i) {
    rules->dial_failed(node(1), DialFailure::kUnreachable);
    calls += static_cast<int>(only<DialPeer>(rules.pass(seconds(30))).size());
    if (rules.book().is_banned(node(1), rules.clock().wall())) break;
  }
  EXPECT_EQ(calls, 17);
  EXPECT_FALSE(rules.book().contains(node(1)));
}

TEST(Switch, AsksSeedsWhenItsBookIsEmpty) {
  const std::vector seeds{PeerAddress::of(address_of(1)), PeerAddress::of(address_of(2))};
  Rules rules({.seeds = seeds});
  const auto first = only<DialPeer>(rules->start());
  ASSERT_EQ(first.size(), 1U);
  const auto second =
      only<DialPeer>(rules->dial_failed(first[0].address.id, DialFailure::kUnreachable));
  ASSERT_EQ(second.size(), 1U);
  EXPECT_NE(second[0].address, first[0].address);
  const std::uint32_t seed = second[0].address == seeds[0] ? 1 : 2;
  const auto asked = only<SendPex>(rules.arrive(seed, Direction::kOutbound));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].message, encode(PexRequest{}));
  // What it tells is called at once.
  const auto told = encode(PexAddresses{{address_of(30), address_of(31)}});
  EXPECT_EQ(only<DialPeer>(rules->receive_pex(seed, told)).size(), 2U);
}

TEST(Switch, PunishesBreachesOfPeerExchange) {
  const Bytes list = encode(PexAddresses{{address_of(30)}});
  const Bytes request = encode(PexRequest{});
  {
    Rules rules({});
    rules.arrive(1);
    EXPECT_EQ(refusal(rules->receive_pex(1, list)), Refusal::kPeerExchange);  // unasked for
    EXPECT_TRUE(rules.book().is_banned(node(1), kStart));
  }
  {
    Rules rules({});
    rules.arrive(1);
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(only<SendPex>(rules->receive_pex(1, request)).size(), 1U);
    }
    rules.clock().advance(seconds(10));
    EXPECT_EQ(only<SendPex>(rules->receive_pex(1, request)).size(), 1U);
    rules.clock().advance(seconds(9));
    EXPECT_EQ(refusal(rules->receive_pex(1, request)), Refusal::kPeerExchange);
    EXPECT_TRUE(rules.book().is_banned(node(1), rules.clock().wall()));
  }
  {
    Rules rules({});
    rules.arrive(1);
    EXPECT_EQ(refusal(rules->receive_pex(1, Bytes{0xff})), Refusal::kPeerExchange);
    EXPECT_FALSE(rules.book().is_banned(node(1), kStart));
    EXPECT_TRUE(rules->receive_pex(77, list).empty());  // nobody
  }
}

TEST(Switch, KeepsPrivatePeersToItself) {
  Rules rules({.private_ids = {node(1)}});
  rules.arrive(1);
  rules.arrive(2);
  const auto answer = only<SendPex>(rules->receive_pex(2, encode(PexRequest{})));
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer[0].message, encode(PexAddresses{{address_of(2)}}));
}

TEST(Switch, ASeedTellsAndHangsUp) {
  Rules rules({.seed_mode = true});
  rules.arrive(1);
  const auto effects = rules->receive_pex(1, encode(PexRequest{}));
  EXPECT_EQ(only<SendPex>(effects).size(), 1U);
  EXPECT_EQ(only<ClosePeer>(effects), (std::vector{ClosePeer{1, Refusal::kServed, true}}));
  // It calls whom it knows, and asks everybody it reaches.
  rules.book().add(address_of(3), address_of(3), kStart);
  EXPECT_GE(only<DialPeer>(rules->start()).size(), 1U);
  EXPECT_EQ(only<SendPex>(rules.arrive(3, Direction::kOutbound)).size(), 1U);
}

/// Nodes that know one seed: their switches joined by links that carry everything at once.
class World {
 public:
  explicit World(std::uint32_t node_count) {
    for (std::uint32_t i = 0; i < node_count; ++i) {
      SwitchOptions options{.max_inbound = 8, .max_outbound = 4};
      if (i == 0) options.max_inbound = 100;
      if (i > 0) options.seeds = {PeerAddress::of(address_of(0))};
      nodes_.push_back(std::make_unique<Rules>(std::move(options), i, i + 1));
    }
  }

  void run(seconds time) {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) carry_out(i, nodes_[i]->operator*().start());
    for (seconds passed{0}; passed < time; ++passed) {
      for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        carry_out(i, nodes_[i]->pass(seconds(1)));
      }
    }
  }
  [[nodiscard]] std::size_t peers_of(std::uint32_t i) { return (*nodes_[i])->peers().size(); }
  [[nodiscard]] std::size_t outbound_of(std::uint32_t i) {
    return (*nodes_[i])->count(Direction::kOutbound);
  }

 private:
  std::uint32_t number_of(const NodeId& id) {
    std::uint32_t number = 0;
    std::memcpy(&number, id.data(), sizeof number);
    return number;
  }

  void carry_out(std::uint32_t who, const SwitchEffects& effects) {
    for (const SwitchEffect& effect : effects) {
      if (const auto* call = std::get_if<DialPeer>(&effect)) connect(who, call->address.id);
      if (const auto* sent = std::get_if<SendPex>(&effect)) {
        const auto link = links_.find({who, sent->connection});
        if (link == links_.end()) continue;
        const auto [other, connection] = link->second;
        carry_out(other, (*nodes_[other])->receive_pex(connection, sent->message));
      }
      if (const auto* closed = std::get_if<ClosePeer>(&effect)) hang_up(who, closed->connection);
    }
  }

  void connect(std::uint32_t caller, const NodeId& called) {
    const std::uint32_t other = number_of(called);
    const ConnectionId connection = ++last_connection_;
    links_[{caller, connection}] = {other, connection};
    links_[{other, connection}] = {caller, connection};
    carry_out(other, nodes_[other]->arrive(caller, Direction::kInbound, connection));
    carry_out(caller, nodes_[caller]->arrive(other, Direction::kOutbound, connection));
    // Where the other end had refused, this one notices now.
    if (!links_.contains({caller, connection}))
      carry_out(caller, (*nodes_[caller])->lost(connection));
  }

  void hang_up(std::uint32_t who, ConnectionId connection) {
    const auto link = links_.find({who, connection});
    if (link == links_.end()) return;
    const auto [other, other_connection] = link->second;
    links_.erase({other, other_connection});
    links_.erase(link);
    carry_out(who, (*nodes_[who])->lost(connection));
    carry_out(other, (*nodes_[other])->lost(connection));
  }

  using End = std::pair<std::uint32_t, ConnectionId>;
  std::vector<std::unique_ptr<Rules>> nodes_;
  std::map<End, End> links_;
  ConnectionId last_connection_ = 0;
};

TEST(Switch, NodesThatKnowOneSeedFindEachOther) {
  constexpr std::uint32_t kNodes = 20;
  World world(kNodes);
  world.run(minutes(3));
  for (std::uint32_t i = 1; i < kNodes; ++i) {
    EXPECT_GE(world.outbound_of(i), 3U) << i;
    EXPECT_LE(world.outbound_of(i), 4U) << i;
    EXPECT_LE(world.peers_of(i), 12U) << i;
  }
}

}  // namespace
}  // namespace buri::consensus::p2p
