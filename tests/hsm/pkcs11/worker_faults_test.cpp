#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "hsm/pkcs11/cryptoki.hpp"
#include "hsm/pkcs11/signature_check.hpp"
#include "hsm/pkcs11/worker_client.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"

/// Modules that hang, crash or lose their token.

namespace buri::hsm::pkcs11 {
namespace {

using namespace std::chrono_literals;
using namespace buri::hsm::test;

/// Longer than a start takes under a sanitizer on a busy machine.
constexpr auto kStartTimeout = 2s;

bool signs(WorkerClient& client, const SoftHsmToken& token, std::chrono::milliseconds limit = 10s) {
  static std::uint64_t counter = 0;
  const Hash256 digest = digest_of(++counter);
  const auto signature = client.sign(SigningPurpose::kVote, digest, in(limit));
  return signature.ok() && recovers_to(*signature, digest, token.public_key());
}

TEST(T10HungModule, IsKilledAtItsDeadlineWhileTheStandbyAnswers) {
  const SoftHsmToken token;
  FaultScript script;
  Metrics metrics;
  WorkerClient client(
      client_of(token, {faulty_device_of(token, script, "first"), device_of(token, "second")}),
      quiet_logger(), metrics);
  ASSERT_TRUE(eventually([&] {
    return client.status()[0].state == DeviceState::kReady &&
           client.status()[1].state == DeviceState::kReady;
  }));
  script.set({"C_Sign once hang"});
  const MonotonicTime start = system_clock().monotonic();
  EXPECT_TRUE(signs(client, token, 2s));
  const auto taken = system_clock().monotonic() - start;
  EXPECT_GE(taken, 400ms) << "the profile's attempt limit";
  EXPECT_LT(taken, 1500ms);
  EXPECT_EQ(client.status()[1].signatures, 1U);
  EXPECT_TRUE(eventually([&] { return client.status()[0].state == DeviceState::kReady; }))
      << "the first device comes back";
  EXPECT_TRUE(signs(client, token));
  EXPECT_EQ(client.status()[0].signatures, 1U);
}

TEST(T10HungModule, MakesACallEndAtItsDeadline) {
  const SoftHsmToken token;
  FaultScript script;
  Metrics metrics;
  WorkerClient client(client_of(token, {faulty_device_of(token, script)}), quiet_logger(), metrics);
  ASSERT_TRUE(client.wait_until_ready(in(10s)));
  script.set({"C_SignInit 2+ hang"});
  const MonotonicTime start = system_clock().monotonic();
  const auto signature = client.sign(SigningPurpose::kVote, digest_of(1), in(100ms));
  ASSERT_FALSE(signature.ok());
  EXPECT_EQ(signature.error().fault, SigningFault::kDeadline);
  EXPECT_LT(system_clock().monotonic() - start, 1s);
}

TEST(T10HungModule, InInitializeKeepsNobodyElseFromSigning) {
  const SoftHsmToken token;
  FaultScript script;
  script.set({"C_Initialize * hang"});
  DeviceConfig hung = faulty_device_of(token, script, "first");
  hung.start_timeout = 200ms;
  Metrics metrics;
  WorkerClient client(client_of(token, {hung, device_of(token, "second")}), quiet_logger(),
                      metrics);
  EXPECT_TRUE(signs(client, token));
  EXPECT_TRUE(eventually([&] { return client.status()[0].starts >= 2; })) << "killed and respawned";
  EXPECT_EQ(script.calls("C_Login"), 0U);
}

// A login that hangs may have used up an attempt.
TEST(T10HungModule, InTheFirstLoginIsNotGivenThePinAgain) {
  const SoftHsmToken token;
  FaultScript script;
  script.set({"C_Login * hang"});
  DeviceConfig hung = faulty_device_of(token, script, "first");
  hung.start_timeout = kStartTimeout;
  Metrics metrics;
  WorkerClient client(client_of(token, {hung, device_of(token, "second")}), quiet_logger(),
                      metrics);
  EXPECT_TRUE(signs(client, token));
  ASSERT_TRUE(eventually([&] { return client.status()[0].state == DeviceState::kLocked; }));
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(script.calls("C_Login"), 1U);
  script.clear();
  client.unlock(0, PinFile{token.pin_file()}, false);
  EXPECT_TRUE(eventually([&] { return client.status()[0].state == DeviceState::kReady; }));
}

TEST(T10HungModule, InALaterLoginIsRestartedBecauseThePinIsKnownToBeRight) {
  const SoftHsmToken token;
  FaultScript script;
  DeviceConfig device = faulty_device_of(token, script);
  device.start_timeout = kStartTimeout;
  Metrics metrics;
  WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
  ASSERT_TRUE(signs(client, token));
  script.set({"C_Login once hang"});
  for (const int pid : worker_pids()) ASSERT_EQ(kill(pid, SIGKILL), 0);
  EXPECT_TRUE(signs(client, token));
}

TEST(T11CrashingModule, IsReplacedWithinTheCall) {
  const SoftHsmToken token;
  FaultScript script;
  Metrics metrics;
  WorkerClient client(client_of(token, {faulty_device_of(token, script)}), quiet_logger(), metrics);
  ASSERT_TRUE(client.wait_until_ready(in(10s)));
  std::uint64_t starts = 1;
  for (const char* const end : {"segv", "abort", "exit"}) {
    script.set({std::string("C_Sign once ") + end});
    EXPECT_TRUE(signs(client, token)) << end;
    EXPECT_EQ(client.status()[0].starts, ++starts) << end;
  }
  script.set({"C_Sign once sigpipe"});
  EXPECT_TRUE(signs(client, token));
  EXPECT_EQ(client.status()[0].starts, starts) << "SIGPIPE is ignored, nothing dies of it";
}

TEST(T11CrashingModule, RestsLongerAndLonger) {
  const SoftHsmToken token;
  FaultScript script;
  script.set({"C_Initialize * segv"});
  Metrics metrics;
  WorkerClient client(client_of(token, {faulty_device_of(token, script)}), quiet_logger(), metrics);
  ASSERT_TRUE(eventually([&] { return client.status()[0].failures == 5; }));
  // 250 + 500 ms were rested by now, the next rest is a second: a call with less time is refused.
  const auto signature = client.sign(SigningPurpose::kVote, digest_of(1), in(200ms));
  ASSERT_FALSE(signature.ok());
  EXPECT_EQ(signature.error().fault, SigningFault::kUnavailable);
  EXPECT_LE(client.status()[0].starts, 6U);
  script.clear();
  EXPECT_TRUE(signs(client, token));
}

/// The folder in which SoftHSM keeps this token: a UUID that ends with the serial number.
std::filesystem::path folder_of(const SoftHsmToken& token) {
  for (const auto& entry :
       std::filesystem::directory_iterator(SoftHsm::instance().token_folder())) {
    std::string name = entry.path().filename();
    std::erase(name, '-');
    if (name.ends_with(token.token().serial)) return entry.path();
  }
  return {};
}

// SoftHSM does not recover in place; a new process does.
TEST(T12VanishedToken, IsFoundAgainWhenItIsBack) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
  ASSERT_TRUE(signs(client, token));
  const auto folder = folder_of(token);
  ASSERT_FALSE(folder.empty());
  const auto away = SoftHsm::instance().folder() / "away";
  std::filesystem::rename(folder, away);
  EXPECT_FALSE(signs(client, token, 300ms));
  std::filesystem::rename(away, folder);
  EXPECT_TRUE(signs(client, token));
}

TEST(T13DestroyedKey, EndsInARestWithTheReason) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  Session session = token.user_session();
  KeyPlan plan = token.plan();
  VendorProfile forgiving = *plan.profile;
  forgiving.accepts_destroyable = false;  // leaves CKA_DESTROYABLE at its default, true
  plan.profile = &forgiving;
  const auto key = generate_signing_key(session, plan, KeyKind::kFinal);
  ASSERT_TRUE(key.ok());
  Metrics metrics;
  WorkerClientConfig config = client_of(token, {device_of(token)});
  config.public_key = key->point;
  WorkerClient client(config, quiet_logger(), metrics);
  ASSERT_TRUE(client.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
  ASSERT_TRUE(session.destroy(key->handles.private_key).ok());
  EXPECT_FALSE(client.sign(SigningPurpose::kVote, digest_of(2), in(1s)).ok());
  EXPECT_TRUE(eventually([&] { return client.status()[0].state == DeviceState::kResting; }));
  EXPECT_EQ(client.status()[0].reason, "No private EC key on the token matches the URI.");
  EXPECT_LE(client.status()[0].starts, 4U) << "it does not loop";
}

}  // namespace
}  // namespace buri::hsm::pkcs11
