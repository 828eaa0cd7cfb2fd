#include "hsm/pkcs11/uri.hpp"

#include <gtest/gtest.h>

namespace buri::hsm::pkcs11 {
namespace {

UriFault fault_of(std::string_view text) {
  const auto uri = parse_key_uri(text);
  EXPECT_FALSE(uri.ok()) << text;
  return uri.ok() ? UriFault{} : uri.error().fault;
}

TEST(T1KeyUri, ReadsTheExampleOfTheDesign) {
  const auto uri = parse_key_uri(
      "pkcs11:token=polval;serial=0b45e5515014386e;object=val;type=private?module-path=/opt/x/"
      "libCryptoki2.so&pin-source=file:/run/credentials/buri-signer.service/pin");
  ASSERT_TRUE(uri.ok()) << describe(uri.error());
  EXPECT_EQ(uri->token, "polval");
  EXPECT_EQ(uri->serial, "0b45e5515014386e");
  EXPECT_EQ(uri->object, "val");
  EXPECT_TRUE(uri->type_private);
  EXPECT_EQ(uri->module_path, "/opt/x/libCryptoki2.so");
  EXPECT_EQ(uri->pin_path, "/run/credentials/buri-signer.service/pin");
  EXPECT_FALSE(uri->id);
}

TEST(T1KeyUri, ReadsEscapesAndBinaryIds) {
  const auto uri = parse_key_uri("pkcs11:token=a%20b%3B;id=%00%ff%10");
  ASSERT_TRUE(uri.ok());
  EXPECT_EQ(uri->token, "a b;");
  EXPECT_EQ(uri->id, (Bytes{0x00, 0xff, 0x10}));
}

TEST(T1KeyUri, AcceptsAFileUriWithAnEmptyAuthority) {
  EXPECT_EQ(parse_key_uri("pkcs11:?pin-source=file:///run/pin")->pin_path, "/run/pin");
  EXPECT_EQ(fault_of("pkcs11:?pin-source=file://host/pin"), UriFault::kNotAbsolute);
  EXPECT_EQ(fault_of("pkcs11:?pin-source=/run/pin"), UriFault::kNotAbsolute);
  EXPECT_EQ(fault_of("pkcs11:?pin-source=%7Ccat%20pin"), UriFault::kNotAbsolute);
}

TEST(T1KeyUri, RefusesAPinAndDoesNotRepeatIt) {
  const auto uri = parse_key_uri("pkcs11:token=a?pin-value=4711");
  ASSERT_FALSE(uri.ok());
  EXPECT_EQ(uri.error().fault, UriFault::kPinValue);
  EXPECT_EQ(describe(uri.error()).find("4711"), std::string::npos);
  EXPECT_EQ(fault_of("pkcs11:pin-value=4711"), UriFault::kPinValue);
}

TEST(T1KeyUri, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(fault_of("pkcs11:slot-id=3"), UriFault::kUnknownAttribute);
  EXPECT_EQ(fault_of("pkcs11:x-vendor=3"), UriFault::kUnknownAttribute);
  EXPECT_EQ(fault_of("pkcs11:module-path=a"), UriFault::kUnknownAttribute);
  EXPECT_EQ(fault_of("pkcs11:?token=a"), UriFault::kUnknownAttribute);
  EXPECT_EQ(fault_of("pkcs11:type=public"), UriFault::kBadType);
}

TEST(T1KeyUri, RefusesUnescapedCharacters) {
  EXPECT_EQ(fault_of("pkcs11:token=a b"), UriFault::kUnescaped);
  EXPECT_EQ(fault_of("pkcs11:token=a/b"), UriFault::kUnescaped);
  EXPECT_EQ(fault_of("pkcs11:token=\xc3\xa4"), UriFault::kUnescaped);
  EXPECT_EQ(fault_of("pkcs11:token=a%2"), UriFault::kBadEscape);
  EXPECT_EQ(fault_of("pkcs11:token=%0x41"), UriFault::kBadEscape);
  EXPECT_EQ(fault_of("pkcs11:token=%zz"), UriFault::kBadEscape);
  EXPECT_EQ(fault_of("pkcs11:token=%00"), UriFault::kControlCharacter);
  EXPECT_EQ(fault_of("pkcs11:token=a#fragment"), UriFault::kUnescaped);
}

TEST(T1KeyUri, RefusesAmbiguousForms) {
  EXPECT_EQ(fault_of("token=a"), UriFault::kNoScheme);
  EXPECT_EQ(fault_of("PKCS11:token=a"), UriFault::kNoScheme);
  EXPECT_EQ(fault_of("pkcs11:token=a;token=a"), UriFault::kRepeated);
  EXPECT_EQ(fault_of("pkcs11:id=%01;id=%01"), UriFault::kRepeated);
  EXPECT_EQ(fault_of("pkcs11:type=private;type=private"), UriFault::kRepeated);
  EXPECT_EQ(fault_of("pkcs11:token="), UriFault::kEmptyValue);
  EXPECT_EQ(fault_of("pkcs11:token=a;"), UriFault::kNotAnAttribute);
  EXPECT_EQ(fault_of("pkcs11:token=a?"), UriFault::kNotAnAttribute);
  EXPECT_EQ(fault_of("pkcs11:=a"), UriFault::kNotAnAttribute);
  EXPECT_EQ(fault_of("pkcs11:?module-path=x.so"), UriFault::kNotAbsolute);
  EXPECT_EQ(fault_of("pkcs11:token=" + std::string(kMaxUriBytes, 'a')), UriFault::kTooLong);
}

TEST(T1KeyUri, SaysWhereItBreaks) {
  const auto uri = parse_key_uri("pkcs11:token=ab;object=c d");
  ASSERT_FALSE(uri.ok());
  EXPECT_EQ(uri.error().attribute, "object");
  EXPECT_EQ(uri.error().position, 24U);
}

TEST(T1KeyUri, FormatsWhatItParses) {
  KeyUri uri;
  uri.token = "my token; 100%";
  uri.serial = "00/1";
  uri.object = "val";
  uri.id = Bytes{0, 1, 0xfe};
  uri.type_private = true;
  uri.module_path = "/opt/a b/x.so";
  uri.pin_path = "/run/pin&x";
  const auto again = parse_key_uri(format_key_uri(uri));
  ASSERT_TRUE(again.ok()) << describe(again.error());
  EXPECT_EQ(*again, uri);
}

}  // namespace
}  // namespace buri::hsm::pkcs11
