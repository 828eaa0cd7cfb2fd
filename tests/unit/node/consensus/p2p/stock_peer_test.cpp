#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/unit/node/consensus/engine/recorded_messages.hpp"
#include "tests/unit/node/consensus/p2p/live_nodes.hpp"

/// A live exchange with a stock node (p2p.Switch of the fork, PEX and an owner that answers every
/// message with itself) that somebody has started beside the test. BURI_STOCK_PEER=ID@HOST:PORT
/// names it; BURI_STOCK_CALLER=PORT says that it calls this test's node there.

namespace buri::consensus::p2p::testing {
namespace {

/// On which channel a recorded message travels, by the beginning of its name.
const std::vector<std::pair<std::string, std::uint8_t>> kChannelOf{
    {"consensus NewRoundStep", kStateChannel},
    {"consensus NewValidBlock", kStateChannel},
    {"consensus HasVote", kStateChannel},
    {"consensus VoteSetMaj23", kStateChannel},
    {"consensus Proposal", kDataChannel},
    {"consensus BlockPart", kDataChannel},
    {"consensus BlobPart", kDataChannel},
    {"consensus Vote ", kVoteChannel},
    {"consensus VoteSetBits", kVoteSetBitsChannel},
    {"blocksync ", kBlockSyncChannel},
    {"statesync Snapshots", kSnapshotChannel},
    {"statesync Chunk", kChunkChannel},
    {"mempool ", kMempoolChannel},
    {"evidence EvidenceList", kEvidenceChannel}};

/// Sends every recorded message to the only peer, which must say the same back.
void expect_every_message_back(LiveNode& node) {
  ASSERT_TRUE(
      eventually([&] { return node.network().peers().size() == 1; }, std::chrono::seconds(30)));
  const PeerSummary peer = node.network().peers().at(0).peer;
  std::size_t sent = 0;
  for (const auto& [prefix, channel] : kChannelOf) {
    const auto messages = buri::testing::recorded_messages(prefix);
    if (!messages) GTEST_SKIP() << "needs the recordings";
    for (const auto& message : *messages) {
      ASSERT_TRUE(eventually([&] { return node.network().can_send(peer.id, channel); }));
      ASSERT_TRUE(node.network().send(peer.id, channel, message.bytes));
      ASSERT_TRUE(eventually([&] { return node.listener().heard_count() == sent + 1; }))
          << message.name << ": " << node.listener().last_reason();
      EXPECT_EQ(node.listener().heard(channel).back(), message.bytes) << message.name;
      ++sent;
    }
  }
  EXPECT_GE(sent, 25U);
  EXPECT_EQ(node.network().peers().size(), 1U) << node.listener().last_reason();
}

TEST(StockPeer, SaysEveryRecordedMessageBack) {
  const char* address = std::getenv("BURI_STOCK_PEER");
  if (address == nullptr) GTEST_SKIP() << "BURI_STOCK_PEER names no stock node";
  NetworkOptions options = quick_options();
  options.peers.persistent_peers = {parse_peer_address(address).value()};
  LiveNode node(options);
  expect_every_message_back(node);
}

TEST(StockPeer, CallsThisNode) {
  const char* port = std::getenv("BURI_STOCK_CALLER");
  if (port == nullptr) GTEST_SKIP() << "BURI_STOCK_CALLER names no port";
  NetworkOptions options = quick_options();
  options.listen_port = static_cast<std::uint16_t>(std::atoi(port));
  Secret<32> seed;
  LiveNode node(options, test_info("called"), NodeKey(std::move(seed)));
  std::cout << "called as " << node.address().to_text() << std::endl;
  expect_every_message_back(node);
}

}  // namespace
}  // namespace buri::consensus::p2p::testing
