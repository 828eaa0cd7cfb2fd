#include "node/consensus/engine/block.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/replay/chain_run.hpp"

/// Blocks and commits of a recorded chain on the wire.

namespace buri::consensus::engine {
namespace {

TEST(Block, EncodesToTheRecordedBytes) {
  const auto heights = replay::read_heights(replay::bundled_chain());
  ASSERT_FALSE(heights.empty());
  for (const replay::DecodedHeight& height : heights) {
    const records::BlockRecord& record = height.record;
    EXPECT_EQ(encode_block(height.block), record.block) << record.height;
    EXPECT_EQ(encode_commit(height.seen_commit), record.seen_commit) << record.height;
    EXPECT_EQ(encode_extended_commit(height.extended_commit), record.extended_commit)
        << record.height;
    const auto validators = decode_validators(encode_validators(height.validators));
    ASSERT_TRUE(validators.ok());
    EXPECT_EQ(*validators, height.validators) << record.height;
  }
}

}  // namespace
}  // namespace buri::consensus::engine
