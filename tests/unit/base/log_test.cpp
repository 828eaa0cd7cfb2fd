#include "base/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace buri {
namespace {

using testing::ElementsAre;

struct Captured {
  std::vector<std::string> lines;
  std::vector<LogLevel> levels;

  LogSink sink() {
    return [this](LogLevel level, std::string_view line) {
      levels.push_back(level);
      lines.emplace_back(line);
    };
  }
};

TEST(Logger, WritesMessageAndFieldsInOrder) {
  Captured captured;
  const Logger logger("accel", LogLevel::kInfo, captured.sink());
  logger.warning("backend quarantined", {{"backend", "cuda:0"}, {"items", 12}, {"rate", 0.25}});
  EXPECT_THAT(captured.lines,
              ElementsAre("accel: backend quarantined backend=cuda:0 items=12 rate=0.25"));
  EXPECT_THAT(captured.levels, ElementsAre(LogLevel::kWarning));
}

TEST(Logger, QuotesTextSoThatNoValueForgesALineOrAField) {
  Captured captured;
  const Logger logger("p2p", LogLevel::kInfo, captured.sink());
  logger.info("peer", {{"name", "a b=\"c\"\nerror: x\x80"}, {"empty", ""}});
  EXPECT_THAT(captured.lines,
              ElementsAre("p2p: peer name=\"a b=\\\"c\\\"\\x0aerror: x\\x80\" empty=\"\""));
}

TEST(Logger, PrintsBytesAsHexAndFlagsAsWords) {
  Captured captured;
  const Logger logger("x", LogLevel::kInfo, captured.sink());
  const Bytes bytes{0xde, 0xad};
  logger.info("m", {{"hash", ByteView(bytes)}, {"found", true}});
  EXPECT_THAT(captured.lines, ElementsAre("x: m hash=dead found=true"));
}

TEST(Logger, DropsEventsBelowItsLevel) {
  Captured captured;
  const Logger logger("x", LogLevel::kWarning, captured.sink());
  logger.debug("no");
  logger.info("no");
  logger.error("yes");
  EXPECT_THAT(captured.lines, ElementsAre("x: yes"));
  EXPECT_FALSE(logger.enabled(LogLevel::kInfo));
}

TEST(Logger, IsSilentWhenOff) {
  Captured captured;
  const Logger logger("x", LogLevel::kOff, captured.sink());
  logger.error("no");
  EXPECT_TRUE(captured.lines.empty());
}

TEST(LogLevel, ReadsEveryNameAndRefusesOthers) {
  EXPECT_EQ(log_level_from_name("debug"), LogLevel::kDebug);
  EXPECT_EQ(log_level_from_name("info"), LogLevel::kInfo);
  EXPECT_EQ(log_level_from_name("warning"), LogLevel::kWarning);
  EXPECT_EQ(log_level_from_name("error"), LogLevel::kError);
  EXPECT_EQ(log_level_from_name("off"), LogLevel::kOff);
  EXPECT_EQ(log_level_from_name("Info"), std::nullopt);
  EXPECT_EQ(log_level_from_name(""), std::nullopt);
}

}  // namespace
}  // namespace buri
