#include "node/consensus/app/finalize_response.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"

namespace buri::consensus::app {
namespace {

TEST(FinalizeResponse, EveryAnswerOfTheStockApplicationIsWrittenAgainByteForByte) {
  std::size_t with_events = 0;
  for (const records::BlockRecord& record : engine::recorded_blocks()) {
    const auto read = decode_finalize_response(record.finalize_block_response);
    ASSERT_TRUE(read.ok()) << record.height;
    EXPECT_EQ(encode_finalize_response(*read), record.finalize_block_response) << record.height;
    with_events += read->events.empty() ? 0 : 1;
  }
  EXPECT_GT(with_events, 10U);
}

}  // namespace
}  // namespace buri::consensus::app
