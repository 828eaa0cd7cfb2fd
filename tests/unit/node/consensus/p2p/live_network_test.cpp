#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/node/consensus/p2p/live_nodes.hpp"

namespace buri::consensus::p2p::testing {
namespace {

using std::chrono::milliseconds;

Bytes pattern(std::size_t size, std::uint8_t first) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::uint8_t>(first + i * 7 + i / 251);
  return bytes;
}

NetworkOptions calling(const LiveNode& other) {
  NetworkOptions options = quick_options();
  options.peers.persistent_peers = {other.address()};
  return options;
}

TEST(LiveNetwork, TwoNodesExchangeOnEveryChannel) {
  LiveNode a;
  LiveNode b(calling(a));
  ASSERT_TRUE(eventually(
      [&] { return a.network().peers().size() == 1 && b.network().peers().size() == 1; }));
  const std::vector<std::size_t> sizes{0, 1, 1023, 1024, 1025, 300'000};
  for (LiveNode* node : {&a, &b}) {
    LiveNode& other = node == &a ? b : a;
    for (const std::uint8_t channel : node->listener().channels()) {
      for (const std::size_t size : sizes) {
        EXPECT_TRUE(eventually([&] { return node->network().can_send(other.id(), channel); }));
        EXPECT_TRUE(node->network().send(other.id(), channel, pattern(size, channel)));
      }
    }
  }
  for (LiveNode* node : {&a, &b}) {
    ASSERT_TRUE(eventually([&] { return node->listener().heard_count() == 9 * sizes.size(); }));
    for (const std::uint8_t channel : node->listener().channels()) {
      const auto heard = node->listener().heard(channel);
      ASSERT_EQ(heard.size(), sizes.size());
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        EXPECT_EQ(heard[i], pattern(sizes[i], channel)) << int{channel} << " " << sizes[i];
      }
    }
  }
  const PeerStatus status = b.network().peers().at(0);
  EXPECT_EQ(status.peer.id, a.id());
  EXPECT_EQ(status.peer.direction, Direction::kOutbound);
  EXPECT_TRUE(status.is_persistent);
  EXPECT_GT(status.traffic.sent_bytes, 9 * 300'000U);
  EXPECT_GT(status.traffic.received_bytes, 9 * 300'000U);
}

TEST(LiveNetwork, ALargeBlockPassesWithinTheRate) {
  NetworkOptions options = quick_options();
  options.connections.multiplexer.send_bytes_per_s = 200'000'000;
  options.connections.multiplexer.receive_bytes_per_s = 200'000'000;
  options.connections.multiplexer.burst_bytes = 20'000'000;
  LiveNode a(options);
  options.peers.persistent_peers = {a.address()};
  LiveNode b(options);
  ASSERT_TRUE(eventually([&] { return b.network().peers().size() == 1; }));
  const Bytes block = pattern(20'000'000, 3);
  ASSERT_TRUE(b.network().send(a.id(), kBlockSyncChannel, block));
  ASSERT_TRUE(eventually([&] { return a.listener().heard_count() == 1; }));
  EXPECT_EQ(a.listener().heard(kBlockSyncChannel).at(0), block);
}

TEST(LiveNetwork, APersistentPeerIsCalledAgainUntilItReturns) {
  auto a = std::make_unique<LiveNode>();
  LiveNode b(calling(*a));
  ASSERT_TRUE(eventually(
      [&] { return a->listener().peer_count() == 1 && b.listener().peer_count() == 1; }));
  a->network().disconnect(b.id(), Refusal::kUnwanted);
  EXPECT_TRUE(eventually([&] { return !b.listener().last_reason().empty(); }));
  EXPECT_TRUE(eventually([&] { return b.listener().peer_count() == 1; }));
  a.reset();
  EXPECT_TRUE(eventually([&] { return b.listener().peer_count() == 0; }));
}

TEST(LiveNetwork, WhatIsQueuedIsSentBeforeAnOrderlyEnd) {
  LiveNode a;
  LiveNode b(calling(a));
  ASSERT_TRUE(eventually([&] { return b.network().peers().size() == 1; }));
  ASSERT_TRUE(b.network().send(a.id(), kBlockSyncChannel, pattern(200'000, 1)));
  b.stop();
  EXPECT_TRUE(eventually([&] { return a.listener().peer_count() == 0; }));
  EXPECT_EQ(a.listener().heard_bytes(), 200'000U);
}

TEST(LiveNetwork, NodesOfAnotherChainAndTheNodeItselfAreNoPeers) {
  LiveNode a;
  NodeInfo other_chain = test_info("other");
  other_chain.network = "test-2";
  LiveNode b(calling(a), other_chain);
  NetworkOptions wrong_id = quick_options();
  wrong_id.peers.persistent_peers = {{b.id(), "127.0.0.1", a.address().port}};
  LiveNode c(wrong_id);
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_EQ(a.listener().peer_count() + b.listener().peer_count() + c.listener().peer_count(), 0U);
}

TEST(LiveNetwork, NodesFindEachOtherThroughASeedAndKeepTheAddresses) {
  NetworkOptions seed_options = quick_options();
  seed_options.peers.seed_mode = true;
  LiveNode seed(seed_options);
  AddressBookRecord saved;
  std::vector<std::unique_ptr<LiveNode>> nodes;
  for (int i = 0; i < 4; ++i) {
    NetworkOptions options = quick_options();
    options.peers.seeds = {seed.address()};
    if (i == 3) options.save_book = [&](const AddressBookRecord& book) { saved = book; };
    nodes.push_back(std::make_unique<LiveNode>(options));
    // The seed hears of a node when it calls; whoever comes later is told.
    ASSERT_TRUE(eventually([&] { return i == 0 || nodes.back()->listener().peer_count() >= 1; }));
  }
  EXPECT_TRUE(eventually([&] { return nodes[3]->listener().peer_count() >= 3; }));
  nodes[3]->stop();
  EXPECT_GE(saved.addresses.size(), 3U);
}

TEST(LiveNetwork, AnUnusableListeningAddressIsASentence) {
  NetworkOptions options = quick_options();
  options.listen_host = "nowhere";
  boost::asio::io_context context;
  const NodeKey key = NodeKey::generate(system_random());
  LiveNetwork network(context.get_executor(), {&key, test_info("x")}, options, system_random(),
                      system_clock(), Logger("p2p", LogLevel::kOff));
  EXPECT_EQ(network.start().error(), "laddr: \"nowhere\" is no IP address.");
}

}  // namespace
}  // namespace buri::consensus::p2p::testing
