#include "hsm/pkcs11/profile.hpp"

#include <gtest/gtest.h>

#include <set>

namespace buri::hsm::pkcs11 {
namespace {

TEST(VendorProfiles, AreFoundByTheirNames) {
  std::set<std::string_view> names;
  for (const VendorProfile& profile : vendor_profiles()) {
    EXPECT_EQ(find_profile(profile.name), &profile);
    EXPECT_TRUE(names.insert(profile.name).second) << profile.name;
  }
  EXPECT_EQ(find_profile("none such"), nullptr);
}

TEST(VendorProfiles, FitWhatTheyPromise) {
  for (const VendorProfile& profile : vendor_profiles()) {
    EXPECT_GE(profile.signing_sessions, 1U) << profile.name;
    EXPECT_GE(profile.attempt_ms, 100U) << profile.name;
    EXPECT_FALSE(profile.fatal_codes.empty()) << profile.name;
    if (profile.max_sessions != 0) EXPECT_LE(profile.signing_sessions, profile.max_sessions);
  }
}

TEST(VendorProfiles, AreGuessedFromTheManufacturer) {
  EXPECT_EQ(guess_profile("SoftHSM project").name, "softhsm");
  EXPECT_EQ(guess_profile("Yubico (www.yubico.com)").name, "yubihsm2");
  EXPECT_EQ(guess_profile("SafeNet, Inc.").name, "luna7");
  EXPECT_EQ(guess_profile("Nobody").name, "generic");
  EXPECT_EQ(guess_profile("").name, "generic");
}

}  // namespace
}  // namespace buri::hsm::pkcs11
