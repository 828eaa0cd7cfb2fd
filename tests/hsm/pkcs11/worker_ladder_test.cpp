#include <gtest/gtest.h>

#include <string>

#include "hsm/pkcs11/cryptoki.hpp"
#include "hsm/pkcs11/signature_check.hpp"
#include "hsm/pkcs11/worker_client.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"

/// The recovery ladder through real workers: one device behind the fault module.

namespace buri::hsm::pkcs11 {
namespace {

using namespace std::chrono_literals;
using namespace buri::hsm::test;

class T9RecoveryLadder : public ::testing::Test {
 protected:
  T9RecoveryLadder()
      : client_(client_of(token_, {faulty_device_of(token_, script_)}), quiet_logger(), metrics_) {
    EXPECT_TRUE(client_.wait_until_ready(in(10s)));
  }

  /// A signature that must come although the next call of `function` does `action`.
  void expect_recovery(const std::string& function, const std::string& action) {
    script_.set({function + " once " + action});
    const Hash256 digest = digest_of(++counter_);
    const auto signature = client_.sign(SigningPurpose::kVote, digest, in(10s));
    ASSERT_TRUE(signature.ok()) << function << " " << action << ": " << signature.error().reason;
    EXPECT_TRUE(recovers_to(*signature, digest, token_.public_key()));
  }
  [[nodiscard]] std::uint64_t starts() const { return client_.status().front().starts; }
  [[nodiscard]] std::uint64_t steps(const std::string& name) {
    return metrics_
        .counter("buri_hsm_recovery_steps_total", "Rungs of the recovery ladder climbed.",
                 {{"device", "first"}, {"step", name}})
        .value();
  }

  SoftHsmToken token_;
  FaultScript script_;
  Metrics metrics_;
  WorkerClient client_;
  std::uint64_t counter_ = 0;
};

/// A signature that was begun before its digest came.
class BegunSignature : public T9RecoveryLadder {
 protected:
  /// Tells the worker and waits until it has begun.
  void expect_one() {
    const std::size_t before = script_.calls("C_SignInit");
    client_.expect(1);
    ASSERT_TRUE(eventually([&] { return script_.calls("C_SignInit") > before; }));
  }
};

class T8BadSignature : public T9RecoveryLadder {};
class T18Logout : public T9RecoveryLadder {};

std::string rv(CK_RV code) { return "rv " + std::to_string(code); }

TEST_F(T9RecoveryLadder, RepeatsInTheSameSession) {
  expect_recovery("C_SignInit", rv(CKR_OPERATION_ACTIVE));
  expect_recovery("C_SignInit", rv(CKR_BUFFER_TOO_SMALL));
  EXPECT_EQ(steps("same_session"), 2U);
  EXPECT_EQ(starts(), 1U);
}

TEST_F(T9RecoveryLadder, OpensAnotherSession) {
  // BUFFER_TOO_SMALL from C_Sign leaves its operation active, which the repetition runs into.
  expect_recovery("C_Sign", rv(CKR_BUFFER_TOO_SMALL));
  expect_recovery("C_Sign", rv(CKR_SESSION_HANDLE_INVALID));
  expect_recovery("C_Sign", rv(CKR_SESSION_CLOSED));
  expect_recovery("C_Sign", rv(CKR_DEVICE_ERROR));
  expect_recovery("C_SignInit", rv(CKR_DEVICE_ERROR));
  expect_recovery("C_Sign", rv(CKR_GENERAL_ERROR));
  expect_recovery("C_Sign", rv(CKR_FUNCTION_FAILED));
  EXPECT_EQ(steps("new_session"), 7U);
  EXPECT_EQ(starts(), 1U);
}

TEST_F(T9RecoveryLadder, LogsInAndFindsTheKeyAgain) {
  expect_recovery("C_SignInit", rv(CKR_USER_NOT_LOGGED_IN));
  expect_recovery("C_SignInit", rv(CKR_KEY_HANDLE_INVALID));
  expect_recovery("C_SignInit", rv(CKR_OBJECT_HANDLE_INVALID));
  EXPECT_EQ(steps("login_and_find"), 3U);
  EXPECT_EQ(starts(), 1U);
  EXPECT_EQ(script_.calls("C_Login"), 4U) << "one at the start; \"already logged in\" is success";
}

TEST_F(BegunSignature, NeedsNoOtherBeginning) {
  expect_one();
  const std::size_t begun = script_.calls("C_SignInit");
  const std::size_t made = script_.calls("C_Sign");
  EXPECT_TRUE(client_.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
  EXPECT_EQ(script_.calls("C_SignInit"), begun);
  EXPECT_EQ(script_.calls("C_Sign"), made + 1);
}

TEST_F(BegunSignature, MayBeAnnouncedTwiceOrInVain) {
  expect_one();
  client_.expect(1);
  client_.expect(1000);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(client_.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
  }
  EXPECT_EQ(starts(), 1U);
}

TEST_F(BegunSignature, GivesWayToAnAnchor) {
  expect_one();
  const Hash256 name = digest_of(9);
  ASSERT_TRUE(client_.write_anchor(name, Bytes{1}, in(10s)).ok());
  expect_one();
  EXPECT_EQ(client_.read_anchor(name, in(10s)).value(), Bytes{1});
  EXPECT_TRUE(client_.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
  EXPECT_EQ(starts(), 1U);
}

TEST_F(BegunSignature, IsBegunAnewWithoutARungWhereItBecameStale) {
  for (const CK_RV code : {CKR_OPERATION_NOT_INITIALIZED, CKR_USER_NOT_LOGGED_IN}) {
    expect_one();
    expect_recovery("C_Sign", rv(code));
  }
  EXPECT_EQ(steps("new_session") + steps("login_and_find") + steps("same_session"), 0U);
}

// What fails again is climbed for as if nothing had been begun.
TEST_F(BegunSignature, SurvivesALogoutBehindItsBack) {
  expect_one();
  expect_recovery("C_Sign", "close-sessions");
  expect_one();
  expect_recovery("C_Sign", "logout");
  expect_one();
  EXPECT_TRUE(client_.sign(SigningPurpose::kVote, digest_of(1), in(10s)).ok());
  EXPECT_EQ(starts(), 1U);
}

// The old handles stay invalid for ever, so the key must be found anew.
TEST_F(T18Logout, SurvivesALogoutBehindItsBack) {
  expect_recovery("C_SignInit", "logout");
  expect_recovery("C_SignInit", "close-sessions");
  EXPECT_EQ(steps("login_and_find"), 2U);
  EXPECT_EQ(starts(), 1U);
}

TEST_F(T18Logout, IgnoresTheLogoutOfAnotherProcess) {
  Session other = token_.user_session();
  ASSERT_TRUE(other.logout().ok());
  expect_recovery("C_Sign", "delay 1");
  EXPECT_EQ(steps("login_and_find"), 0U);
}

TEST_F(T9RecoveryLadder, RestartsWhereNothingElseHelps) {
  std::uint64_t expected = 1;
  for (const CK_RV code :
       {CKR_CRYPTOKI_NOT_INITIALIZED, CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT, CKR_HOST_MEMORY}) {
    expect_recovery("C_Sign", rv(code));
    EXPECT_EQ(starts(), ++expected) << rv_name(code);
  }
  EXPECT_EQ(steps("restart"), 4U);
}

TEST_F(T9RecoveryLadder, GivesUpAfterTwoWorkersAndNamesTheCall) {
  script_.set({"C_SignInit 2+ rv " + std::to_string(CKR_DEVICE_ERROR)});  // the first is the probe
  const auto signature = client_.sign(SigningPurpose::kVote, digest_of(1), in(10s));
  ASSERT_FALSE(signature.ok());
  EXPECT_EQ(signature.error().fault, SigningFault::kDevice);
  EXPECT_NE(signature.error().reason.find("C_SignInit"), std::string::npos);
  EXPECT_NE(signature.error().reason.find("0x30"), std::string::npos);
  script_.clear();
  EXPECT_TRUE(client_.sign(SigningPurpose::kVote, digest_of(2), in(10s)).ok());
}

TEST_F(T8BadSignature, ReleasesNoSignatureWithAFlippedBit) {
  expect_recovery("C_Sign", "flip");
  expect_recovery("C_Sign", "short");
  script_.set({"C_Sign 2+ flip"});
  const auto signature = client_.sign(SigningPurpose::kVote, digest_of(1), in(10s));
  ASSERT_FALSE(signature.ok());
  EXPECT_EQ(signature.error().fault, SigningFault::kBadSignature);
}

}  // namespace
}  // namespace buri::hsm::pkcs11
