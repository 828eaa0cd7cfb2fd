#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "base/hex.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"
#include "tests/hsm/signer/signer_process.hpp"
#include "tests/hsm/signer/stream_line.hpp"
#include "tests/support/long_run.hpp"
#include "tests/support/sanitizers.hpp"

/// A signer that serves good and hostile peers for long keeps its size: 300 rounds of requests,
/// or fifteen minutes of them with BURI_TEST_LONG=1.

namespace buri::hsm::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRounds = 300;
constexpr auto kLongSoak = std::chrono::minutes(15);
constexpr auto kLongPause = std::chrono::milliseconds(8);  // between rounds, for small audit logs
constexpr int kRoundsPerIntrusion = 20;
constexpr int kWarmUpRounds = 100;  // until every buffer and thread is there
constexpr int kRespawns = 5;        // of the worker, within the warm-up
constexpr std::int64_t kGrowthKib = 4 * 1024;

/// What a process holds.
struct Holdings {
  std::ptrdiff_t descriptors = 0;
  std::int64_t resident_kib = 0;
  std::int64_t threads = 0;
};

std::int64_t status_number(pid_t process, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    std::int64_t number = 0;
    if (word == name + ":" && status >> number) return number;
  }
  return -1;
}

Holdings holdings_of(pid_t process) {
  const std::filesystem::path folder = "/proc/" + std::to_string(process) + "/fd";
  return {std::distance(std::filesystem::directory_iterator(folder), {}),
          status_number(process, "VmRSS"), status_number(process, "Threads")};
}

std::ostream& operator<<(std::ostream& out, const Holdings& one) {
  return out << one.descriptors << " descriptors, " << one.resident_kib << " KiB, " << one.threads
             << " threads";
}

class SoakTest : public testing::Test {
 protected:
  void SetUp() override {
    signer_.start();
    ASSERT_TRUE(signer_.reaches("ACTIVE"));
  }

  /// A prevote and a nil precommit at the next height.
  void vote(Line& line) {
    wire::SignVote vote = signer_.prevote(++height_, 1);
    signed_count_ += sign(line, vote);
    vote.type = wire::VoteType::kPrecommit;
    vote.block_id = {};
    signed_count_ += sign(line, vote);
  }

  static int sign(Line& line, const wire::SignVote& vote) {
    return std::holds_alternative<wire::Signed>(line.ask(vote)) ? 1 : 0;
  }

  /// Peers that come and go, ask for what is refused, send what is no request, or leave half of
  /// one.
  void intrude() const {
    wire::SignVote conflicting = signer_.prevote(height_, 2);
    EXPECT_EQ(sign(*std::make_unique<Line>(signer_.consensus_socket()), conflicting), 0);
    EXPECT_TRUE(Line(signer_.consensus_socket()).ask(as_bytes("no request")).has_value());
    EXPECT_EQ(Line(signer_.consensus_socket()).ask(Bytes(wire::kMaxFrameBytes + 1)), std::nullopt);
    EXPECT_NE(StreamLine(signer_.clef_socket(), kSignText).answer().find("unsupported"),
              std::string::npos);
    StreamLine half(signer_.clef_socket(), R"({"jsonrpc")");
    EXPECT_TRUE(StreamLine(signer_.metrics_socket(), "GET /metrics HTTP/1.0\r\n\r\n")
                    .answer()
                    .starts_with("HTTP/1.0 200 OK"));
    EXPECT_TRUE(signer_.say("status").starts_with("ok state ACTIVE"));
  }

  void kill_worker() {
    ::kill(signer_.workers().front(), SIGKILL);
    EXPECT_TRUE(eventually([&] {
      Line line(signer_.consensus_socket());
      return sign(line, signer_.prevote(height_ + 1, 1)) == 1;
    }));
    ++height_;
  }

  /// A busy machine can make a healthy worker miss its deadline; it is replaced by a like one.
  int times_in_log(std::string_view words) const {
    const std::string log = signer_.log();
    int count = 0;
    for (std::size_t at = 0; (at = log.find(words, at)) != std::string::npos; ++at) ++count;
    return count;
  }

  static void expect_unchanged(const std::string& name, pid_t process, const Holdings& before) {
    // Connections that were left a moment ago may still be open.
    EXPECT_TRUE(eventually([&] { return holdings_of(process).descriptors <= before.descriptors; }))
        << name;
    const Holdings after = holdings_of(process);
    std::cout << name << " at first: " << before << "; at last: " << after << "\n";
    EXPECT_EQ(after.threads, before.threads) << name;
    if (kMemoryIsMeasurable) {
      EXPECT_LE(after.resident_kib, before.resident_kib + kGrowthKib) << name;
    }
  }

  static constexpr std::string_view kSignText =
      R"({"jsonrpc":"2.0","id":1,"method":"account_signData","params":["text/plain","0x00","0x"]})"
      "\n";

  SoftHsmToken token_;
  SignerProcess signer_{token_};
  std::int64_t height_ = SignerProcess::kFirstHeight;
  int signed_count_ = 0;
};

TEST_F(SoakTest, T64DescriptorsMemoryAndThreadsStayWhatTheyAre) {
  for (int i = 0; i < kRespawns; ++i) kill_worker();
  Line line(signer_.consensus_socket());
  const auto end = Clock::now() + kLongSoak;
  Holdings signer_before;
  Holdings worker_before;
  int round = 0;
  for (; is_long_run() ? Clock::now() < end : round < kRounds; ++round) {
    vote(line);
    if (round % kRoundsPerIntrusion == 0) intrude();
    if (round == kWarmUpRounds) {
      signer_before = holdings_of(signer_.process());
      worker_before = holdings_of(signer_.workers().front());
    }
    if (is_long_run()) std::this_thread::sleep_for(kLongPause);
  }
  ASSERT_GT(round, kWarmUpRounds);
  EXPECT_EQ(signed_count_, 2 * round);
  std::cout << round << " rounds\n";
  EXPECT_EQ(times_in_log(" ended by itself") + times_in_log(" ended before"), kRespawns)
      << "no worker but the killed ones";
  std::cout << times_in_log("a device failed") - kRespawns << " workers were too late\n";
  expect_unchanged("signer", signer_.process(), signer_before);
  expect_unchanged("worker", signer_.workers().front(), worker_before);
}

}  // namespace
}  // namespace buri::hsm::test
