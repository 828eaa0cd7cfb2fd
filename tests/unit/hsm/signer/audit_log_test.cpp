#include "hsm/signer/audit_log.hpp"

#include <gmock/gmock.h>

#include "tests/support/hsm/sim_disk.hpp"

/// T70 and T71: what the chain of the audit log reveals.

namespace buri::hsm::signer {
namespace {

using sim::DiskCall;
using sim::SimDisk;

AuditEvent signed_event(std::uint8_t number) {
  return {"signed", "vote", "uid=990", Bytes(32, number), Bytes(65, number), "height 7"};
}

class AuditLogTest : public testing::Test {
 protected:
  AuditLog open(std::uint64_t segment_bytes = kSegmentBytes) {
    auto log = AuditLog::open(disk_, clock_, segment_bytes);
    CHECK(log.ok(), "the log must open here");
    return std::move(log).value();
  }
  void write(int count, std::uint64_t segment_bytes = kSegmentBytes) {
    AuditLog log = open(segment_bytes);
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(log.append(signed_event(static_cast<std::uint8_t>(i))).ok());
    }
    ASSERT_TRUE(log.sync().ok());
    head_ = log.head();
  }
  std::vector<AuditSegment> segments() {
    return read_audit_segments(disk_, audit_segment_names(disk_).value()).value();
  }
  /// The lines of the first segment, without newlines.
  std::vector<std::string> lines() {
    std::vector<std::string> found;
    std::string_view rest = text_ = segments()[0].text;
    for (std::size_t end; (end = rest.find('\n')) != std::string_view::npos;) {
      found.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    return found;
  }
  static AuditReport verify(const std::vector<std::string>& lines,
                            const std::optional<AuditHead>& head = {}) {
    AuditSegment segment{"audit", ""};
    for (const std::string& line : lines) segment.text += line + '\n';
    return verify_audit({&segment, 1}, head);
  }

  SeededRandom random_{7};
  SimDisk disk_{random_};
  ManualClock clock_{WallTime(std::chrono::milliseconds(1'700'000'000'123))};
  AuditHead head_;
  std::string text_;
};

TEST_F(AuditLogTest, VerifiesWhatWasWritten) {
  write(20);
  const AuditReport report = verify_audit(segments(), head_);
  EXPECT_TRUE(report.ok()) << report.where;
  EXPECT_EQ(report.line_count, 21u);
  EXPECT_EQ(report.head, head_);
}

TEST_F(AuditLogTest, GoesOnWhereItStopped) {
  write(3);
  write(3);
  EXPECT_TRUE(verify_audit(segments(), head_).ok());
  EXPECT_EQ(head_.sequence, 7u);
}

TEST_F(AuditLogTest, ChainRunsThroughSegments) {
  write(30, 2000);
  const auto all = segments();
  ASSERT_GT(all.size(), 3u);
  EXPECT_TRUE(verify_audit(all, head_).ok());
  // An archive may take the oldest away, but none from the middle.
  EXPECT_TRUE(verify_audit(std::span(all).subspan(1), head_).ok());
  std::vector<AuditSegment> holed = all;
  holed.erase(holed.begin() + 1);
  EXPECT_EQ(verify_audit(holed, head_).fault, AuditFault::kGap);
}

TEST_F(AuditLogTest, T70EveryChangedCharacterIsFound) {
  write(3);
  const auto good = lines();
  for (std::size_t line = 0; line < good.size(); ++line) {
    for (std::size_t i = 0; i < good[line].size(); ++i) {
      auto bad = good;
      bad[line][i] = bad[line][i] == '1' ? '2' : '1';
      EXPECT_FALSE(verify(bad).ok()) << "line " << line << ", character " << i;
    }
  }
}

TEST_F(AuditLogTest, T70GapReorderRepetitionAndTruncationAreFound) {
  write(5);
  const auto good = lines();
  auto gap = good;
  gap.erase(gap.begin() + 2);
  EXPECT_EQ(verify(gap).fault, AuditFault::kGap);
  auto swapped = good;
  std::swap(swapped[3], swapped[4]);
  EXPECT_FALSE(verify(swapped).ok());
  auto repeated = good;
  repeated.insert(repeated.begin() + 3, repeated[2]);
  EXPECT_EQ(verify(repeated).fault, AuditFault::kReordered);
  auto cut = good;
  cut.pop_back();
  EXPECT_TRUE(verify(cut).ok()) << "a chain alone cannot show that its end is missing";
  EXPECT_EQ(verify(cut, head_).fault, AuditFault::kTruncated);
}

TEST_F(AuditLogTest, T70RewrittenLogDiffersFromTheKnownHead) {
  write(5);
  auto rewritten = lines();
  // A forger with the same tools: drops the last line and chains another one to it.
  AuditLine forged = *parse_line(rewritten.back());
  const AuditLine before = *parse_line(rewritten[rewritten.size() - 2]);
  forged.event.detail = "height 8";
  std::string text = encode_line(forged, before.hash);
  text.pop_back();
  rewritten.back() = text;
  EXPECT_TRUE(verify(rewritten).ok());
  EXPECT_EQ(verify(rewritten, head_).fault, AuditFault::kOtherHead);
}

TEST_F(AuditLogTest, TextCannotForgeFieldsOrLines) {
  AuditLog log = open();
  AuditEvent event = signed_event(1);
  event.detail = "a\tb\nc\x01\xff";
  ASSERT_TRUE(log.append(event).ok());
  EXPECT_EQ(parse_line(lines()[1])->event.detail, "a?b?c??");
}

TEST_F(AuditLogTest, PowerCutLeavesAWholeLogWithEverySyncedLine) {
  std::uint64_t recovered = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(seed);
    SimDisk disk(random);
    const std::uint64_t segment_bytes = seed % 3 == 0 ? 1500 : kSegmentBytes;
    auto log = AuditLog::open(disk, clock_, segment_bytes);
    ASSERT_TRUE(log.ok());
    AuditHead synced = log->head();
    disk.crash_in(random.below(60));
    for (std::uint8_t i = 0; i < 40; ++i) {
      if (!log->append(signed_event(i)).ok()) break;
      if (random.chance(0.3) && log->sync().ok()) synced = log->head();
    }
    disk.restart_machine();
    auto again = AuditLog::open(disk, clock_, segment_bytes);
    ASSERT_TRUE(again.ok()) << describe(again.error());
    const auto all = read_audit_segments(disk, audit_segment_names(disk).value()).value();
    const AuditReport report = verify_audit(all, again->head());
    EXPECT_TRUE(report.ok()) << describe(*report.fault) << " at " << report.where;
    EXPECT_GE(report.head.sequence, synced.sequence);
    const auto names = disk.list().value();
    recovered += names[0].starts_with("audit") && names.back().starts_with("damaged") ? 1 : 0;
  }
  EXPECT_GT(recovered, 30u);
}

TEST_F(AuditLogTest, FullDiskRefusesTheLineAndTheLogStandsWhereItWas) {
  AuditLog log = open();
  ASSERT_TRUE(log.append(signed_event(1)).ok());
  const AuditHead before = log.head();
  disk_.set_fault([](DiskCall call) {
    return call == DiskCall::kWrite ? std::optional(DiskError::kNoSpace) : std::nullopt;
  });
  EXPECT_EQ(log.append(signed_event(2)).error(), DiskError::kNoSpace);
  EXPECT_EQ(log.head(), before);
  disk_.set_fault(nullptr);
  ASSERT_TRUE(log.append(signed_event(3)).ok());
  EXPECT_TRUE(verify_audit(segments(), log.head()).ok());
}

TEST_F(AuditLogTest, FailedSyncStopsTheLog) {
  AuditLog log = open();
  disk_.set_fault([](DiskCall call) {
    return call == DiskCall::kSync ? std::optional(DiskError::kIo) : std::nullopt;
  });
  EXPECT_FALSE(log.sync().ok());
  disk_.set_fault(nullptr);
  EXPECT_EQ(log.append(signed_event(2)).error(), DiskError::kIo);
}

TEST_F(AuditLogTest, T71ReconcilingFindsSignaturesTheLogDidNotMake) {
  write(3);
  const auto seen = [](std::uint8_t digest, std::uint8_t signature) {
    SeenSignature one;
    one.digest.bytes.fill(digest);
    one.signature.bytes.fill(signature);
    return one;
  };
  const std::vector<SeenSignature> all = {seen(0, 0), seen(9, 9), seen(2, 2), seen(1, 2)};
  const auto strays = reconcile(segments(), all);
  ASSERT_EQ(strays.size(), 2u);
  EXPECT_EQ(strays[0].index, 1u);
  EXPECT_EQ(strays[0].kind, Stray::kUnknownDigest);
  EXPECT_EQ(strays[1].index, 3u);
  EXPECT_EQ(strays[1].kind, Stray::kOtherSignature);
}

}  // namespace
}  // namespace buri::hsm::signer
