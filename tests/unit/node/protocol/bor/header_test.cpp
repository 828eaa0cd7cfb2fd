#include "node/protocol/bor/header.hpp"

#include <gtest/gtest.h>

#include "node/protocol/bor/json_answers.hpp"
#include "tests/unit/node/protocol/bor/golden_bor.hpp"

namespace buri::protocol::bor {
namespace {

using testing::golden_bor_calls;
using testing::golden_bor_hashes;
using testing::golden_member;

TEST(BorHeader, HasTheRecordedHashInEveryFork) {
  std::size_t count = 0;
  for (const JsonValue& call : golden_bor_calls("json_rpc.jsonl")) {
    const JsonValue& response = golden_member(call, "response");
    if (!testing::has_golden_member(response, "result")) continue;
    const JsonValue& result = golden_member(response, "result");
    const bool is_header = testing::has_golden_member(result, "stateRoot");
    if (!is_header) continue;
    const auto block = read_header(JsonCursor(result));
    ASSERT_TRUE(block.ok()) << describe(block.error());
    EXPECT_EQ(block->hash, golden_bor_hashes().at(block->number)) << block->number;
    ++count;
  }
  EXPECT_EQ(count, 8u);
}

TEST(BorHeader, FillsAMissingForkFieldBeforeAPresentOne) {
  Header header;
  const Bytes plain = encode_rlp(header);
  header.requests_hash = Hash256{};
  const Bytes extended = encode_rlp(header);
  EXPECT_EQ(extended.size(), plain.size() + 5 + 33);
  header.blob_gas_used = 0;
  EXPECT_EQ(encode_rlp(header), extended) << "zero and missing are written alike";
}

BorBlockInfo info(std::uint64_t number, std::uint8_t hash, std::uint8_t parent) {
  BorBlockInfo result;
  result.block.number = number;
  result.block.hash.bytes[0] = hash;
  result.block.parent_hash.bytes[0] = parent;
  return result;
}

TEST(KeepChain, CutsWhereTheChainBreaks) {
  std::vector<BorBlockInfo> blocks{info(7, 1, 9), info(8, 2, 1), info(9, 3, 1), info(10, 4, 3)};
  keep_chain(blocks, 7);
  EXPECT_EQ(blocks.size(), 2u);
}

TEST(KeepChain, CutsAtAForeignNumber) {
  std::vector<BorBlockInfo> blocks{info(7, 1, 9), info(9, 2, 1)};
  keep_chain(blocks, 7);
  EXPECT_EQ(blocks.size(), 1u);
  keep_chain(blocks, 8);
  EXPECT_TRUE(blocks.empty());
  keep_chain(blocks, 8);
  EXPECT_TRUE(blocks.empty());
}

}  // namespace
}  // namespace buri::protocol::bor
