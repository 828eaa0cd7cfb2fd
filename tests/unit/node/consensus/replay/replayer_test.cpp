#include "node/consensus/replay/replayer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/hex.hpp"
#include "tests/unit/node/consensus/replay/chain_run.hpp"
#include "tests/unit/node/golden.hpp"

/// Recorded chains of the stock daemon, replayed as `buri consensus replay` does.

namespace buri::consensus::replay {
namespace {

ReplayOptions options_for(const ChainFiles& files) {
  ReplayOptions options;
  options.genesis = read_genesis(files);
  options.forks = files.forks;
  options.blocks = from_file(files.blocks);
  options.writes_path = files.writes;
  return options;
}

ReplayResult replay_in(MemoryHome& home, const ReplayOptions& options) {
  return replay(options, home.database(), home.multistore(), testing::engine(), {});
}

std::string text_of(const ReplayReport& report) {
  std::string text;
  for (const Difference& difference : report.differences) {
    text += std::to_string(difference.height) + " " + difference.rule + " " + difference.store +
            " " + difference.key + ": expected " + difference.expected + ", found " +
            difference.found + "\n";
  }
  return text;
}

TEST(Replay, FindsTheBundledChainEqual) {
  MemoryHome home;
  const auto report = replay_in(home, options_for(bundled_chain()));
  ASSERT_TRUE(report.ok()) << report.error();
  EXPECT_TRUE(report->is_equal()) << text_of(*report);
  EXPECT_EQ(report->heights, 160U);
  EXPECT_EQ(to_hex(report->app_hash),
            "28ef1e94d1d9d591c4c3d1e60598778d5d3c99f511b05ad65d0d773e72e5181d");
}

TEST(Replay, FindsChainAEqual) {
  const auto files = chain_a();
  if (!files) GTEST_SKIP() << "no recorded chain A";
  MemoryHome home;
  const auto report = replay_in(home, options_for(*files));
  ASSERT_TRUE(report.ok()) << report.error();
  EXPECT_TRUE(report->is_equal()) << text_of(*report);
  EXPECT_EQ(report->heights, 328U);
}

TEST(Replay, ChecksEverySignatureOnce) {
  MemoryHome home;
  ReplayOptions options = options_for(bundled_chain());
  options.until_height = 20;
  const auto report = replay_in(home, options);
  ASSERT_TRUE(report.ok()) << report.error();
  // Four votes of each height with two extensions each at most; what a block carries of them was
  // checked with the height before.
  EXPECT_LE(report->signatures, report->heights * 12 + report->transactions);
  EXPECT_GT(report->signatures, report->heights * 6);
}

TEST(Replay, ContinuesWhatAHomeHolds) {
  MemoryHome home;
  ReplayOptions options = options_for(bundled_chain());
  options.until_height = 50;
  ASSERT_TRUE(replay_in(home, options).ok());
  options.until_height = 0;
  const auto report = replay_in(home, options);
  ASSERT_TRUE(report.ok()) << report.error();
  EXPECT_TRUE(report->is_equal()) << text_of(*report);
  EXPECT_EQ(report->resumed, 50U);
  EXPECT_EQ(report->heights, 160U);
}

/// Without Zurich the clerk store keeps no visibility: the record of the first height with it must
/// be named by store and key.
TEST(Replay, NamesTheKeyBehindADifferentRoot) {
  MemoryHome home;
  ReplayOptions options = options_for(bundled_chain());
  options.forks.set(protocol::HeimdallFork::kZurich, std::nullopt);
  const auto report = replay_in(home, options);
  ASSERT_TRUE(report.ok()) << report.error();
  ASSERT_FALSE(report->is_equal());
  const Difference& first = report->differences.front();
  EXPECT_EQ(first.height, 8);
  EXPECT_EQ(first.rule, "store key");
  EXPECT_EQ(first.store, "clerk");
  EXPECT_EQ(first.key.substr(0, 2), "05");
  EXPECT_EQ(first.found, "not written");
  EXPECT_EQ(report->last_height, 7);
}

/// Each changes the records' text of one height: the place, and the rule that must notice it.
class ChangedRecord : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(ChangedRecord, IsNoticed) {
  const auto [member, rule] = GetParam();
  std::string text = records::read_text(bundled_chain().blocks).value();
  std::size_t line = 0;
  for (int height = 1; height < 3; ++height) line = text.find('\n', line) + 1;
  const std::string name = "\"" + std::string(member) + "\":";
  const std::size_t place = text.find(name, line) + name.size() + 41;  // a digit of it
  text[place] = text[place] == '0' ? '1' : '0';
  const auto path = std::filesystem::temp_directory_path() /
                    ("buri-changed-" + std::string(member) + std::to_string(getpid()) + ".jsonl");
  std::ofstream(path) << text.substr(0, text.find('\n', line) + 1);
  MemoryHome home;
  ReplayOptions options = options_for(bundled_chain());
  options.blocks = from_file(path.string());
  const auto report = replay_in(home, options);
  std::filesystem::remove(path);
  ASSERT_TRUE(report.ok()) << report.error();
  ASSERT_FALSE(report->is_equal());
  EXPECT_EQ(report->differences.front().height, 3);
  EXPECT_NE(text_of(*report).find(rule), std::string::npos) << text_of(*report);
}

INSTANTIATE_TEST_SUITE_P(Members, ChangedRecord,
                         ::testing::Values(std::pair{"block_hash", "block hash"},
                                           std::pair{"app_hash", "app hash"}));

/// A node that caught up may have kept no commits beside its blocks.
TEST(Replay, DoesWithoutTheCommitsBesideABlock) {
  std::string text = records::read_text(bundled_chain().blocks).value();
  text.resize(text.find('\n') + 1);
  for (const std::string member : {"extended_commit", "seen_commit"}) {
    const std::size_t begin = text.find("\"" + member + "\":\"") + member.size() + 3;
    text.replace(begin, text.find('"', begin + 1) + 1 - begin, "null");
  }
  const auto path =
      std::filesystem::temp_directory_path() / ("buri-bare-" + std::to_string(getpid()) + ".jsonl");
  std::ofstream(path) << text;
  MemoryHome home;
  ReplayOptions options = options_for(bundled_chain());
  options.blocks = from_file(path.string());
  const auto report = replay_in(home, options);
  std::filesystem::remove(path);
  ASSERT_TRUE(report.ok()) << report.error();
  EXPECT_TRUE(report->is_equal()) << text_of(*report);
  EXPECT_EQ(report->heights, 1U);
}

TEST(Replay, RefusesRecordsOfTheMiddle) {
  const std::string text = records::read_text(bundled_chain().blocks).value();
  const auto path = std::filesystem::temp_directory_path() /
                    ("buri-middle-" + std::to_string(getpid()) + ".jsonl");
  std::ofstream(path) << text.substr(text.find('\n') + 1);
  MemoryHome home;
  ReplayOptions options = options_for(bundled_chain());
  options.blocks = from_file(path.string());
  const auto report = replay_in(home, options);
  std::filesystem::remove(path);
  ASSERT_FALSE(report.ok());
  EXPECT_NE(report.error().find("expected height 1, found 2"), std::string::npos);
}

TEST(Replay, RefusesAnAbsentFile) {
  MemoryHome home;
  ReplayOptions options = options_for(bundled_chain());
  options.blocks = from_file("absent.jsonl");
  EXPECT_FALSE(replay_in(home, options).ok());
}

}  // namespace
}  // namespace buri::consensus::replay
