#include "node/consensus/engine/wal_record.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/hex.hpp"
#include "tests/unit/node/consensus/engine/recorded_messages.hpp"

namespace buri::consensus::engine {
namespace {

// golden/heimdall-devnet/A/wal-1-8.jsonl: the first four records.
TEST(WalRecord, ReadsWhatTheStockNodeWrote) {
  const auto file = testing::recorded_bytes("A/wal-1-8.bin");
  if (!file) GTEST_SKIP() << "no recorded log beside the large suites";
  ByteView rest(*file);
  EXPECT_EQ(take_wal_record(rest).value(), (WalRecord{{1795626809, 725563757}, HeightEnded{0}}));
  EXPECT_EQ(take_wal_record(rest).value(),
            (WalRecord{{1795626810, 375211576}, TimeoutFired{648501184, 1, 0, Step::kNewHeight}}));
  EXPECT_EQ(take_wal_record(rest)->entry, WalEntry(StepEntered{1, 0, "RoundStepPropose"}));
  const WalRecord record = take_wal_record(rest).value();
  const auto& arrived = std::get<MessageArrived>(record.entry);
  EXPECT_EQ(arrived.peer_id, "");
  EXPECT_EQ(to_hex(*std::get<Proposal>(arrived.message).block_id.hash),
            "eb044c28d0e57fa21408d972b3892b135a941e7d13ddcd14c37c7c95fb0e88a9");
}

TEST(WalRecord, RecordedLogRoundTripsByteForByte) {
  const auto file = testing::recorded_bytes("A/wal-1-8.bin");
  if (!file) GTEST_SKIP() << "no recorded log beside the large suites";
  Bytes written;
  std::size_t heights = 0;
  std::size_t records = 0;
  for (ByteView rest(*file); !rest.empty(); ++records) {
    const auto record = take_wal_record(rest);
    ASSERT_TRUE(record.ok()) << describe(record.error()) << " in record " << records;
    append(written, encode_wal_record(*record).value());
    heights += std::holds_alternative<HeightEnded>(record->entry) ? 1 : 0;
    if (const auto* arrived = std::get_if<MessageArrived>(&record->entry)) {
      EXPECT_TRUE(check_basic(arrived->message).ok()) << records;
    }
  }
  EXPECT_EQ(records, 88U);
  EXPECT_EQ(heights, 9U);
  EXPECT_EQ(written, *file);
}

TEST(WalRecord, EveryTruncationIsTornAndEveryFlippedByteIsFound) {
  const WalRecord record{{5, 6}, TimeoutFired{1'200'000'000, 7, 1, Step::kPrevoteWait}};
  const Bytes bytes = encode_wal_record(record).value();
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    ByteView cut = ByteView(bytes).first(length);
    EXPECT_EQ(take_wal_record(cut).error(), WalFault::kTorn) << length;
    EXPECT_EQ(cut.size(), length);
  }
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    Bytes flipped = bytes;
    flipped[place] ^= 0x10;
    ByteView view(flipped);
    EXPECT_FALSE(take_wal_record(view).ok()) << place;
  }
}

TEST(WalRecord, TimeoutsKeepTheirNanoseconds) {
  for (const std::int64_t duration_ns :
       {0L, 648'501'184L, -5L, -1'500'000'000L, 3'600'000'000'000L}) {
    const WalRecord record{{1, 0}, TimeoutFired{duration_ns, 1, 0, Step::kNewHeight}};
    const Bytes bytes = encode_wal_record(record).value();
    ByteView view(bytes);
    EXPECT_EQ(take_wal_record(view).value(), record) << duration_ns;
  }
}

TEST(WalRecord, RefusesRecordsBeyondTheLimit) {
  Vote vote;
  vote.height = 1;
  vote.extension = Bytes(kMaxWalContentBytes, 1);
  EXPECT_EQ(encode_wal_record({{}, MessageArrived{vote, ""}}), std::nullopt);
  const Bytes header = *from_hex("0000000000100019");
  ByteView view(header);
  EXPECT_EQ(take_wal_record(view).error(), WalFault::kLength);
}

}  // namespace
}  // namespace buri::consensus::engine
