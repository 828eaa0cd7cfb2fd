#include "hsm/pkcs11/recovery.hpp"

#include <gtest/gtest.h>

namespace buri::hsm::pkcs11 {
namespace {

const VendorProfile& softhsm() { return *find_profile("softhsm"); }

TEST(RecoveryLadder, BeginsWhereACodeCanBeHelped) {
  EXPECT_EQ(rung_for(CKR_OPERATION_ACTIVE, softhsm()), Rung::kSameSession);
  EXPECT_EQ(rung_for(CKR_BUFFER_TOO_SMALL, softhsm()), Rung::kSameSession);
  EXPECT_EQ(rung_for(CKR_SESSION_HANDLE_INVALID, softhsm()), Rung::kNewSession);
  EXPECT_EQ(rung_for(CKR_SESSION_CLOSED, softhsm()), Rung::kNewSession);
  EXPECT_EQ(rung_for(CKR_DEVICE_ERROR, softhsm()), Rung::kNewSession);
  EXPECT_EQ(rung_for(CKR_GENERAL_ERROR, softhsm()), Rung::kNewSession);
  EXPECT_EQ(rung_for(CKR_USER_NOT_LOGGED_IN, softhsm()), Rung::kLoginAndFind);
  EXPECT_EQ(rung_for(CKR_KEY_HANDLE_INVALID, softhsm()), Rung::kLoginAndFind);
  EXPECT_EQ(rung_for(CKR_OBJECT_HANDLE_INVALID, softhsm()), Rung::kLoginAndFind);
  EXPECT_EQ(rung_for(CKR_CRYPTOKI_NOT_INITIALIZED, softhsm()), Rung::kRestart);
  EXPECT_EQ(rung_for(CKR_DEVICE_REMOVED, softhsm()), Rung::kRestart);
  EXPECT_EQ(rung_for(CKR_TOKEN_NOT_PRESENT, softhsm()), Rung::kRestart);
  EXPECT_EQ(rung_for(CKR_HOST_MEMORY, softhsm()), Rung::kRestart);
}

TEST(RecoveryLadder, TakesTheFatalCodesFromTheProfile) {
  EXPECT_EQ(rung_for(CKR_DEVICE_ERROR, *find_profile("luna7")), Rung::kRestart);
}

TEST(RecoveryLadder, OnlyClimbs) {
  EXPECT_EQ(next_rung(Rung::kNone, CKR_OPERATION_ACTIVE, softhsm()), Rung::kSameSession);
  EXPECT_EQ(next_rung(Rung::kSameSession, CKR_OPERATION_ACTIVE, softhsm()), Rung::kNewSession);
  EXPECT_EQ(next_rung(Rung::kNewSession, CKR_SESSION_CLOSED, softhsm()), Rung::kLoginAndFind);
  EXPECT_EQ(next_rung(Rung::kLoginAndFind, CKR_SESSION_CLOSED, softhsm()), Rung::kRestart);
  EXPECT_EQ(next_rung(Rung::kRestart, CKR_SESSION_CLOSED, softhsm()), Rung::kRestart);
}

TEST(CryptokiErrors, HaveTheNamesOfTheStandard) {
  EXPECT_EQ(describe(CryptokiError{CKR_PIN_INCORRECT, "C_Login"}), "C_Login: CKR_PIN_INCORRECT");
  EXPECT_EQ(rv_name(0x80000123), "CKR_0x80000123");
}

}  // namespace
}  // namespace buri::hsm::pkcs11
