#include "accel/cuda/message_arena.cuh"

#include <gtest/gtest.h>

namespace buri::accel::cuda {
namespace {

std::vector<ByteView> views(const std::vector<Bytes>& messages) {
  return {messages.begin(), messages.end()};
}

TEST(MessageArena, CutsByCountAndByBytes) {
  const std::vector<Bytes> messages(5, Bytes(9));  // two words each
  const auto by_count = cut(views(messages), 0, 2, 1024);
  ASSERT_EQ(by_count.size(), 3u);
  EXPECT_EQ(by_count.back().begin, 4u);
  EXPECT_EQ(by_count.back().end, 5u);
  const auto by_bytes = cut(views(messages), 0, 100, 48);
  ASSERT_EQ(by_bytes.size(), 2u);
  EXPECT_EQ(by_bytes.front().count(), 3u);
  EXPECT_EQ(by_bytes.front().words, 6u);
}

TEST(MessageArena, NeverCutsAMessageAndGivesNothingForNothing) {
  EXPECT_TRUE(cut({}, 0, 4, 64).empty());
  const std::vector<Bytes> messages(3, Bytes(1000));
  EXPECT_EQ(cut(views(messages), 0, 4, 8).size(), 3u);
}

TEST(MessageArena, PacksBehindThePrefixAndZeroFills) {
  const std::vector<Bytes> messages = {{1, 2, 3, 4, 5, 6, 7, 8}, {}, {9}};
  const std::uint8_t prefix[] = {0xee};
  const auto chunks = cut(views(messages), sizeof prefix, 10, 1024);
  ASSERT_EQ(chunks.size(), 1u);
  ASSERT_EQ(chunks[0].words, 4u);
  std::vector<std::uint64_t> arena(4, ~0ull);
  std::vector<MessageSlot> slots(3);
  pack(views(messages), chunks[0], prefix, arena.data(), slots.data());
  EXPECT_EQ(arena[0], 0x07060504030201eeu);
  EXPECT_EQ(arena[1], 0x08u);
  EXPECT_EQ(arena[2], 0xeeu);
  EXPECT_EQ(arena[3], 0x09eeu);
  EXPECT_EQ(slots[2].first_word64, 3u);
  EXPECT_EQ(slots[0].bytes, 9u);
  EXPECT_EQ(slots[1].bytes, 1u);
}

TEST(MessageArena, LeavesOversizedMessagesOut) {
  const std::vector<Bytes> messages = {Bytes(kMaxDeviceMessageBytes + 1), {1}};
  const auto chunks = cut(views(messages), 0, 10, 1024);
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(chunks[0].words, 1u);
  std::vector<std::uint64_t> arena(1);
  std::vector<MessageSlot> slots(2);
  pack(views(messages), chunks[0], {}, arena.data(), slots.data());
  EXPECT_EQ(slots[0].bytes, 0u);
  EXPECT_EQ(slots[1].first_word64, 0u);
}

}  // namespace
}  // namespace buri::accel::cuda
