#include <gtest/gtest.h>
#include <signal.h>

#include <condition_variable>
#include <mutex>

#include "node/consensus/host/signer_connection.hpp"
#include "tests/hsm/signer/signer_process.hpp"

/// The node's end of the signer's socket, against the real processes over SoftHSM.

namespace buri::consensus::host {
namespace {

using hsm::test::SignerProcess;
using hsm::test::SoftHsmToken;

/// Asks and waits.
SigningResult ask(Signer& signer, SigningRequest request) {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<SigningResult> result;
  signer.sign(std::move(request), [&](SigningResult made) {
    const std::lock_guard lock(mutex);
    result = std::move(made);
    changed.notify_all();
  });
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return result.has_value(); });
  return *std::move(result);
}

class NodeConnectionTest : public ::testing::Test {
 protected:
  NodeConnectionTest() { process_.start(); }

  std::unique_ptr<SignerConnection> connect(std::chrono::milliseconds patience) {
    SignerConnectionOptions options;
    options.path = process_.consensus_socket();
    options.patience = patience;
    auto opened = SignerConnection::open(options, Logger("test", LogLevel::kOff));
    EXPECT_TRUE(opened.ok()) << opened.error();
    return std::move(opened).value();
  }

  SoftHsmToken token_;
  SignerProcess process_{token_};
};

TEST_F(NodeConnectionTest, KnowsWhoseKeyItIsAndSigns) {
  const auto signer = connect(std::chrono::seconds(10));
  EXPECT_EQ(signer->address(), process_.prevote(101, 1).validator_address);
  const auto prevote = ask(*signer, process_.prevote(101, 1));
  ASSERT_TRUE(prevote.ok()) << prevote.error().reason;
  EXPECT_EQ(prevote->signatures.size(), 1U);
  const auto precommit = ask(*signer, process_.precommit(101, 1));
  ASSERT_TRUE(precommit.ok()) << precommit.error().reason;
  EXPECT_EQ(precommit->signatures.size(), 3U);
}

TEST_F(NodeConnectionTest, TellsARefusalAtOnce) {
  const auto signer = connect(std::chrono::seconds(10));
  ASSERT_TRUE(ask(*signer, process_.prevote(102, 1)).ok());
  const auto begin = system_clock().monotonic();
  const auto other = ask(*signer, process_.prevote(102, 2));
  ASSERT_FALSE(other.ok());
  EXPECT_NE(other.error().reason.find("refuses"), std::string::npos) << other.error().reason;
  EXPECT_LT(system_clock().monotonic() - begin, std::chrono::seconds(5));
}

TEST_F(NodeConnectionTest, OutlivesARestartOfTheSigner) {
  const auto signer = connect(std::chrono::seconds(30));
  const auto first = process_.prevote(103, 1);
  const auto before = ask(*signer, first);
  ASSERT_TRUE(before.ok()) << before.error().reason;
  process_.stop(SIGKILL);
  process_.launch();
  const auto again = ask(*signer, first);
  ASSERT_TRUE(again.ok()) << again.error().reason;
  EXPECT_EQ(again->signatures, before->signatures);
}

TEST_F(NodeConnectionTest, GivesUpWhenTheTimeIsOver) {
  const auto signer = connect(std::chrono::milliseconds(300));
  process_.stop(SIGKILL);
  const auto begin = system_clock().monotonic();
  const auto made = ask(*signer, process_.prevote(104, 1));
  EXPECT_FALSE(made.ok());
  EXPECT_LT(system_clock().monotonic() - begin, std::chrono::seconds(2));
  EXPECT_FALSE(signer->is_connected());
}

TEST_F(NodeConnectionTest, EndsWithoutWaitingForASignerThatIsGone) {
  auto signer = connect(std::chrono::seconds(50));
  process_.stop(SIGKILL);
  bool is_told = false;
  signer->sign(process_.prevote(105, 1), [&](const SigningResult& made) { is_told = !made.ok(); });
  const auto begin = system_clock().monotonic();
  signer = nullptr;
  EXPECT_TRUE(is_told);
  EXPECT_LT(system_clock().monotonic() - begin, std::chrono::seconds(2));
}

}  // namespace
}  // namespace buri::consensus::host
