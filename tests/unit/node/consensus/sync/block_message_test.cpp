#include "node/consensus/sync/block_message.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/node/consensus/engine/recorded_messages.hpp"

namespace buri::consensus::sync {
namespace {

TEST(BlockMessage, EqualsTheRecordedBytesBothWays) {
  const auto recorded = testing::recorded_messages("blocksync ");
  if (!recorded) GTEST_SKIP() << "the recordings are not beside this checkout";
  ASSERT_EQ(recorded->size(), 6u);
  for (const auto& [name, bytes] : *recorded) {
    const auto message = decode_block_message(bytes);
    ASSERT_TRUE(message) << name;
    EXPECT_TRUE(check_basic(*message)) << name;
    EXPECT_EQ(encode_block_message(*message), bytes) << name;
    const auto* response = std::get_if<BlockResponse>(&*message);
    if (response == nullptr) continue;
    const Bytes commit = response->extended_commit
                             ? engine::encode_extended_commit(*response->extended_commit)
                             : Bytes();
    EXPECT_EQ(encode_block_response(engine::encode_block(response->block), commit), bytes) << name;
  }
}

TEST(BlockMessage, RefusesWhatHoldsNoMessage) {
  EXPECT_FALSE(decode_block_message(Bytes()));
  EXPECT_FALSE(decode_block_message(Bytes{0x32, 0x00}));        // field 6
  EXPECT_FALSE(decode_block_message(Bytes{0x08, 0x05}));        // field 1 as a number
  EXPECT_FALSE(decode_block_message(Bytes{0x1a, 0x00}));        // a response without a block
  EXPECT_FALSE(decode_block_message(Bytes{0x0a, 0x03, 0x08}));  // cut off
}

TEST(BlockMessage, BasicRulesNameTheField) {
  EXPECT_TRUE(check_basic(StatusResponse{0, 0}));
  EXPECT_TRUE(check_basic(StatusResponse{7, 7}));
  const auto above = check_basic(StatusResponse{7, 8});
  ASSERT_FALSE(above);
  EXPECT_EQ(above.error().field, "base");
  EXPECT_EQ(above.error().expected, "0 to 7");
  EXPECT_EQ(above.error().found, "8");
  EXPECT_FALSE(check_basic(StatusResponse{-1, -1}));
  EXPECT_FALSE(check_basic(BlockRequest{-1}));
  EXPECT_FALSE(check_basic(NoBlockResponse{-5}));
  BlockResponse response;
  EXPECT_FALSE(check_basic(response));
  response.block.header.height = 3;
  EXPECT_TRUE(check_basic(response));
  response.extended_commit.emplace().height = 4;
  EXPECT_FALSE(check_basic(response));
}

}  // namespace
}  // namespace buri::consensus::sync
