#include "node/consensus/p2p/message_counts.hpp"

#include <gtest/gtest.h>

#include <set>

#include "node/consensus/p2p/channels.hpp"
#include "tests/unit/node/consensus/p2p/live_nodes.hpp"

namespace buri::consensus::p2p {
namespace {

std::string_view name_of(std::uint8_t channel, ByteView message) {
  return message_kinds()[kind_of_message(channel, message)].name;
}

TEST(MessageKinds, AreToldByChannelAndFirstField) {
  EXPECT_EQ(name_of(kPexChannel, Bytes{0x0a, 0}), "p2p_PexRequest");
  EXPECT_EQ(name_of(kStateChannel, Bytes{0x0a, 0}), "consensus_NewRoundStep");
  EXPECT_EQ(name_of(kStateChannel, Bytes{0x3a, 0}), "consensus_HasVote");
  EXPECT_EQ(name_of(kDataChannel, Bytes{0x2a, 0}), "consensus_BlockPart");
  EXPECT_EQ(name_of(kVoteChannel, Bytes{0x32, 0}), "consensus_Vote");
  EXPECT_EQ(name_of(kEvidenceChannel, Bytes{0x0a, 0}), "types_EvidenceList");
  EXPECT_EQ(name_of(kEvidenceChannel, Bytes{}), "types_EvidenceList");
  EXPECT_EQ(name_of(kBlockSyncChannel, Bytes{0x1a, 0}), "blocksync_BlockResponse");
  EXPECT_EQ(name_of(kChunkChannel, Bytes{0x1a, 0}), "statesync_ChunkRequest");
}

TEST(MessageKinds, OfWhatNoStockNodeSendsAreUnknown) {
  EXPECT_EQ(name_of(kVoteChannel, Bytes{}), "unknown");
  EXPECT_EQ(name_of(kVoteChannel, Bytes{0xff}), "unknown");
  EXPECT_EQ(name_of(kVoteChannel, Bytes{0x0a, 0}), "unknown") << "a step on the votes' channel";
  EXPECT_EQ(name_of(0x99, Bytes{0x0a, 0}), "unknown");
  EXPECT_EQ(message_kinds()[kind_of_message(kVoteChannel, Bytes{})].channel, kVoteChannel);
}

TEST(MessageKinds, StandOnceEach) {
  std::set<std::pair<std::uint8_t, std::uint32_t>> seen;
  for (const MessageKind& kind : message_kinds()) {
    EXPECT_TRUE(seen.emplace(kind.channel, kind.field).second) << kind.name;
  }
}

TEST(MessageCounts, AreKeptByPeerAndForAll) {
  using namespace testing;
  LiveNode a;
  NetworkOptions options = quick_options();
  options.peers.persistent_peers = {a.address()};
  LiveNode b(options);
  ASSERT_TRUE(eventually(
      [&] { return a.network().peers().size() == 1 && b.network().peers().size() == 1; }));
  Bytes vote(40);
  vote[0] = 0x32;
  ASSERT_TRUE(a.network().send(b.id(), kVoteChannel, vote));
  ASSERT_EQ(a.network().broadcast(kVoteChannel, vote), 1U);
  ASSERT_TRUE(eventually([&] { return b.listener().heard_count() == 2; }));
  const std::size_t kind = kind_of_message(kVoteChannel, vote);
  EXPECT_EQ(a.network().peers().front().messages.sent[kind].messages, 2U);
  EXPECT_EQ(a.network().messages().sent[kind].bytes, 80U);
  EXPECT_EQ(b.network().peers().front().messages.received[kind].bytes, 80U);
  EXPECT_EQ(b.network().messages().received[kind].messages, 2U);
  a.stop();
  ASSERT_TRUE(eventually([&] { return b.network().peers().empty(); }));
  EXPECT_EQ(b.network().messages().received[kind].messages, 2U) << "the sum outlives the peer";
}

}  // namespace
}  // namespace buri::consensus::p2p
