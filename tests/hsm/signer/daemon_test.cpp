#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <tuple>

#include "base/hex.hpp"
#include "hsm/signer/audit_log.hpp"
#include "hsm/signer/posix_disk.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"
#include "tests/hsm/signer/signer_process.hpp"
#include "tests/hsm/signer/stream_line.hpp"

/// The processes buri-signer and buri-hsm over SoftHSM, as systemd would run them.

namespace buri::hsm::test {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

bool is_signed(const wire::ResponseBody& body) {
  return std::holds_alternative<wire::Signed>(body);
}

class DaemonTest : public testing::Test {
 protected:
  /// Asks again until it is signed, as a node does; the time it took in milliseconds.
  double sign_eventually(std::int64_t height) {
    const auto begin = Clock::now();
    const auto vote = signer_.prevote(height, 1);
    EXPECT_TRUE(eventually([&] {
      Line line(signer_.consensus_socket());
      return is_signed(line.ask(vote));
    }));
    return milliseconds_since(begin);
  }

  SoftHsmToken token_;
  SignerProcess signer_{token_};
};

TEST_F(DaemonTest, ColdStartSignsAndGoesOnAfterEveryKindOfDeath) {
  const auto begin = Clock::now();
  signer_.start();
  sign_eventually(101);
  std::cout << "cold start to first signature: " << milliseconds_since(begin) << " ms\n";
  const auto first = Line(signer_.consensus_socket()).ask(signer_.prevote(102, 1));
  ASSERT_TRUE(is_signed(first));

  const auto workers = signer_.workers();
  ASSERT_FALSE(workers.empty());
  ::kill(workers.front(), SIGKILL);
  std::cout << "worker killed to next signature: " << sign_eventually(103) << " ms\n";

  signer_.stop(SIGKILL);
  signer_.start();
  ASSERT_TRUE(signer_.reaches("ACTIVE"));
  Line line(signer_.consensus_socket());
  EXPECT_FALSE(is_signed(line.ask(signer_.prevote(103, 2)))) << "the record outlived the process";
  EXPECT_TRUE(is_signed(line.ask(signer_.prevote(104, 1))));

  EXPECT_EQ(signer_.stop(SIGTERM), 0);
  auto disk = signer::open_posix_disk(signer_.folder() / "audit");
  const auto names = signer::audit_segment_names(**disk);
  const auto report = signer::verify_audit(*signer::read_audit_segments(**disk, *names));
  EXPECT_TRUE(report.ok()) << report.where;
}

TEST_F(DaemonTest, HostileFramesAreRefusedAndCounted) {
  signer_.start();
  ASSERT_TRUE(signer_.reaches("ACTIVE"));
  Line line(signer_.consensus_socket());
  for (const std::string_view junk : {"x", "\x08\x01\x12\xff", "GET / HTTP/1.0\r\n\r\n"}) {
    const auto answer = line.ask(as_bytes(junk));
    ASSERT_TRUE(answer.has_value());
    const auto response = wire::decode_response(*answer);
    ASSERT_TRUE(response.ok());
    EXPECT_EQ(std::get<wire::Refusal>(response->body).rule, wire::Rule::kEncoding);
  }
  EXPECT_EQ(Line(signer_.consensus_socket()).ask(Bytes(wire::kMaxFrameBytes + 1)), std::nullopt);
  EXPECT_TRUE(is_signed(line.ask(signer_.prevote(101, 1))));
  EXPECT_FALSE(is_signed(line.ask(signer_.prevote(101, 2))));
}

TEST_F(DaemonTest, OperatorLocksUnlocksDrainsAndExports) {
  signer_.start();
  ASSERT_TRUE(signer_.reaches("ACTIVE"));
  EXPECT_EQ(signer_.say("lock"), "ok locked");
  EXPECT_FALSE(is_signed(Line(signer_.consensus_socket()).ask(signer_.prevote(101, 1))));
  EXPECT_TRUE(signer_.say("unlock").starts_with("ok"));
  ASSERT_TRUE(signer_.reaches("ACTIVE"));
  EXPECT_TRUE(is_signed(Line(signer_.consensus_socket()).ask(signer_.prevote(101, 1))));
  EXPECT_TRUE(signer_.say("lock").starts_with("ok"));
  EXPECT_TRUE(signer_.say("export").starts_with("ok buri-signer-move"));
  EXPECT_TRUE(signer_.reaches("HALTED"));
}

TEST_F(DaemonTest, ProcessHasNoSecretNoDumpAndAFilter) {
  signer_.start();
  ASSERT_TRUE(signer_.reaches("ACTIVE"));
  const std::string proc = "/proc/" + std::to_string(signer_.process());
  const auto text_of = [](const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  };
  for (const std::string& text :
       {text_of(proc + "/cmdline"), text_of(proc + "/environ"), signer_.log()}) {
    EXPECT_EQ(text.find(kUserPin), std::string::npos);
  }
  EXPECT_NE(text_of(proc + "/limits").find("Max core file size        0 "), std::string::npos);
  EXPECT_NE(text_of(proc + "/status").find("Seccomp:\t2"), std::string::npos);
}

TEST_F(DaemonTest, T61ClefSocketNamesTheAccountAndSignsNoText) {
  signer_.start();
  const std::string account = "0x" + to_hex(signer_.prevote(101, 1).validator_address);
  for (const auto& [method, parameters, answer] :
       {std::tuple("account_list", std::string(), R"("result":[")" + account + "\"]"),
        std::tuple("account_signData", R"("text/plain",")" + account + R"(","0x00")",
                   std::string("unsupported: params[0]: expected application/x-bor-header"))}) {
    const std::string line =
        StreamLine(signer_.clef_socket(), R"({"jsonrpc":"2.0","id":1,"method":")" +
                                              std::string(method) + R"(","params":[)" + parameters +
                                              "]}\n")
            .answer();
    EXPECT_NE(line.find(answer), std::string::npos) << line;
  }
}

TEST_F(DaemonTest, MetricsSpeakHttpOverTheirSocket) {
  signer_.start();
  sign_eventually(101);
  const std::string text =
      StreamLine(signer_.metrics_socket(), "GET /metrics HTTP/1.0\r\n\r\n").answer();
  EXPECT_TRUE(text.starts_with("HTTP/1.0 200 OK"));
  EXPECT_NE(text.find("buri_signer_stage_seconds_bucket{ledger=\"consensus\",stage=\"device\""),
            std::string::npos);
}

TEST_F(DaemonTest, SecondDaemonOnTheSameStateEndsAtOnce) {
  signer_.start();
  ASSERT_TRUE(signer_.reaches("ACTIVE"));
  const std::string command = std::string(BURI_SIGNER_PROGRAM) + " --config " +
                              (signer_.folder() / "signer.toml").string() + " 2>/dev/null";
  EXPECT_NE(std::system(command.c_str()), 0);
  EXPECT_TRUE(signer_.reaches("ACTIVE"));
}

TEST_F(DaemonTest, PrevotesComeInTime) {
  constexpr int kVotes = 300;
  signer_.start();
  ASSERT_TRUE(signer_.reaches("ACTIVE"));
  Line line(signer_.consensus_socket());
  std::vector<double> took;
  for (int i = 0; i < kVotes; ++i) {
    const auto vote = signer_.prevote(200 + i, 1);
    const auto begin = Clock::now();
    ASSERT_TRUE(is_signed(line.ask(vote)));
    took.push_back(milliseconds_since(begin));
  }
  std::sort(took.begin(), took.end());
  std::cout << "prevote through all of it: p50 " << took[kVotes / 2] << " ms, p99 "
            << took[kVotes * 99 / 100] << " ms\n";
  EXPECT_LT(took[kVotes / 2], 50.0) << "not a benchmark: only that nothing waits for a timeout";
}

}  // namespace
}  // namespace buri::hsm::test
