#include <gtest/gtest.h>
#include <sys/resource.h>

#include "node/consensus/p2p/handshake_slots.hpp"
#include "tests/support/long_run.hpp"
#include "tests/support/resident_memory.hpp"
#include "tests/unit/node/consensus/p2p/live_nodes.hpp"

namespace buri::consensus::p2p::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Packets of one message, of which the last piece is missing if it is not `whole`.
Bytes packets_of(std::uint8_t channel, std::size_t size, bool whole) {
  const Bytes data(kPacketDataBytes, 0x5a);
  Bytes packets;
  for (std::size_t sent = 0; sent < size; sent += data.size()) {
    const std::size_t count = std::min(data.size(), size - sent);
    const bool is_last = whole && sent + count == size;
    append_packet(packets, PacketMessage{channel, is_last, ByteView(data).first(count)});
  }
  return packets;
}

/// An honest node connects to `node` and both hear each other.
void expect_served(LiveNode& node) {
  NetworkOptions options = quick_options();
  options.peers.persistent_peers = {node.address()};
  LiveNode honest(options);
  const std::size_t before = node.listener().heard_count();
  ASSERT_TRUE(eventually([&] {
    return honest.network().can_send(node.id(), kVoteChannel) &&
           node.network().can_send(honest.id(), kVoteChannel);
  }));
  ASSERT_TRUE(honest.network().send(node.id(), kVoteChannel, Bytes{1, 2, 3}));
  ASSERT_TRUE(node.network().send(honest.id(), kVoteChannel, Bytes{4, 5, 6}));
  EXPECT_TRUE(eventually([&] { return node.listener().heard_count() > before; }));
  EXPECT_TRUE(eventually([&] { return honest.listener().heard_count() == 1; }));
}

TEST(HandshakeSlots, TheOldestOfTheSameAddressGoesFirst) {
  HandshakeSlots slots(3, 2);
  const IpAddress one = IpAddress::from_text("5.5.5.5").value();
  const IpAddress two = IpAddress::from_text("6.6.6.6").value();
  EXPECT_EQ(slots.take(1, one), std::nullopt);
  EXPECT_EQ(slots.take(2, two), std::nullopt);
  EXPECT_EQ(slots.take(3, two), std::nullopt);
  EXPECT_EQ(slots.take(4, two), 2U);
  EXPECT_EQ(slots.take(5, IpAddress::from_text("7.7.7.7").value()), 1U);
  slots.give_back(3);
  EXPECT_EQ(slots.size(), 2U);
  EXPECT_EQ(slots.take(6, two), std::nullopt);
  HandshakeSlots v6(9, 1);
  EXPECT_EQ(v6.take(1, IpAddress::from_text("2600:1:2:3::1").value()), std::nullopt);
  EXPECT_EQ(v6.take(2, IpAddress::from_text("2600:1:2:3:4::1").value()), 1U);
}

TEST(HostileNetwork, SilentCallersNeitherFillTheNodeNorKeepOthersOut) {
  const bool is_long = is_long_run();
  const std::size_t count = is_long ? 10'000 : 1'000;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, count + 2'000);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < count + 500) GTEST_SKIP() << "needs " << count + 500 << " descriptors";
  LiveNode node;
  const std::size_t before = resident_bytes();
  std::vector<std::unique_ptr<RawPeer>> silent;
  std::size_t most = 0;
  for (std::size_t i = 0; i < count; ++i) {
    // From many addresses, of which each says nothing, or something that is no handshake.
    const std::string from = "127.0." + std::to_string(1 + i % 50) + ".1";
    silent.push_back(std::make_unique<RawPeer>(node.address().port, from));
    if (i % 3 == 1) silent.back()->send_wire(Bytes{0x22, 0x0a});
    if (i % 3 == 2) silent.back()->send_wire(as_bytes("GET / HTTP/1.1\r\n\r\n"));
    most = std::max(most, node.network().connections());
    if (i == count / 2) expect_served(node);
  }
  EXPECT_TRUE(eventually([&] { return node.network().connections() <= 128; }));
  EXPECT_LE(most, 200U);
  EXPECT_LE(resident_bytes(), before + (std::size_t{64} << 20));
  expect_served(node);
}

TEST(HostileNetwork, ASlowHandshakeEndsAtItsDeadline) {
  NetworkOptions options = quick_options();
  options.connections.handshake_timeout = milliseconds(100);
  LiveNode node(options);
  RawPeer slow(node.address().port);
  slow.send_wire(Bytes{0x22});
  EXPECT_TRUE(slow.is_hung_up());
  EXPECT_TRUE(eventually([&] { return node.network().connections() == 0; }));
}

/// Each breaks one rule of the wire after an honest handshake.
TEST(HostileNetwork, BreachesOfTheWireEndTheConnection) {
  LiveNode node;
  const std::vector<std::pair<Bytes, std::string>> breaches{
      {packets_of(0x77, 10, true), "channel that this node does not have"},
      {packets_of(kPexChannel, 64'001, true), "above the limit"},
      {Bytes{0xff, 0xff, 0x7f}, "more than 1024 bytes"},
      {Bytes{0x02, 0x2a, 0x00}, "no packet"},
  };
  for (const auto& [packets, reason] : breaches) {
    RawPeer peer(node.address().port);
    ASSERT_TRUE(peer.shake_hands());
    ASSERT_TRUE(eventually([&] { return node.listener().peer_count() == 1; }));
    peer.send_packets(packets);
    EXPECT_TRUE(peer.is_hung_up());
    EXPECT_TRUE(eventually([&] { return node.listener().peer_count() == 0; }));
    EXPECT_NE(node.listener().last_reason().find(reason), std::string::npos)
        << node.listener().last_reason();
  }
  RawPeer forger(node.address().port);
  ASSERT_TRUE(forger.shake_hands());
  forger.send_wire(Bytes(kSealedFrameBytes, 0));
  EXPECT_TRUE(forger.is_hung_up());
  expect_served(node);
}

TEST(HostileNetwork, AMisbehavingNodeIsBanned) {
  LiveNode node;
  RawPeer peer(node.address().port);
  ASSERT_TRUE(peer.shake_hands());
  ASSERT_TRUE(eventually([&] { return node.listener().peer_count() == 1; }));
  node.network().disconnect(peer.id(), Refusal::kMisbehaved);
  EXPECT_TRUE(peer.is_hung_up());
  EXPECT_TRUE(eventually([&] { return node.listener().peer_count() == 0; }));
}

TEST(HostileNetwork, APeerThatDoesNotReadIsDropped) {
  NetworkOptions options = quick_options();
  options.connections.send_timeout = milliseconds(200);
  options.connections.multiplexer.send_bytes_per_s = 500'000'000;
  options.connections.multiplexer.burst_bytes = 50'000'000;
  LiveNode node(options);
  RawPeer peer(node.address().port);
  ASSERT_TRUE(peer.shake_hands());
  ASSERT_TRUE(eventually([&] { return node.network().peers().size() == 1; }));
  // More than the sockets' buffers hold, and what waits is bounded.
  std::size_t taken = 0;
  while (node.network().send(peer.id(), kBlockSyncChannel, Bytes(1'000'000))) ++taken;
  EXPECT_LE(taken, 60U);
  EXPECT_TRUE(eventually([&] { return node.listener().peer_count() == 0; }));
  EXPECT_EQ(node.listener().last_reason(), "the peer takes its messages too slowly");
}

TEST(HostileNetwork, APeerThatDoesNotAnswerPingsIsDropped) {
  NetworkOptions options = quick_options();
  options.connections.multiplexer.ping_interval = milliseconds(100);
  options.connections.multiplexer.pong_timeout = milliseconds(600);
  LiveNode node(options);
  options.peers.persistent_peers = {node.address()};
  LiveNode honest(options);
  RawPeer dead(node.address().port);
  ASSERT_TRUE(dead.shake_hands());
  EXPECT_TRUE(dead.is_hung_up());
  // The honest one answers.
  EXPECT_TRUE(eventually([&] { return node.network().peers().size() == 1; }));
}

TEST(HostileNetwork, NothingIsReadBeyondWhatTheOwnersProcess) {
  NetworkOptions options = quick_options();
  options.connections.max_unprocessed_bytes = 100'000;
  LiveNode node(options);
  node.listener().keep_holds(true);
  options.peers.persistent_peers = {node.address()};
  LiveNode sender(options);
  ASSERT_TRUE(eventually([&] { return sender.network().peers().size() == 1; }));
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(sender.network().send(node.id(), kStateChannel, Bytes(20'000)));
  }
  ASSERT_TRUE(eventually([&] { return node.listener().heard_bytes() >= 100'000; }));
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_LE(node.listener().heard_bytes(), 200'000U);
  node.listener().keep_holds(false);
  EXPECT_TRUE(eventually([&] { return node.listener().heard_bytes() == 2'000'000; }));
}

TEST(HostileNetwork, ThePeerThatHoldsMostMemoryGoesWhenThereIsTooMuch) {
  NetworkOptions options = quick_options();
  options.max_held_bytes = 3'000'000;
  options.connections.multiplexer.receive_bytes_per_s = 100'000'000;
  options.connections.multiplexer.burst_bytes = 10'000'000;
  LiveNode node(options);
  RawPeer modest(node.address().port);
  RawPeer greedy(node.address().port);
  ASSERT_TRUE(modest.shake_hands());
  ASSERT_TRUE(greedy.shake_hands());
  ASSERT_TRUE(modest.send_packets(packets_of(kBlockSyncChannel, 500'000, false)));
  ASSERT_TRUE(greedy.send_packets(packets_of(kBlockSyncChannel, 4'000'000, false)));
  EXPECT_TRUE(greedy.is_hung_up());
  EXPECT_TRUE(eventually([&] { return node.listener().peer_count() == 1; }));
  EXPECT_FALSE(modest.is_hung_up(milliseconds(50)));
}

}  // namespace
}  // namespace buri::consensus::p2p::testing
