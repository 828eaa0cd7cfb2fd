#include "node/consensus/engine/wal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "node/consensus/engine/wal_names.hpp"
#include "tests/unit/node/consensus/engine/recorded_messages.hpp"
#include "tests/unit/node/consensus/engine/simulated_wal_files.hpp"

namespace buri::consensus::engine {
namespace {

using testing::SimulatedWalFiles;

WalRecord step(std::int64_t height, std::int32_t round) {
  return {{height, round}, StepEntered{height, round, "RoundStepPropose"}};
}
WalRecord end_of(std::int64_t height) { return {{height, 99}, HeightEnded{height}}; }

/// The records behind the end of `height`; nothing if that is not in the log.
std::optional<std::vector<WalRecord>> behind(WalFiles& files, std::int64_t height) {
  std::vector<WalRecord> records;
  const auto replay =
      replay_wal(files, height, [&](const WalRecord& record) { records.push_back(record); });
  CHECK(replay.ok(), "the simulated disk reads");
  EXPECT_EQ(replay->record_count, records.size());
  if (!replay->is_found) return std::nullopt;
  return records;
}

TEST(Wal, NewLogStartsWithTheEndOfHeightZero) {
  SimulatedWalFiles files;
  auto writer = WalWriter::open(files, {7, 8});
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ(files.read("wal").value(), encode_wal_record({{7, 8}, HeightEnded{0}}).value());
  EXPECT_EQ(behind(files, 0), std::vector<WalRecord>());
  EXPECT_EQ(behind(files, 1), std::nullopt);
}

TEST(Wal, ReplayStartsBehindTheHeight) {
  SimulatedWalFiles files;
  auto writer = WalWriter::open(files, {});
  ASSERT_TRUE(writer->write(step(1, 0)).ok());
  ASSERT_TRUE(writer->write_sync(end_of(1)).ok());
  ASSERT_TRUE(writer->write_sync(step(2, 0)).ok());
  ASSERT_TRUE(writer->write(step(2, 1)).ok());
  EXPECT_EQ(behind(files, 1), std::vector({step(2, 0)})) << "the last one was not flushed";
  ASSERT_TRUE(writer->flush().ok());
  EXPECT_EQ(behind(files, 1), std::vector({step(2, 0), step(2, 1)}));
  EXPECT_EQ(behind(files, 0), std::vector({step(1, 0), end_of(1), step(2, 0), step(2, 1)}));
  EXPECT_EQ(behind(files, 2), std::nullopt);
}

TEST(Wal, FilesRotateAndTheOldestGo) {
  SimulatedWalFiles files;
  const std::uint64_t record_bytes = encode_wal_record(step(1, 1))->size();
  const WalOptions options{4 * record_bytes, 12 * record_bytes};
  {
    auto writer = WalWriter::open(files, {}, options);
    for (std::int64_t height = 1; height <= 20; ++height) {
      ASSERT_TRUE(writer->write_sync(step(height, 1)).ok());
      ASSERT_TRUE(writer->write_sync(end_of(height)).ok());
    }
  }
  const auto names = files.list().value();
  EXPECT_LE(names.size(), 5U);
  EXPECT_EQ(std::ranges::find(names, "wal.000"), names.end()) << "the oldest is gone";
  EXPECT_EQ(behind(files, 1), std::nullopt);
  EXPECT_EQ(behind(files, 18), std::vector({step(19, 1), end_of(19), step(20, 1), end_of(20)}));
  // A reopened log goes on with the next number.
  auto writer = WalWriter::open(files, {}, options);
  for (int round = 0; round < 8; ++round) ASSERT_TRUE(writer->write_sync(step(21, round)).ok());
  EXPECT_EQ(behind(files, 20)->size(), 8U);
}

TEST(Wal, NamesSortByNumber) {
  EXPECT_EQ(older_wal_name(7), "wal.007");
  EXPECT_EQ(older_wal_name(1000), "wal.1000");
  EXPECT_EQ(older_wal_number("wal.1000"), 1000U);
  for (const auto* name : {"wal", "wal.", "wal.1", "wal.01x", "wal.CORRUPTED", "other.001"}) {
    EXPECT_EQ(older_wal_number(name), std::nullopt) << name;
  }
  EXPECT_EQ(wal_order({"wal", "wal.1000", "wal.999", "wal.CORRUPTED", "x"}),
            (std::vector<std::string>{"wal.999", "wal.1000", "wal"}));
}

TEST(Wal, StockLogIsReadAndCutAtEveryByte) {
  const auto recorded = testing::recorded_bytes("A/wal-1-8.bin");
  if (!recorded) GTEST_SKIP() << "no recorded log beside the large suites";
  // Every byte of the first two heights, then every 37th.
  for (std::size_t length = 0; length < recorded->size(); length += length < 3500 ? 1 : 37) {
    SimulatedWalFiles files;
    const Bytes cut(recorded->begin(), recorded->begin() + static_cast<std::ptrdiff_t>(length));
    files.put("wal", cut);
    auto writer = WalWriter::open(files, {});
    ASSERT_TRUE(writer.ok()) << length;
    const Bytes head = files.read("wal").value();
    if (writer->damage()) {
      EXPECT_EQ(writer->damage()->fault, WalFault::kTorn);
      EXPECT_EQ(files.read("wal.CORRUPTED").value(), cut) << "nothing is thrown away";
      ASSERT_LT(writer->damage()->offset, length);
      if (writer->damage()->offset > 0) EXPECT_EQ(head.size(), writer->damage()->offset);
    }
    ASSERT_TRUE(writer->write_sync(step(99, 0)).ok());
    const auto replay = replay_wal(files, 0, [](const WalRecord&) {});
    EXPECT_TRUE(replay->is_found) << length;
    EXPECT_FALSE(replay->damage.has_value()) << length;
  }
}

TEST(Wal, NothingBehindAHoleIsReplayed) {
  const auto recorded = testing::recorded_bytes("A/wal-1-8.bin");
  if (!recorded) GTEST_SKIP() << "no recorded log beside the large suites";
  SimulatedWalFiles files;
  Bytes bad = *recorded;
  bad[1000] ^= 1;  // within the prevote of height 1
  files.put("wal.000", bad);
  Bytes newer = encode_wal_record(end_of(9)).value();
  append(newer, encode_wal_record(step(10, 0)).value());
  files.put("wal", newer);
  const auto replay = replay_wal(files, 0, [](const WalRecord&) {});
  ASSERT_TRUE(replay->damage.has_value());
  EXPECT_EQ(replay->damage->file, "wal.000");
  EXPECT_EQ(replay->damage->fault, WalFault::kChecksum);
  EXPECT_EQ(replay->record_count, 5U);
  EXPECT_EQ(behind(files, 9), std::vector({step(10, 0)})) << "a newer height is found";
}

/// Writes ten heights; returns how many ends were durable by promise.
std::int64_t write_heights(WalWriter& writer, std::int64_t first) {
  std::int64_t durable = first - 1;
  for (std::int64_t height = first; height < first + 10; ++height) {
    if (!writer.write(step(height, 0)).ok()) break;
    if (!writer.write_sync(step(height, 1)).ok()) break;
    if (!writer.write_sync(end_of(height)).ok()) break;
    durable = height;
  }
  return durable;
}

TEST(Wal, WhatWasSyncedSurvivesAPowerCutAtEveryCall) {
  const WalOptions options{300, 1 << 20};
  SimulatedWalFiles dry;
  auto dry_writer = WalWriter::open(dry, {}, options);
  ASSERT_EQ(write_heights(*dry_writer, 1), 10);
  for (std::size_t call = 0; call < dry.calls(); ++call) {
    for (const std::size_t kept : {0, 333, 1000}) {
      SimulatedWalFiles files;
      files.fail_after(call);
      std::int64_t durable = 0;
      {
        auto writer = WalWriter::open(files, {}, options);
        if (writer.ok()) {
          durable = write_heights(*writer, 1);
          EXPECT_FALSE(writer->write(step(77, 0)).ok()) << "a broken log stays broken";
        }
      }
      ASSERT_TRUE(files.has_failed());
      files.restart(kept);
      auto writer = WalWriter::open(files, {}, options);
      ASSERT_TRUE(writer.ok()) << call;
      EXPECT_TRUE(behind(files, durable).has_value()) << "call " << call << ", kept " << kept;
      EXPECT_EQ(write_heights(*writer, 21), 30);
      EXPECT_EQ(behind(files, 29), std::vector({step(30, 0), step(30, 1), end_of(30)}));
      EXPECT_FALSE(replay_wal(files, 0, [](const WalRecord&) {})->damage.has_value());
    }
  }
}

TEST(Wal, LivesInADirectoryOfTheKernel) {
  const std::string path = ::testing::TempDir() + "wal_" +
                           std::to_string(::testing::UnitTest::GetInstance()->random_seed());
  std::filesystem::remove_all(path);
  const auto files = open_wal_directory(path);
  ASSERT_TRUE(files.ok());
  {
    auto writer = WalWriter::open(**files, {}, {300, 700});
    EXPECT_EQ(write_heights(*writer, 1), 10);
  }
  std::filesystem::resize_file(path + "/wal", std::filesystem::file_size(path + "/wal") / 2 + 3);
  const auto again = open_wal_directory(path);
  auto writer = WalWriter::open(**again, {}, {300, 700});
  ASSERT_TRUE(writer.ok()) << describe(writer.error());
  EXPECT_EQ(write_heights(*writer, 11), 20);
  EXPECT_EQ(behind(**again, 19), std::vector({step(20, 0), step(20, 1), end_of(20)}));
  EXPECT_FALSE(open_wal_directory(path + "/missing/below").ok());
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace buri::consensus::engine
