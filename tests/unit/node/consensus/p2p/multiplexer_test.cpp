#include "node/consensus/p2p/multiplexer.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/hex.hpp"
#include "base/random.hpp"
#include "tests/unit/node/consensus/p2p/wire_messages.hpp"

namespace buri::consensus::p2p {
namespace {

using namespace std::chrono_literals;

Bytes packet_bytes(const Packet& packet) {
  Bytes bytes;
  append_packet(bytes, packet);
  return bytes;
}

class MultiplexerTest : public ::testing::Test {
 protected:
  MonotonicTime now_{};
  Multiplexer sender_{stock_channels(), {}, now_};
  Multiplexer receiver_{stock_channels(), {}, now_};

  PacketError refusal(std::string_view hex) {
    const auto result = receiver_.receive(from_hex(hex).value());
    EXPECT_FALSE(result.ok()) << hex;
    return result.ok() ? PacketError{} : result.error();
  }
};

TEST_F(MultiplexerTest, WritesThePacketsOfStockByteForByte) {
  EXPECT_EQ(to_hex(packet_bytes(PacketPing{})), testing::kPing);
  EXPECT_EQ(to_hex(packet_bytes(PacketPong{})), testing::kPong);
  EXPECT_EQ(to_hex(packet_bytes(PacketMessage{0x22, true, as_bytes("hello")})), testing::kPacket);
  const Bytes ones(kPacketDataBytes, 1);
  EXPECT_EQ(to_hex(packet_bytes(PacketMessage{0, false, ones})),
            std::string(testing::kFullPacketHead) + to_hex(ones));
}

TEST_F(MultiplexerTest, ReadsTheMessageOfStock) {
  const auto messages = receiver_.receive(from_hex(testing::kPacket).value());
  ASSERT_TRUE(messages.ok());
  ASSERT_EQ(messages->size(), 1u);
  EXPECT_EQ(messages->front().channel, kVoteChannel);
  EXPECT_EQ(as_text(messages->front().bytes), "hello");
}

TEST_F(MultiplexerTest, LongestPacketIsTakenAndALongerOneIsNot) {
  const Bytes data(kPacketDataBytes, 7);
  EXPECT_EQ(packet_bytes(PacketMessage{0xff, true, data}).size(), kMaxPacketBytes + 2);
  EXPECT_EQ(refusal("8c08"), PacketError::kLength);
}

TEST_F(MultiplexerTest, RefusesWhatIsNoPacket) {
  EXPECT_EQ(refusal("00"), PacketError::kEncoding);
  EXPECT_EQ(refusal("022200"), PacketError::kEncoding);          // field 4
  EXPECT_EQ(refusal("030a0100"), PacketError::kEncoding);        // a ping with a body
  EXPECT_EQ(refusal("040a001200"), PacketError::kEncoding);      // ping and pong
  EXPECT_EQ(refusal("061a0408001001"), PacketError::kEncoding);  // channel 0 written out
  EXPECT_EQ(refusal("071a05088002"
                    "1001"),
            PacketError::kEncoding);                             // channel 256
  EXPECT_EQ(refusal("061a0410011001"), PacketError::kEncoding);  // the end twice
  EXPECT_EQ(refusal("ffffffffffffffffffff01"), PacketError::kEncoding);
}

TEST_F(MultiplexerTest, RefusesAnUnknownChannel) {
  EXPECT_EQ(refusal("061a0408771001"), PacketError::kUnknownChannel);
}

TEST_F(MultiplexerTest, CarriesMessagesOfEveryLengthCutAnywhere) {
  SeededRandom random(11);
  for (const std::size_t size : {0u, 1u, 1024u, 1025u, 4096u, 70'000u}) {
    Bytes message(size);
    random.fill(message);
    ASSERT_TRUE(sender_.send(kDataChannel, message));
    std::vector<ReceivedMessage> got;
    while (sender_.has_output()) {
      now_ += 10ms;
      const Bytes output = sender_.take_packets(now_);
      for (ByteView rest = output; !rest.empty();) {
        const ByteView piece = rest.first(std::min<std::size_t>(rest.size(), 700));
        auto messages = receiver_.receive(piece);
        ASSERT_TRUE(messages.ok());
        for (ReceivedMessage& m : *messages) got.push_back(std::move(m));
        rest = rest.subspan(piece.size());
      }
    }
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0], (ReceivedMessage{kDataChannel, message}));
    EXPECT_EQ(receiver_.pending_bytes(), 0u);
  }
}

TEST_F(MultiplexerTest, RefusesAMessageAboveItsChannelsLimit) {
  const Bytes piece = packet_bytes(PacketMessage{kPexChannel, false, Bytes(kPacketDataBytes, 1)});
  for (int i = 0; i < 62; ++i) ASSERT_TRUE(receiver_.receive(piece).ok());
  EXPECT_EQ(receiver_.pending_bytes(), 62u * 1024);
  EXPECT_EQ(receiver_.receive(piece).error(), PacketError::kMessageTooLong);
}

TEST_F(MultiplexerTest, RefusesMoreUnfinishedMessagesThanThePeersShare) {
  Multiplexer small(stock_channels(), {.max_pending_bytes = 2000}, now_);
  const Bytes data(kPacketDataBytes, 1);
  ASSERT_TRUE(small.receive(packet_bytes(PacketMessage{kDataChannel, false, data})).ok());
  EXPECT_EQ(small.receive(packet_bytes(PacketMessage{kVoteChannel, false, data})).error(),
            PacketError::kTooMuchPending);
}

TEST_F(MultiplexerTest, AFullQueueTakesNothing) {
  EXPECT_TRUE(sender_.send(kEvidenceChannel, {1}));
  EXPECT_FALSE(sender_.can_send(kEvidenceChannel));
  EXPECT_FALSE(sender_.send(kEvidenceChannel, {2}));
  (void)sender_.take_packets(now_);
  EXPECT_TRUE(sender_.can_send(kEvidenceChannel));
  EXPECT_FALSE(sender_.can_send(0x77));
}

TEST_F(MultiplexerTest, AMessageAboveTheLimitOfAllQueuesWaitsUntilTheyAreEmpty) {
  Multiplexer small(stock_channels(), {.max_queued_bytes = 2000}, now_);
  ASSERT_TRUE(small.send(kVoteChannel, Bytes(10, 1)));
  EXPECT_FALSE(small.send(kBlockSyncChannel, Bytes(5000, 2)));
  (void)small.take_packets(now_);
  EXPECT_TRUE(small.send(kBlockSyncChannel, Bytes(5000, 2)));
  EXPECT_FALSE(small.send(kVoteChannel, Bytes(10, 1)));
  (void)small.take_packets(now_);
  EXPECT_EQ(small.queued_bytes(), 0u);
  EXPECT_TRUE(small.send(kVoteChannel, Bytes(10, 1)));
}

// Data (priority 10) and votes (7) share what both want, 10 to 7.
TEST_F(MultiplexerTest, SharesTheConnectionByPriority) {
  ASSERT_TRUE(sender_.send(kDataChannel, Bytes(1 << 20)));
  ASSERT_TRUE(sender_.send(kVoteChannel, Bytes(1 << 20)));
  std::map<std::uint8_t, int> packets;
  for (int i = 0; i < 340; ++i) {
    const Bytes packet = sender_.take_packets(now_, 1);
    ASSERT_GT(packet.size(), 6u);
    ++packets[packet[6]];
    now_ += 1ms;
  }
  EXPECT_NEAR(packets[kDataChannel], 200, 1);
  EXPECT_NEAR(packets[kVoteChannel], 140, 1);
}

// Without decay the votes would go first for as long as the data had gone alone.
TEST_F(MultiplexerTest, ForgetsWhatWasSentLongAgo) {
  ASSERT_TRUE(sender_.send(kDataChannel, Bytes(200 * 1024)));
  while (sender_.has_output()) (void)sender_.take_packets(now_);
  for (int i = 0; i < 29; ++i) ASSERT_TRUE(sender_.tick(now_ += 2s).ok());
  ASSERT_TRUE(sender_.send(kDataChannel, Bytes(4096)));
  ASSERT_TRUE(sender_.send(kVoteChannel, Bytes(4096)));
  std::map<std::uint8_t, int> packets;
  for (int i = 0; i < 4; ++i) ++packets[sender_.take_packets(now_, 1)[6]];
  EXPECT_EQ(packets[kDataChannel], 2);
  EXPECT_EQ(packets[kVoteChannel], 2);
}

TEST_F(MultiplexerTest, SendsNoMoreThanItsRate) {
  ASSERT_TRUE(sender_.send(kBlockSyncChannel, Bytes(20 << 20)));
  std::size_t sent = 0;
  for (int i = 0; i < 1000; ++i) {
    sent += sender_.take_packets(now_, 1'000'000).size();
    now_ += 1ms;
  }
  EXPECT_GE(sent, 5'120'000u);
  EXPECT_LE(sent, 5'120'000u + 512'000 + 2 * kMaxPacketBytes);
}

TEST_F(MultiplexerTest, AsksToReadNoMoreThanTheRate) {
  EXPECT_EQ(receiver_.receive_allowance(now_), 512'000u);
  const Bytes piece = packet_bytes(PacketMessage{kBlockSyncChannel, false, Bytes(1024, 1)});
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(receiver_.receive(piece).ok());
  EXPECT_EQ(receiver_.receive_allowance(now_), 0u);
  EXPECT_GT(receiver_.receive_allowance(now_ + 100ms), 400'000u);
}

TEST_F(MultiplexerTest, AnswersPingsOnceAndBeforeMessages) {
  ASSERT_TRUE(receiver_.send(kVoteChannel, {1}));
  ASSERT_TRUE(receiver_.receive(from_hex("020a00020a00").value()).ok());
  const Bytes output = receiver_.take_packets(now_);
  EXPECT_EQ(to_hex(ByteView(output).first(3)), testing::kPong);
  EXPECT_EQ(to_hex(ByteView(output).subspan(3)), "091a07082210011a0101");
}

TEST_F(MultiplexerTest, EndsWhenAPingStaysUnanswered) {
  now_ += 60s;
  ASSERT_TRUE(sender_.tick(now_).ok());
  EXPECT_EQ(to_hex(sender_.take_packets(now_)), testing::kPing);
  ASSERT_TRUE(sender_.tick(now_ + 44s).ok());
  EXPECT_EQ(sender_.tick(now_ + 45s).error(), PacketError::kPongTimeout);
}

TEST_F(MultiplexerTest, GoesOnWhenAPingIsAnswered) {
  now_ += 60s;
  ASSERT_TRUE(sender_.tick(now_).ok());
  ASSERT_TRUE(sender_.receive(from_hex(testing::kPong).value()).ok());
  EXPECT_TRUE(sender_.tick(now_ + 50s).ok());
}

}  // namespace
}  // namespace buri::consensus::p2p
