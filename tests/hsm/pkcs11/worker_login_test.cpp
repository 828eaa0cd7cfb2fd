#include <gtest/gtest.h>

#include <fstream>

#include "hsm/pkcs11/cryptoki.hpp"
#include "hsm/pkcs11/worker_client.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"

/// A wrong PIN is tried once; flags that speak of earlier wrong ones forbid even that.

namespace buri::hsm::pkcs11 {
namespace {

using namespace std::chrono_literals;
using namespace buri::hsm::test;

Secret secret_of(std::string_view text) {
  Bytes bytes(text.begin(), text.end());
  return Secret::take(bytes);
}

bool is_locked(const WorkerClient& client) {
  return client.status()[0].state == DeviceState::kLocked;
}

bool becomes_ready(WorkerClient& client) {
  return eventually([&] { return client.status()[0].state == DeviceState::kReady; });
}

TEST(T14WrongPin, IsTriedExactlyOnceAndNeedsAnOperator) {
  const SoftHsmToken token;
  FaultScript script;
  DeviceConfig device = faulty_device_of(token, script);
  device.pin = secret_of("wrong-pin");
  Metrics metrics;
  WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
  ASSERT_TRUE(eventually([&] { return is_locked(client); }));
  EXPECT_NE(client.status()[0].reason.find("CKR_PIN_INCORRECT"), std::string::npos);
  const auto signature = client.sign(SigningPurpose::kVote, digest_of(1), in(300ms));
  ASSERT_FALSE(signature.ok());
  EXPECT_EQ(signature.error().fault, SigningFault::kLocked);
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(script.calls("C_Login"), 1U);
  EXPECT_EQ(client.status()[0].starts, 1U);

  // The token remembers: even the right PIN waits for an operator's word.
  client.unlock(0, PinFile{token.pin_file()}, false);
  ASSERT_TRUE(eventually([&] {
    return is_locked(client) &&
           client.status()[0].reason.find("an operator must allow") != std::string::npos;
  }));
  EXPECT_EQ(script.calls("C_Login"), 1U);
  client.unlock(0, PinFile{token.pin_file()}, true);
  EXPECT_TRUE(becomes_ready(client)) << client.status()[0].reason;
  EXPECT_EQ(script.calls("C_Login"), 2U);
}

TEST(T14PinFlags, ForbidTheAttempt) {
  for (const CK_FLAGS flag :
       {CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED}) {
    const SoftHsmToken token;
    FaultScript script;
    script.set({"C_GetTokenInfo * flags " + std::to_string(flag)});
    Metrics metrics;
    WorkerClient client(client_of(token, {faulty_device_of(token, script)}), quiet_logger(),
                        metrics);
    ASSERT_TRUE(eventually([&] { return is_locked(client); }));
    EXPECT_EQ(script.calls("C_Login"), 0U);
    client.unlock(0, PinFile{token.pin_file()}, true);
    if (flag == CKF_USER_PIN_LOCKED) {
      EXPECT_TRUE(eventually([&] { return client.status()[0].starts == 2 && is_locked(client); }));
      EXPECT_EQ(script.calls("C_Login"), 0U) << "no operator can try a locked PIN";
    } else {
      EXPECT_TRUE(becomes_ready(client));
    }
  }
}

TEST(T14Pin, ComesThroughAPipeAndSurvivesRespawns) {
  const SoftHsmToken token;
  DeviceConfig device = device_of(token);
  device.pin = secret_of(kUserPin);
  Metrics metrics;
  WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
  ASSERT_TRUE(client.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
  for (const int pid : worker_pids()) ASSERT_EQ(kill(pid, SIGKILL), 0);
  EXPECT_TRUE(client.sign(SigningPurpose::kVote, digest_of(2), in(10s)).ok());
}

TEST(T14Pin, IsTakenFromTheUrisCredentialFile) {
  const SoftHsmToken token;
  DeviceConfig device = device_of(token);
  device.pin = PinAbsent{};
  device.key_uri += "&pin-source=file:" + token.pin_file();
  Metrics metrics;
  WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
  EXPECT_TRUE(client.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
}

TEST(T14Pin, ThatIsMissingMeansLockedUntilItIsGiven) {
  const SoftHsmToken token;
  DeviceConfig device = device_of(token);
  device.pin = PinAbsent{};
  Metrics metrics;
  WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
  EXPECT_EQ(client.sign(SigningPurpose::kVote, digest_of(1), in(100ms)).error().fault,
            SigningFault::kLocked);
  EXPECT_EQ(client.status()[0].starts, 0U);
  client.unlock(0, secret_of(kUserPin), false);
  EXPECT_TRUE(client.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
  client.lock();
  EXPECT_TRUE(is_locked(client));
  EXPECT_TRUE(eventually([] { return worker_pids().empty(); }));
  EXPECT_FALSE(client.sign(SigningPurpose::kVote, digest_of(1), in(100ms)).ok());
}

TEST(T14Pin, FileThatCannotBeReadUsesUpNoAttempt) {
  const SoftHsmToken token;
  FaultScript script;
  DeviceConfig device = faulty_device_of(token, script);
  device.pin = PinFile{"/nonexistent/pin"};
  Metrics metrics;
  WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
  ASSERT_TRUE(eventually([&] { return client.status()[0].failures >= 3; }));
  EXPECT_EQ(script.calls("C_Login"), 0U);
  EXPECT_NE(client.status()[0].reason.find("/nonexistent/pin"), std::string::npos);
}

TEST(T14Pin, OfADeviceWithSeveralUsersMustNameOne) {
  const SoftHsmToken token;
  FaultScript script;
  DeviceConfig device = faulty_device_of(token, script);
  device.profile = "cloudhsm";  // "user:pin"; the test PIN has no colon
  Metrics metrics;
  WorkerClient client(client_of(token, {device}), quiet_logger(), metrics);
  ASSERT_TRUE(eventually([&] { return client.status()[0].failures >= 1; }));
  EXPECT_EQ(script.calls("C_Login"), 0U);
  EXPECT_NE(client.status()[0].reason.find("user:pin"), std::string::npos);
}

}  // namespace
}  // namespace buri::hsm::pkcs11
